import type { LiveModel } from "../models/live-models";
import type { RunRecord } from "./run-store";

/** What is kept of a live model's run. */
export function runRecord(model: LiveModel): RunRecord {
  return {
    id: model.id,
    baseModel: model.base.name,
    rank: model.rank,
    createdAt: new Date(model.createdAt).toISOString(),
    lastRequestTime: new Date(model.lastRequestAt).toISOString(),
    userMetadata: model.userMetadata,
  };
}
