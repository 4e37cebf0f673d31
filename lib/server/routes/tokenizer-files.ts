import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { TOKENIZER_FILES, type TokenizerFile } from "@/lib/protocol/routes";

import { bytes, json, type Answer } from "../http/answers";
import { refusal } from "../http/errors";
import type { Call, Route } from "../http/router";
import type { ServedModel } from "../models/served-model";
import type { Services } from "../services";

/** The small files of a served model, so that a client can tokenize for it without a hub. */
export function tokenizerFileRoutes({ models }: Services): Route[] {
  function requireModel({ params: { owner, name } }: Call): ServedModel {
    const model = models.get(`${owner}/${name}`);
    if (!model) throw refusal(404, `The model ${owner}/${name} is not served here.`);
    return model;
  }

  return [
    {
      method: "GET",
      path: "studio/models/{owner}/{name}/{file}",
      handle: (call) => {
        const model = requireModel(call);
        const file = TOKENIZER_FILES.find((known) => known === call.params["file"]);
        const body = file && read(model, file);
        if (!body)
          throw refusal(404, `The model ${model.name} has no file ${call.params["file"]}.`);
        return fileAnswer(file, body);
      },
    },
    {
      // As Hugging Face's hub serves files: with `HF_ENDPOINT=http://HOST/api/v1/studio/models`
      // transformers' `from_pretrained` finds the tokenizers of the served models here.
      method: "GET",
      path: "studio/models/{owner}/{name}/resolve/{revision}/{file}",
      handle: (call) => hubAnswer(requireModel(call), call.params["file"] ?? ""),
    },
  ];
}

function hubAnswer(model: ServedModel, wanted: string): Answer {
  const files = new Map(TOKENIZER_FILES.map((file) => [file as string, read(model, file)]));
  const digest = createHash("sha1");
  for (const body of files.values()) digest.update(body ?? "");
  const headers = { "X-Repo-Commit": digest.digest("hex") };
  const body = files.get(wanted);
  if (!body) {
    const detail = `The model ${model.name} has no file ${wanted}.`;
    return json({ detail }, 404, { ...headers, "X-Error-Code": "EntryNotFound" });
  }
  const etag = createHash("sha1").update(body).digest("hex");
  return fileAnswer(wanted, body, { ...headers, ETag: `"${etag}"` });
}

function read(model: ServedModel, file: TokenizerFile): Buffer | null {
  const full = path.join(model.directory, file);
  return existsSync(full) ? readFileSync(full) : null;
}

function fileAnswer(file: string, body: Uint8Array, headers?: Record<string, string>): Answer {
  const type = file.endsWith(".json") ? "application/json" : "text/plain; charset=utf-8";
  return bytes(body, type, headers);
}
