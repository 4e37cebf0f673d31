import { afterAll, beforeAll, expect, test } from "vitest";
import { selfCognition, startDatasetHub } from "@/e2e/servers/dataset-hub";
import { showDataset } from "@/lib/hub/dataset-routes";
import { TestStudio } from "@/lib/proxy/test-studio";
import type { Progress } from "./hosts";
import { openHubSlice } from "./hub-slice";

let hub: Awaited<ReturnType<typeof startDatasetHub>>;
let studio: TestStudio;

beforeAll(async () => {
  const datasets = {
    "swift/self-cognition/self_cognition.jsonl": selfCognition(3000),
    "some/columns/train.parquet": "PAR1",
    "some/words/README.md": "# Words",
  };
  hub = await startDatasetHub(datasets, ["--rate", "2000000"]);
  studio = new TestStudio({ MODELSCOPE_ENDPOINT: hub.url, HF_ENDPOINT: hub.url });
});
afterAll(() => hub.stop());

/** As the worker asks: the studio's own route, called as Next calls it. */
const ownRoute: typeof fetch = (url, init) =>
  studio.call(showDataset, url as string, init?.signal ? { signal: init.signal } : {});

function open(
  address: string,
  rows: number,
  {
    send = ownRoute,
    signal = new AbortController().signal,
    onProgress = (_progress: Progress): void => undefined,
  } = {},
) {
  return openHubSlice({ address, rows }, send, { signal, onProgress });
}

test("the first rows come with their name and the placeholders that are in them", async () => {
  const seen: Progress[] = [];
  const slice = await open("https://huggingface.co/datasets/swift/self-cognition", 2000, {
    onProgress: (progress) => void seen.push(progress),
  });
  expect(slice.name).toBe("hf://swift/self-cognition (first 2000)");
  expect(slice.placeholders).toEqual(["NAME", "AUTHOR"]);
  expect(await slice.file.text()).toBe(selfCognition(2000));
  expect(seen[0]?.rows).toBeGreaterThan(0);
  expect(seen.every(({ rows, doneBytes }) => rows < 2000 && doneBytes > 0)).toBe(true);
});

test.each([
  ["swift", { code: "bad_request", details: { cause: "hub_address" } }],
  ["some/columns", { code: "dataset_invalid", details: { cause: "parquet" } }],
  ["hf://some/words", { code: "dataset_invalid", details: { cause: "no_data_files" } }],
  ["ms://some/nothing", { code: "not_found" }],
])("%s is refused with what is wrong", async (address, refusal) => {
  await expect(open(address, 5)).rejects.toMatchObject(refusal);
});

test("reading is given up in the middle, and a connection that breaks there is told apart", async () => {
  const abort = new AbortController();
  const cancelled = open("swift/self-cognition", 3000, {
    signal: abort.signal,
    onProgress: () => abort.abort(),
  });
  await expect(cancelled).rejects.toMatchObject({ name: "AbortError" });

  const breaking: typeof fetch = async (url, init) => {
    const answer = await ownRoute(url, init);
    return (url as string).includes("?file=") ? new Response(brokenOff(answer.body!)) : answer;
  };
  const broken = open("swift/self-cognition", 3000, { send: breaking });
  await expect(broken).rejects.toMatchObject({ code: "hub_unreachable", retryable: true });
});

/** The first piece of a body, and then the error of a lost connection. */
function brokenOff(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream({
    async start(controller) {
      controller.enqueue((await reader.read()).value!);
      await reader.cancel();
    },
    pull(controller) {
      controller.error(new TypeError("network error"));
    },
  });
}
