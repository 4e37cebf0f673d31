import { addCard } from "@/lib/hub/hub-routes";
import { route } from "@/lib/proxy/handle";

export const PUT = route(addCard);
