import { showHubModel } from "@/lib/hub/hub-routes";
import { route } from "@/lib/proxy/handle";

export const GET = route(showHubModel);
