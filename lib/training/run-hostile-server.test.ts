import { afterEach, describe, expect, test } from "vitest";
import { createFastClock } from "@/lib/testing/fast-clock";
import {
  cutOff,
  deadSocket,
  halved,
  hostileServer,
  html,
  huge,
  hungUp,
  late,
  refuses,
  says,
  twice,
  type HostileServer,
  type Mischief,
  type Trick,
} from "@/lib/testing/hostile-server";
import { apiOver, aRun, numberedRows } from "@/lib/testing/run-builders";
import { createMemoryJournal } from "./memory-journal";
import { RunDriver } from "./run-driver";
import type { RunRecord } from "./types";

/* Whole runs against a server, proxies and a network of bad temper. */

const ROWS = numberedRows(10);
const GONE = JSON.stringify({ detail: "Model x not found" });
let server: HostileServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function runAgainst(
  mischief: (path: string, count: number) => Mischief | null,
): Promise<RunRecord> {
  server = await hostileServer(mischief);
  return new RunDriver(aRun(ROWS), {
    api: apiOver(fetch, server.url),
    journal: createMemoryJournal(),
    clock: createFastClock({ speed: 20_000 }),
    rows: ROWS,
    onUpdate: () => {},
    signal: new AbortController().signal,
  }).start().done;
}

/** What the optimizer behind the last checkpoint has seen: every row once an epoch, whatever happened on the way. */
function expectTrainedOnce(record: RunRecord): void {
  const applied = server?.toy.checkpoints.get(record.checkpoints.at(-1)?.path ?? "") ?? [];
  expect(applied).toHaveLength(8);
  for (const epoch of [applied.slice(0, 4), applied.slice(4)]) {
    const rows = epoch.flatMap((step) => step.rows.flat());
    expect(rows.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  }
}

function expectNothingTwice(): void {
  expect([...(server?.carriedOut ?? [])].filter(([, times]) => times > 1)).toEqual([]);
}

const TRICKS: [string, Trick][] = [
  ["comes late", late(40)],
  ["comes twice", twice],
  ["is cut off", cutOff],
  ["ends half-way", halved],
  ["is a page", html()],
  ["is lost with its connection", hungUp],
  ["is the last of its connection", deadSocket],
  ["is null", says(null)],
  ["is a list of nulls", says([null])],
  ["is an error inside a 200", says({ error: "boom", category: "odd" })],
  ["is too long", huge(40)],
  ["is 408", refuses(408)],
  ["is 409", refuses(409)],
  ["is 410", refuses(410)],
  ["is 500", refuses(500)],
  ["is 502", html(502)],
  ["is 503", refuses(503, { "retry-after": "2" })],
  ["is 504", refuses(504)],
];

describe("a run is trained in full, and nothing is carried out twice, though the answer of", () => {
  test.each(
    ["forward_backward", "optim_step", "retrieve_future", "save_weights"].flatMap((path) =>
      TRICKS.map(([name, trick]) => [path, name, trick] as const),
    ),
  )("one %s %s", async (path, _, trick) => {
    const record = await runAgainst((called, count) =>
      called === path && count === 5 % (path === "save_weights" ? 2 : 100) ? { trick } : null,
    );
    expect(record).toMatchObject({ status: "done", step: 8 });
    expectTrainedOnce(record);
    expectNothingTwice();
  });
});

describe("a call that the server refused without carrying it out is sent again:", () => {
  test.each<[string, Trick]>([
    ["425", refuses(425)],
    ["429", refuses(429, { "retry-after": "5" })],
    ["429 until an absurd date", refuses(429, { "retry-after": "Fri, 31 Dec 9999 23:59:59 GMT" })],
  ])("%s", async (_, trick) => {
    const record = await runAgainst((path, count) =>
      ["forward_backward", "optim_step", "save_weights"].includes(path) && count % 3 === 1
        ? { carryOut: false, trick }
        : null,
    );
    expect(record).toMatchObject({ status: "done", step: 8 });
    expect(server?.toy.countOf("create_model")).toBe(1);
    expectTrainedOnce(record);
    expectNothingTwice();
  });
});

test("a server that is being started again has no calls at first; the run waits for them", async () => {
  const record = await runAgainst((path, count) => {
    if (path === "forward_backward" && count === 5)
      return { carryOut: false, trick: (response) => void response.writeHead(404).end(GONE) };
    return path === "create_session" && count >= 1 && count <= 3
      ? { carryOut: false, trick: refuses(404) }
      : null;
  });
  expect(record).toMatchObject({ status: "done", step: 8 });
  expectTrainedOnce(record);
});

describe("a server that never comes right ends the run with a reason:", () => {
  test.each<[string, string, Trick, object]>([
    ["pages for steps", "forward_backward", html(), { code: "unusable_answer" }],
    [
      "redirects",
      "forward_backward",
      refuses(307, { location: "/" }),
      { code: "not_a_training_server" },
    ],
    ["refused tokens", "optim_step", refuses(401), { code: "unauthorized" }],
    ["pages for sessions", "create_session", html(), { code: "unusable_answer" }],
    ["pages for models", "create_model", html(), { code: "unusable_answer" }],
    ["lost futures", "retrieve_future", refuses(410), { code: "future_lost" }],
    ["endless try_again", "retrieve_future", says({ type: "try_again" }), { code: "future_lost" }],
    ["results of no shape", "retrieve_future", says({ a: [null] }), { code: "unusable_answer" }],
    ["failed saves", "save_weights", refuses(500), { code: "upstream_failed" }],
    [
      "saves without a path",
      "save_weights",
      says({ type: "save_weights" }),
      {
        code: "unusable_answer",
        message: "save_weights: the answer has neither a request_id nor a result with path",
      },
    ],
  ])("%s", { timeout: 20_000 }, async (_, path, trick, error) => {
    const record = await runAgainst((called) => (called === path ? { trick } : null));
    expect(record).toMatchObject({ status: "failed", error });
    expectNothingTwice();
  });
});

test("results may come in any order", async () => {
  const record = await runAgainst((path, count) =>
    path === "retrieve_future" ? { trick: late(count % 2 === 0 ? 30 : 0) } : null,
  );
  expect(record.status).toBe("done");
  expectTrainedOnce(record);
});

test("a server that answers with results at once trains a run, and is asked for none of them", async () => {
  const calls = ["create_model", "forward_backward", "optim_step", "save_weights"];
  const withResult: Trick = (response, { body }) => {
    const look = server?.toy.fetch("http://toy/retrieve_future", { method: "POST", body });
    void look?.then(async (answer) => response.end(await answer.text()));
  };
  const record = await runAgainst((path) => (calls.includes(path) ? { trick: withResult } : null));
  expect(record).toMatchObject({ status: "done", step: 8 });
  expect(server?.seen.filter(({ path }) => path === "/retrieve_future")).toHaveLength(1);
  expectTrainedOnce(record);
});

test("a server that drops every connection behind its answer trains a run all the same", async () => {
  const record = await runAgainst(() => ({ trick: deadSocket }));
  expect(record.status).toBe("done");
  expectTrainedOnce(record);
  expectNothingTwice();
});
