import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "@/lib/base/clock";
import { createTrainingApi } from "@/lib/client/training-api";
import { createTransport } from "@/lib/client/transport";
import { startTestServer, type TestServer } from "@/lib/server/testing/test-server";
import { createFastClock } from "@/lib/testing/fast-clock";
import {
  cutOff,
  halved,
  hostileServer,
  html,
  hungUp,
  refuses,
  says,
  type Mischief,
  type Trick,
} from "@/lib/testing/hostile-server";
import { FEATURES, featuresOfReport } from "./features";
import { PUBLISH } from "./probe-routes";
import { reportText } from "./report-text";
import { runDoctor, type DoctorOptions } from "./run-doctor";
import { columnOf, supportColumn } from "./support-table";
import { DOCTOR_STEPS, type DoctorStep } from "./types";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.dispose());

const TOKEN = "secret-token";
const baseUrl = () => `http://127.0.0.1:${server.port}/api/v1`;
const signal = new AbortController().signal;

function examine(options: Partial<DoctorOptions> = {}) {
  return runDoctor({
    transport: createTransport({
      baseUrl: baseUrl(),
      fetch,
      headers: { authorization: `Bearer ${TOKEN}` },
    }),
    baseModel: "test/tiny",
    clock: systemClock,
    signal,
    secrets: [TOKEN],
    ...options,
  });
}

async function expectNothingLeft(): Promise<void> {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const api = createTrainingApi(createTransport({ baseUrl: baseUrl(), fetch, headers }));
  expect((await api.capacity({ signal })).usedLoras).toBe(0);
  const { runs } = await api.trainingRuns({ limit: 100, offset: 0 }, { signal });
  expect(runs.length).toBeGreaterThan(0);
  for (const { id } of runs) expect(await api.checkpoints(id, { signal })).toEqual([]);
}

describe("on the local server", () => {
  test("every step is well, its traits are known, and nothing is left behind", async () => {
    const report = await examine();
    expect(report.lines.map(({ step }) => step)).toEqual(DOCTOR_STEPS);
    expect(report.lines.filter(({ outcome }) => outcome !== "ok")).toEqual([]);
    expect(report.leftBehind).toEqual([]);
    expect(report.traits).toMatchObject({
      pathPrefix: "twinkle://",
      checkpointIds: "with_folder",
      resend: "same_future",
      streams: true,
      promptLogprobs: true,
      samplesTrainingCheckpoints: true,
      greedyAtZero: true,
      seeds: true,
      metricNames: { forwardBackward: ["loss:avg"] },
    });
    expect(Object.values(report.traits.routes)).not.toContain("unknown");
    const features = featuresOfReport(report);
    // Only runs tell whether optimizer states are loaded.
    for (const feature of FEATURES.filter((name) => name !== "load_optimizer"))
      expect(features[feature], feature).toEqual({ has: true, learnedAt: report.startedAt });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    await expectNothingLeft();
  });

  test("its column in the table of docs/servers.md is what the doctor says", async () => {
    const docs = await readFile(new URL("../../docs/servers.md", import.meta.url), "utf8");
    expect(columnOf(docs, "local server")).toEqual(supportColumn(await examine()));
  });

  test("the token is neither in the report nor in its text", async () => {
    const report = await examine();
    expect(JSON.stringify(report)).toContain("[redacted]");
    expect(JSON.stringify(report)).not.toContain(TOKEN);
    expect(reportText(report)).toContain("| adapter | ok |");
    expect(reportText(report)).not.toContain(TOKEN);
  });

  test.each<DoctorStep>(["create_model", "train", "save", "adapter", "load"])(
    "aborted in the step %s it leaves nothing behind",
    async (last) => {
      const stop = new AbortController();
      const reason = new DOMException("enough", "AbortError");
      const onBegin = (step: DoctorStep) => {
        if (step === last) setTimeout(() => stop.abort(reason), 3);
      };
      await expect(examine({ signal: stop.signal, onBegin })).rejects.toBe(reason);
      await expectNothingLeft();
    },
  );

  test("a model that is not there is told of, and the steps that need one are skipped", async () => {
    const { lines } = await examine({ baseModel: "no/such" });
    expect(lines.find(({ step }) => step === "models")).toMatchObject({ outcome: "differs" });
    expect(lines.find(({ step }) => step === "create_model")).toMatchObject({
      outcome: "failed",
      error: { code: expect.any(String) as string },
    });
    expect(lines.find(({ step }) => step === "train")).toMatchObject({ outcome: "skipped" });
  });
});

describe("on a server of bad temper it ends, and never with all well:", () => {
  const TRICKS: [string, Trick][] = [
    ["silence", () => undefined],
    ["hang-ups", hungUp],
    ["answers cut off", cutOff],
    ["half answers", halved],
    ["pages", html()],
    ["null", says(null)],
    ["lists", says([null])],
    ["empty objects", says({})],
    ["endless try_again", says({ type: "try_again" })],
    ["errors inside a 200", says({ error: "no", category: "x" })],
    ["redirects", refuses(302, { location: "/" })],
    ["401", refuses(401)],
    ["404", says({ detail: "Not Found" }, 404)],
    ["429", refuses(429)],
    ["500", refuses(500)],
    ["503", refuses(503, { "retry-after": "9999" })],
  ];

  async function examineHostile(mischief: (path: string) => Mischief | null) {
    const hostile = await hostileServer(mischief);
    try {
      return await runDoctor({
        transport: createTransport({ baseUrl: hostile.url, fetch }),
        baseModel: "twinkle/tiny",
        clock: createFastClock(),
        signal,
        stepLimitMs: 150,
      });
    } finally {
      await hostile.close();
    }
  }

  test("one that has lost its adapters has to be started again, which its report says", async () => {
    const lost = says({ error: "ValueError: Adapter lora_0 not found.", category: "server" });
    const { lines } = await examineHostile((path) =>
      path === "retrieve_future" ? { trick: lost } : null,
    );
    const made = lines.find(({ step }) => step === "create_model");
    expect(made).toMatchObject({ outcome: "failed", code: "adapters_lost" });
  });

  test("one that says of a run what it says of a missing call is not taken for one that cannot publish", async () => {
    const { traits } = await examineHostile((path) =>
      path.startsWith("training_runs/") ? { trick: says({ detail: "Not Found" }, 404) } : null,
    );
    expect(traits.routes[PUBLISH]).toBe("unknown");
    expect(traits.routes["POST chat/completions"]).toBe("absent");
  });

  test.each(TRICKS)("%s for everything", { timeout: 20_000 }, async (_, trick) => {
    const { lines } = await examineHostile(() => ({ trick }));
    expect(lines.map(({ step }) => step)).toEqual(DOCTOR_STEPS);
    const session = lines.find(({ step }) => step === "session");
    expect(["failed", "absent"]).toContain(session?.outcome);
  });

  test.each(["retrieve_future", "forward_backward", "save_weights"])(
    "any of these for %s",
    { timeout: 30_000 },
    async (path) => {
      for (const [, trick] of TRICKS) {
        const { lines } = await examineHostile((called) => (called === path ? { trick } : null));
        const bad = lines.filter(({ outcome }) => outcome === "failed" || outcome === "absent");
        expect(bad.map(({ code }) => code)).toContain("route_absent");
        expect(lines).toHaveLength(DOCTOR_STEPS.length);
      }
    },
  );
});
