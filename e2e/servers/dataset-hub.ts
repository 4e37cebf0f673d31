import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startHub } from "./studio";

/** The stand-in of the hubs with public datasets: content by `OWNER/NAME/FILE`. */
export async function startDatasetHub(
  datasets: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
): ReturnType<typeof startHub> {
  const folder = await mkdtemp(path.join(tmpdir(), "studio-seed-"));
  for (const [file, content] of Object.entries(datasets)) {
    const place = path.join(folder, "datasets", file);
    await mkdir(path.dirname(place), { recursive: true });
    await writeFile(place, content);
  }
  const hub = await startHub(["--seed", folder, ...flags]);
  return {
    ...hub,
    stop: async () => {
      await hub.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** Rows in the shape of `swift/self-cognition`: questions in two languages, with placeholders in the answers. */
export function selfCognition(count: number): string {
  const rows = Array.from({ length: count }, (_, at) =>
    at % 2 === 0
      ? {
          query: `Who are you, ${at}?`,
          response: "I am {{NAME}}, trained by {{AUTHOR}}.",
          tag: "en",
        }
      : { query: `第 ${at} 次，你是谁？`, response: "我是{{NAME}}，由{{AUTHOR}}训练。", tag: "zh" },
  );
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}
