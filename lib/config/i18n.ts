import { cookies, headers } from "next/headers";
import { getRequestConfig } from "next-intl/server";
import { isLocale, LOCALE_COOKIE, type Locale } from "./locales";

/** Language of a request: the reader's choice, else what the browser asks for first. */
export default getRequestConfig(async () => {
  const locale = await readLocale();
  const { default: messages } = (await import(`../../messages/${locale}.json`)) as {
    default: Record<string, never>;
  };
  return { locale, messages, timeZone: "UTC" };
});

async function readLocale(): Promise<Locale> {
  const chosen = (await cookies()).get(LOCALE_COOKIE)?.value;
  if (isLocale(chosen)) return chosen;
  const accepted = (await headers()).get("accept-language") ?? "";
  return /^\s*zh\b/i.test(accepted) ? "zh" : "en";
}
