import { showDataset } from "@/lib/hub/dataset-routes";
import { route } from "@/lib/proxy/handle";

export const GET = route(showDataset);
