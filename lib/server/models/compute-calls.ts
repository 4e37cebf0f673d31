import { createHash } from "node:crypto";

import { json, type Answer } from "../http/answers";
import { refusal } from "../http/errors";
import type { Call } from "../http/router";
import type { Services } from "../services";
import type { LiveModel } from "./live-models";

const MAX_REMEMBERED = 256;

export interface ComputeCall {
  name: string;
  modelId: string;
  seqId: number | null | undefined;
  /** The work does not touch the adapter's weights. */
  isWithoutWeights?: boolean;
}

/**
 * Queues work on a model behind what arrived before it and answers with its future at once.
 *
 * A request that is sent again with the same `seq_id` and body gets the first one's future and runs only once.
 * A client that lost an answer may therefore simply repeat it.
 *
 * @throws WireError 404 for an unknown model, 429 when too many calls of the model wait, and what `prepare` throws
 */
export function submitInOrder(
  { clock, live, futures, maxQueue, residency, turns }: Services,
  call: Call,
  { name, modelId, seqId, isWithoutWeights = false }: ComputeCall,
  /** Checks the request now and hands back what to do when it is the model's turn. */
  prepare: (model: LiveModel) => () => Promise<object> | object,
): Answer {
  const model = live.require(call.owner, modelId);
  const body = createHash("sha256").update(call.body).digest("hex");
  const key = `${name} ${seqId}`;
  const earlier = typeof seqId === "number" ? model.sent.get(key) : undefined;
  if (earlier?.body === body) return json({ request_id: earlier.requestId, model_id: model.id });

  if (turns.count(model.id) >= maxQueue) {
    throw refusal(
      429,
      `${maxQueue} calls of ${model.id} wait already; send the next one when some are done.`,
    );
  }
  const work = prepare(model);
  model.lastRequestAt = clock.now();
  const requestId = futures.submit(call.owner, () =>
    turns.run(model.id, async () => {
      // It may have been unloaded while this waited.
      live.require(call.owner, modelId);
      if (!isWithoutWeights) await residency.bringIn(model);
      return work();
    }),
  );
  if (typeof seqId === "number") remember(model, key, { body, requestId });
  return json({ request_id: requestId, model_id: model.id });
}

function remember(model: LiveModel, key: string, sent: { body: string; requestId: string }): void {
  model.sent.set(key, sent);
  const oldest = model.sent.keys().next().value;
  if (model.sent.size > MAX_REMEMBERED && oldest !== undefined) model.sent.delete(oldest);
}
