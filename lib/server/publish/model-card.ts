import { checkpointPath } from "../runs/checkpoint-paths";
import type { RunRecord, StoredCheckpoint } from "../runs/run-store";

export interface ModelCardFacts {
  /** `owner/name` on the hub. */
  repository: string;
  run: RunRecord;
  checkpoint: StoredCheckpoint;
  license: string | null;
}

/** The README.md of a published adapter: front matter for the hub, facts of the run, how to load it. */
export function modelCard({
  repository,
  run,
  checkpoint: { ref, facts },
  license,
}: ModelCardFacts): string {
  const rows = [
    ["Base model", facts.baseModel],
    ["LoRA rank", String(facts.rank)],
    ["LoRA alpha", String(facts.alpha)],
    ...(facts.steps > 0 ? [["Optimizer steps", String(facts.steps)]] : []),
    ...(facts.loss !== null ? [["Training loss of the last step", facts.loss.toFixed(4)]] : []),
    ["Training run", run.id],
    ["Checkpoint", checkpointPath(ref)],
    ["Saved", facts.savedAt],
  ];
  return [
    "---",
    `base_model: ${facts.baseModel}`,
    "library_name: peft",
    ...(license ? [`license: ${license}`] : []),
    "tags:",
    "  - lora",
    "  - peft",
    "---",
    "",
    `# ${repository}`,
    "",
    `A LoRA adapter for \`${facts.baseModel}\`, trained with Twinkle Studio on a local server.`,
    "",
    "| | |",
    "|---|---|",
    ...rows.map(([name, value]) => `| ${name} | \`${value}\` |`),
    "",
    "## Use it",
    "",
    "```python",
    "from modelscope import snapshot_download",
    "from peft import PeftModel",
    "from transformers import AutoModelForCausalLM",
    "",
    `base = AutoModelForCausalLM.from_pretrained("path/to/${facts.baseModel}")`,
    `model = PeftModel.from_pretrained(base, snapshot_download("${repository}"))`,
    "```",
    "",
  ].join("\n");
}
