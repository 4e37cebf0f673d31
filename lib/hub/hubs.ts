import type { StudioEnv } from "@/lib/config/env";
import { isLoopbackHost } from "@/lib/config/server-address";

export interface Hub {
  id: "modelscope" | "huggingface";
  /** The branch that its files are read from. */
  revision: string;
  /** Its host, for sentences. */
  name: string;
  endpoint: string;
  /** Hosts that its files may be redirected to. */
  storage: RegExp;
}

export function modelScope(env: Pick<StudioEnv, "modelScopeEndpoint">): Hub {
  const storage =
    /^((www\.)?modelscope\.(cn|ai)|[\w-]+\.modelscope\.(cn|ai)|[\w.-]+\.aliyuncs\.com)$/;
  return {
    id: "modelscope",
    revision: "master",
    name: new URL(env.modelScopeEndpoint).host,
    endpoint: env.modelScopeEndpoint,
    storage,
  };
}

export function huggingFace(env: Pick<StudioEnv, "huggingFaceEndpoint">): Hub {
  const storage = /^(huggingface\.co|hf\.co|[\w.-]+\.hf\.co|[\w.-]+\.huggingface\.co)$/;
  return {
    id: "huggingface",
    revision: "main",
    name: new URL(env.huggingFaceEndpoint).host,
    endpoint: env.huggingFaceEndpoint,
    storage,
  };
}

export function isOwnOrigin(hub: Hub, url: URL): boolean {
  return url.origin === new URL(hub.endpoint).origin;
}

/**
 * True for places that a redirect of the hub may lead to: itself, and its storage over https by name. A hub on this
 * machine may redirect to another port of it.
 */
export function mayRedirectTo(hub: Hub, url: URL): boolean {
  if (url.username || url.password) return false;
  if (isOwnOrigin(hub, url)) return true;
  if (isLoopbackHost(new URL(hub.endpoint).hostname)) return isLoopbackHost(url.hostname);
  return url.protocol === "https:" && url.port === "" && hub.storage.test(url.hostname);
}
