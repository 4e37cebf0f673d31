import fs from "node:fs";
import path from "node:path";
import { formatCount } from "@/lib/base/format";
import type { TokenRows } from "@/lib/dataset/types";
import { UsageError, type Command } from "../command";
import { readCall } from "../connection";
import { openDataset, SLICE_OPTIONS, SLICE_USAGE } from "../dataset-source";
import { problemLines, problemText } from "../problem-text";
import { tokenizeDataset } from "../tokenized-dataset";
import { loadTokenizer } from "../tokenizer-source";

const DUMPED_AT_ONCE = 256;

/** What a dataset holds for a model: rows, problems by line, tokens. */
export const data: Command = {
  usage: [
    [
      `data FILE|ms://OWNER/NAME --tokenizer DIR|MODEL [--dump OUT] ${SLICE_USAGE}`,
      "checks a dataset and counts its tokens; --dump writes {line, tokens, weights} for each row",
    ],
  ],
  run: async (args, context) => {
    const { positionals, values, connection } = readCall(args, context, {
      ...SLICE_OPTIONS,
      tokenizer: { type: "string" },
      dump: { type: "string" },
    });
    const [file, ...rest] = positionals;
    if (file === undefined || rest.length > 0) throw new UsageError("data needs one FILE.");
    const tokenizerName = values.tokenizer;
    if (tokenizerName === undefined)
      throw new UsageError("data needs --tokenizer: a model id or a folder with its files.");

    const source = await openDataset(file, values, context);
    const tokenizer = await loadTokenizer(tokenizerName, connection, context);
    const { format, rows, problems } = await tokenizeDataset(
      source,
      tokenizerName,
      tokenizer,
      context,
    );
    if (values.dump !== undefined) await dump(rows, path.resolve(context.cwd, values.dump));
    const value = {
      format,
      rows: rows.rowCount + problems.length,
      valid: rows.rowCount,
      problems: problems.map((problem) => ({
        line: problem.line,
        code: problem.code,
        message: problemText(problem),
      })),
      tokens: sum(rows.lengths),
      trainedTokens: sum(rows.trained),
      maxLength: rows.lengths.reduce((longest, length) => Math.max(longest, length), 0),
    };
    return { value, text: [...textOf(value), ...problemLines(problems)].join("\n") };
  },
};

async function dump(rows: TokenRows, file: string): Promise<void> {
  const out = fs.createWriteStream(file);
  const ended = new Promise<void>((resolve, reject) =>
    out.on("finish", resolve).on("error", reject),
  );
  for (let at = 0; at < rows.rowCount; at += DUMPED_AT_ONCE) {
    const count = Math.min(DUMPED_AT_ONCE, rows.rowCount - at);
    const block = await rows.read(Array.from({ length: count }, (_, row) => at + row));
    const lines = block.map(({ tokens, weights }, row) =>
      JSON.stringify({ line: rows.lines[at + row], tokens: [...tokens], weights: [...weights] }),
    );
    out.write(`${lines.join("\n")}\n`);
  }
  out.end();
  await ended.catch((error: unknown) => {
    throw new UsageError(`${file} cannot be written: ${(error as Error).message}`);
  });
}

function sum(counts: Int32Array): number {
  return counts.reduce((total, count) => total + count, 0);
}

interface Facts {
  format: string;
  rows: number;
  valid: number;
  tokens: number;
  trainedTokens: number;
  maxLength: number;
}

function textOf({ format, rows, valid, tokens, trainedTokens, maxLength }: Facts): string[] {
  return [
    `${formatCount(valid)} of ${formatCount(rows)} rows can be used (${format}).`,
    `${formatCount(tokens)} tokens, ${formatCount(trainedTokens)} of them trained; the longest row has ${formatCount(maxLength)}.`,
  ];
}
