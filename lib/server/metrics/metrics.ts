import { collectDefaultMetrics, Gauge, Registry } from "prom-client";

import { version } from "@/package.json";

import type { AnsweredRequest } from "../http/listener";
import { runtime } from "../runtime";
import type { Services } from "../services";
import { createRequestMetrics } from "./request-metrics";
import { addStateMetrics } from "./state-metrics";

export interface Metrics {
  contentType: string;
  /** Everything, in Prometheus' text form. */
  text: () => Promise<string>;
  observe: (request: AnsweredRequest) => void;
}

/** Counters of one server: its requests, what it holds, and its process (memory, CPU, event loop). */
export function createMetrics(services: Services): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: "twinkle_build_info",
    help: "Always 1; the labels say what runs, and which vectors V8 was asked for.",
    labelNames: ["version", "node", "vector_bits"],
    registers: [registry],
  }).set({ version, node: runtime.node, vector_bits: runtime.vectorBits }, 1);
  addStateMetrics(registry, services);
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    observe: createRequestMetrics(registry),
  };
}
