import { listCommandRuns } from "@/lib/command-runs/command-run-routes";
import { route } from "@/lib/proxy/handle";

export const GET = route(listCommandRuns);
