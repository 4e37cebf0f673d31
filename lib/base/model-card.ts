export interface ModelCardFacts {
  /** `OWNER/NAME` on the hub. */
  repository: string;
  baseModel: string;
  license: string | null;
  /** What trained it, for the first sentence: `a local server`. */
  trainedOn: string;
  /** Name and value of what is known of the training. */
  facts: readonly (readonly [name: string, value: string])[];
}

/** What is known of how a checkpoint was trained; losses in nats a trained token. */
export interface TrainingFacts {
  baseModel: string | null;
  loraRank?: number | null;
  /** Its name, else its id. */
  run: string;
  path: string;
  step?: number | null | undefined;
  loss?: number | null | undefined;
  validationLoss?: number | null | undefined;
}

/** The rows of a card; what is not known has none. */
export function trainingRows(facts: TrainingFacts): ModelCardFacts["facts"] {
  return [
    ["Base model", facts.baseModel],
    ["LoRA rank", facts.loraRank],
    ["Training run", facts.run],
    ["Checkpoint", facts.path],
    ["Optimizer steps", facts.step],
    ["Training loss", facts.loss?.toFixed(4)],
    ["Validation loss", facts.validationLoss?.toFixed(4)],
  ].flatMap(([name, value]) => (value ? [[String(name), String(value)] as const] : []));
}

/** The README.md of a published adapter: front matter for the hub, facts of the run, how to load it. */
export function modelCard({
  repository,
  baseModel,
  license,
  trainedOn,
  facts,
}: ModelCardFacts): string {
  return [
    "---",
    `base_model: ${baseModel}`,
    "library_name: peft",
    ...(license ? [`license: ${license}`] : []),
    "tags:",
    "  - lora",
    "  - peft",
    "---",
    "",
    `# ${repository}`,
    "",
    `A LoRA adapter for \`${baseModel}\`, trained with Twinkle Studio on ${trainedOn}.`,
    "",
    "| | |",
    "|---|---|",
    ...facts.map(([name, value]) => `| ${name} | \`${value}\` |`),
    "",
    "## Use it",
    "",
    "```python",
    "from modelscope import snapshot_download",
    "from peft import PeftModel",
    "from transformers import AutoModelForCausalLM",
    "",
    `base = AutoModelForCausalLM.from_pretrained("path/to/${baseModel}")`,
    `model = PeftModel.from_pretrained(base, snapshot_download("${repository}"))`,
    "```",
    "",
  ].join("\n");
}

/** Whether a README says more than the hub's own template: which model it is an adapter of. */
export function isModelCard(readme: string): boolean {
  return /^base_model:/m.test(readme);
}
