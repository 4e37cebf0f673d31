import { Counter, Gauge, type Registry } from "prom-client";

import type { Services } from "../services";

type Values = [labels: Record<string, string>, value: number][];

/** What the server holds and has done, read when somebody asks. */
export function addStateMetrics(registry: Registry, services: Services): void {
  const { adapters, catalog, futures, live, memory, models, sessions, turns } = services;

  const gauge = (name: string, help: string, labelNames: string[], read: () => Values) =>
    new Gauge({
      ...{ name, help, labelNames },
      registers: [registry],
      collect() {
        this.reset();
        for (const [labels, value] of read()) this.set(labels, value);
      },
    });

  gauge("twinkle_sessions", "Open sessions.", [], () => [[{}, sessions.count]]);
  gauge("twinkle_queue_depth", "Calls on adapters that run or wait.", [], () => [
    [{}, turns.total()],
  ]);
  gauge("twinkle_futures", "Results by state.", ["state"], () => [
    [{ state: "pending" }, futures.pendingCount],
    [{ state: "kept" }, futures.count - futures.pendingCount],
  ]);
  gauge("twinkle_adapters", "Adapters by where they are.", ["place"], () => {
    const spilled = live.all().filter((model) => model.spilled).length;
    return [
      [{ place: "training" }, live.usedLoras - spilled],
      [{ place: "sampling" }, adapters.count],
      [{ place: "disk" }, spilled],
    ];
  });
  gauge("twinkle_models", "Base models by state.", ["state"], () =>
    (["on_disk", "loading", "ready"] as const).map((state) => [
      { state },
      [...models.values()].filter((model) => model.state === state).length,
    ]),
  );
  gauge("twinkle_memory_bytes", "Memory set aside.", ["use"], () => [
    [{ use: "models" }, catalog.bytes()],
    [{ use: "training" }, live.bytes()],
    [{ use: "sampling" }, adapters.bytes()],
  ]);
  gauge("twinkle_memory_limit_bytes", "What --max-memory allows.", [], () => [
    [{}, memory.maxBytes],
  ]);

  new Counter({
    name: "twinkle_tokens_total",
    help: "Tokens that went through forward_backward, and tokens that were sampled.",
    labelNames: ["model", "kind"],
    registers: [registry],
    collect() {
      this.reset();
      for (const { name: model, tally } of models.values()) {
        this.inc({ model, kind: "trained" }, tally.trainedTokens);
        this.inc({ model, kind: "sampled" }, tally.sampledTokens);
      }
    },
  });
}
