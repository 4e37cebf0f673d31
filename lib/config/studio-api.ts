/* What the studio's own routes below `/api` answer: written by lib/proxy and lib/hub, read by lib/query. */

export interface ServerPreset {
  /** `local`, `modelscope`, or the host of a server that the operator lists. */
  id: string;
  url: string;
}

/** `GET /api/session`. */
export interface SessionInfo {
  connected: boolean;
  serverUrl: string | null;
  /** Host and path, for people. */
  serverName: string | null;
  /** True for the local server, which the studio was started with. */
  isLocal: boolean;
  /** What runs are bound to: `local`, else the address. It stays the same when the local server gets another port. */
  serverId: string | null;
  /** False where the server was given the stand-in token of servers that ask for none. */
  hasToken: boolean;
  hasHubToken: boolean;
  presets: ServerPreset[];
  /** False on a hosted studio, which connects to its presets only. */
  canEnterAddress: boolean;
}

/** `POST /api/session`: the session after connecting, and the base models that the server offers. */
export interface ConnectAnswer extends SessionInfo {
  models: string[];
}

/** `GET /api/hub/account` and `PUT /api/session/hub-token`. */
export interface HubAccount {
  name: string;
  /** False for a token that may only read: it cannot publish. */
  canWrite: boolean;
}

/** `GET /api/hub/models/OWNER/NAME`. */
export interface HubModel {
  exists: boolean;
  isPrivate: boolean;
  files: { path: string; sizeBytes: number }[];
  /** The page of the model, for people. */
  url: string;
}

/** What every route of the studio answers when it says no. */
export interface ErrorBody {
  code: string;
  message: string;
  /** What to do about it, when there is something to say. */
  hint: string | null;
  /** Which of the things that the code stands for it is, where they need different words. */
  cause?: string;
  /** Present when the training server certainly did not see the call, so that sending it again repeats nothing. */
  notSent?: true;
}

/** Where to get a ModelScope token. */
export const HUB_TOKEN_PAGE = "https://www.modelscope.cn/my/myaccesstoken";
