import { writeFile, mkdir } from "node:fs/promises";
import path from "node:path";
import { checkPlan } from "@/lib/server-config/check-plan";
import { serverSetup } from "@/lib/server-config/server-setup";
import type { ServerSetup } from "@/lib/server-config/types";
import { UsageError, type Command } from "../command";
import { planSentence, readPlan } from "../plan-flags";

const FILE = "server_config.yaml";

/** Configuration and commands of a Twinkle Server of one's own; it starts nothing. */
export const serverConfig: Command = {
  usage: [
    [
      "server-config --model OWNER/NAME [--gpus N] [--machines N --head IP] [--backend transformers|megatron]",
      "server_config.yaml and commands of a Twinkle Server of your own",
    ],
    [
      "  [--sampler vllm|none] [--sampler-gpus N] [--tensor-parallel N] [--pipeline-parallel N] [--source FROM]",
      "each number of GPUs is of one machine; FROM is ms://..., hf://... or a folder",
    ],
    [
      "  [--max-loras N] [--max-rank N] [--max-length N] [--batch-tokens N] [--port N] [--save-dir DIR] [--out DIR]",
      "--out writes the file; to try it without a GPU: --gpus 0, also with --backend mock",
    ],
  ],
  run: async (args, { cwd }) => {
    const { plan, out } = readPlan(args);
    const [problem] = checkPlan(plan);
    if (problem) throw new UsageError(planSentence(problem));
    const setup = serverSetup(plan);
    if (out !== undefined) {
      await mkdir(path.resolve(cwd, out), { recursive: true });
      await writeFile(path.resolve(cwd, out, FILE), setup.config);
    }
    const { head, workers, ...rest } = setup;
    const commands = (list: typeof head) => list.map(({ command }) => command);
    return {
      value: { ...rest, head: commands(head), workers: workers.map(commands) },
      text: [
        out === undefined ? setup.config : `${path.join(out, FILE)} is written.\n`,
        ...machines(setup),
      ].join("\n"),
    };
  },
};

function machines({ head, workers, url, smallestBatch }: ServerSetup): string[] {
  const of = (title: string, list: typeof head) =>
    [`# ${title}`, ...list.map(({ command }) => command), ""].join("\n");
  return [
    of("Machine 1, the head; launch once every machine has joined", head),
    ...workers.map((list, index) => of(`Machine ${index + 2}`, list)),
    `# The studio connects to ${url}; a training batch needs ${smallestBatch} samples or more.`,
  ];
}
