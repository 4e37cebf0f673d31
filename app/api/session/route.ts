import { route } from "@/lib/proxy/handle";
import { connect, disconnect, showSession } from "@/lib/proxy/session-routes";

export const GET = route(showSession);
export const POST = route(connect);
export const DELETE = route(disconnect);
