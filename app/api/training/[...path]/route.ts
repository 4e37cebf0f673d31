import { forwardTrainingCall } from "@/lib/proxy/forward";
import { route } from "@/lib/proxy/handle";

export const GET = route(forwardTrainingCall);
export const POST = GET;
export const DELETE = GET;
