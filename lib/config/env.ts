import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { isLoopbackHost, normalizeServerUrl } from "./server-address";

const MIB = 1024 * 1024;

const address = z.string().transform((value, context) => {
  try {
    return normalizeServerUrl(value);
  } catch (error) {
    context.addIssue({ code: "custom", message: (error as Error).message });
    return z.NEVER;
  }
});

const hubEndpoint = address.refine(
  (url) => url.startsWith("https:") || isLoopbackHost(new URL(url).hostname),
  {
    message: "must be https, except on this machine",
  },
);

const commaList = z.string().transform((value) =>
  value
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== ""),
);

const schema = z
  .object({
    SESSION_SECRET: z
      .string({ error: "is required: at least 32 random characters that seal the session cookie" })
      .min(32, "must have at least 32 characters"),
    STUDIO_DEFAULT_SERVER: address.optional(),
    STUDIO_DEFAULT_IS_LOCAL: z.enum(["0", "1"]).default("0"),
    STUDIO_ALLOWED_SERVERS: commaList.pipe(z.array(address).min(1)).optional(),
    STUDIO_ALLOWED_HOSTS: commaList.default([]),
    STUDIO_SECURE_COOKIES: z.enum(["0", "1"]).default("0"),
    STUDIO_MAX_BODY_BYTES: z.coerce
      .number()
      .int()
      .positive()
      .default(32 * MIB),
    STUDIO_DATA_DIR: z.string().default(join(tmpdir(), "twinkle-studio")),
    MODELSCOPE_ENDPOINT: hubEndpoint.default("https://www.modelscope.cn"),
    HF_ENDPOINT: hubEndpoint.default("https://huggingface.co"),
  })
  .transform((env) => ({
    sessionSecret: env.SESSION_SECRET,
    /** The server that is used without signing in. */
    defaultServer: env.STUDIO_DEFAULT_SERVER ?? null,
    /** The default server was started with the studio, on a port that may be another one next time. */
    defaultIsLocal: env.STUDIO_DEFAULT_IS_LOCAL === "1",
    /** Set on a hosted studio: the only servers that it connects to. */
    allowedServers: env.STUDIO_ALLOWED_SERVERS ?? null,
    /** Host names, besides those of this machine, under which the studio answers. */
    allowedHosts: env.STUDIO_ALLOWED_HOSTS.map((host) => host.toLowerCase()),
    secureCookies: env.STUDIO_SECURE_COOKIES === "1",
    maxBodyBytes: env.STUDIO_MAX_BODY_BYTES,
    dataDir: env.STUDIO_DATA_DIR,
    modelScopeEndpoint: env.MODELSCOPE_ENDPOINT,
    huggingFaceEndpoint: env.HF_ENDPOINT,
  }))
  .refine(
    (env) => !env.defaultServer || (env.allowedServers?.includes(env.defaultServer) ?? true),
    {
      path: ["STUDIO_DEFAULT_SERVER"],
      message: "must be one of STUDIO_ALLOWED_SERVERS",
    },
  );

export type StudioEnv = z.output<typeof schema>;

export function parseStudioEnv(source: Record<string, string | undefined>): StudioEnv {
  // An empty variable counts as one that is not set.
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `  ${String(issue.path[0])} ${issue.message}`);
  throw new Error(`The studio cannot start with this environment:\n${lines.join("\n")}`);
}

let parsed: StudioEnv | undefined;

/** The environment of this process, parsed on the first call: building needs no secret, starting does. */
export function studioEnv(): StudioEnv {
  return (parsed ??= parseStudioEnv(process.env));
}
