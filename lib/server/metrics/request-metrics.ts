import { Counter, Histogram, type Registry } from "prom-client";

import type { AnsweredRequest } from "../http/listener";

/** From a health check to a long poll. */
const BUCKETS_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 10, 30, 60];

/** Counts requests and their durations by route, so that no id or name becomes a label. */
export function createRequestMetrics(registry: Registry): (request: AnsweredRequest) => void {
  const requests = new Counter({
    name: "twinkle_http_requests_total",
    help: "Requests that were answered.",
    labelNames: ["method", "route", "status"],
    registers: [registry],
  });
  const durations = new Histogram({
    name: "twinkle_http_request_duration_seconds",
    help: "From a request's head to the end of its answer; retrieve_future waits for results.",
    labelNames: ["method", "route"],
    buckets: BUCKETS_SECONDS,
    registers: [registry],
  });
  return ({ method, route, status, durationMs }) => {
    requests.inc({ method, route, status });
    durations.observe({ method, route }, durationMs / 1000);
  };
}
