import type messages from "@/messages/en.json";
import type { Locale as StudioLocale } from "./locales";

declare module "next-intl" {
  interface AppConfig {
    Locale: StudioLocale;
    Messages: typeof messages;
  }
}
