import { ChartLine, Database, House, Layers, MessageSquare } from "lucide-react";
import { paths } from "@/lib/config/paths";

/** The five places of the studio, in the order of the journey. */
export const SECTIONS = [
  { key: "home", href: paths.home(), icon: House },
  { key: "datasets", href: paths.datasets(), icon: Database },
  { key: "runs", href: paths.runs(), icon: ChartLine },
  { key: "checkpoints", href: paths.checkpoints(), icon: Layers },
  { key: "playground", href: paths.playground(), icon: MessageSquare },
] as const;

export type SectionKey = (typeof SECTIONS)[number]["key"] | "server";

/** The section that an address belongs to. */
export function sectionOf(pathname: string): SectionKey | null {
  if (pathname.startsWith(paths.connect())) return "server";
  if (pathname === "/") return "home";
  return (
    SECTIONS.find(
      ({ key, href }) => key !== "home" && (pathname === href || pathname.startsWith(`${href}/`)),
    )?.key ?? null
  );
}
