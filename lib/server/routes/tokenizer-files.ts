import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { TOKENIZER_FILES } from "@/lib/protocol/routes";

import { bytes } from "../http/answers";
import { refusal } from "../http/errors";
import type { Route } from "../http/router";
import type { Services } from "../services";

/** The small files of a served model, so that a browser can tokenize for it without a hub. */
export function tokenizerFileRoutes({ models }: Services): Route[] {
  return [
    {
      method: "GET",
      path: "studio/models/{owner}/{name}/{file}",
      handle: ({ params: { owner, name, file: wanted } }) => {
        const model = models.get(`${owner}/${name}`);
        if (!model) throw refusal(404, `The model ${owner}/${name} is not served here.`);
        const file = TOKENIZER_FILES.find((known) => known === wanted);
        const full = file && path.join(model.directory, file);
        if (!full || !existsSync(full))
          throw refusal(404, `The model ${owner}/${name} has no file ${wanted}.`);
        return bytes(
          readFileSync(full),
          file.endsWith(".json") ? "application/json" : "text/plain; charset=utf-8",
        );
      },
    },
  ];
}
