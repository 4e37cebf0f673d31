import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { modelFolders, type ModelFolder } from "./model-catalog";

/** Seen from this file, and from the bundle in `dist/server`. */
const PLACES = ["../builtin", "../../lib/server/builtin"];

/** The folder of the models that come with the server. */
export function builtinFolder(): string {
  const places = PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  return places.find((place) => existsSync(place)) ?? places[0]!;
}

/** The built-in models below a folder, each under `twinkle/`. */
export function builtinModels(folder = builtinFolder()): ModelFolder[] {
  return modelFolders(folder, "twinkle");
}
