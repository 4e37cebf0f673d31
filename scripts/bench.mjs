#!/usr/bin/env node
/* `npm run -s bench -- NAME [--json]`: measures, both sides alternately in one run, and prints rows. Figures, not tests. */
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureEngineNode, runOnEngineNode } from "./studio/engine-node.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "..");
const names = fs
  .readdirSync(path.join(here, "bench"))
  .filter((file) => file.endsWith(".bench.mjs"))
  .map((file) => file.replace(".bench.mjs", ""));
const [name, ...flags] = process.argv.slice(2);
const say = (line) => console.error(line);
/** They measure the engine in this very process. */
const ON_ENGINE_NODE = ["engine"];

if (!names.includes(name)) {
  console.error(
    `Usage: npm run -s bench -- NAME [--json], where NAME is one of: ${names.join(", ")}.`,
  );
  process.exit(2);
}
if (ON_ENGINE_NODE.includes(name) && process.env.ENGINE_NODE_FLAGS === undefined)
  process.exit(await runOnEngineNode(process.argv.slice(1), { say }));
const { command, flags: nodeFlags } = await ensureEngineNode({ say });
say(`the local server's engine runs on ${[command, ...nodeFlags].join(" ")}`);

/**
 * @typedef {object} Row
 * @property {string} work - what was done
 * @property {number | null} ours - our figure; null where it could not be measured, and `work` says why
 * @property {number | null} peer - the figure of what it is compared with; null where there is nothing to compare with
 * @property {string} unit
 * @property {number | null} atLeast - ratio that must be reached, or the limit itself where there is no peer
 * @property {number | null} aim - the ratio, or the limit, to aim at
 * @property {boolean} [moreIsBetter] - for rates; times and sizes are better when smaller
 */
const { measure } = await import(`./bench/${name}.bench.mjs`);
const rows = (await measure({ root, say })).map(withRatio);

if (flags.includes("--json")) console.log(JSON.stringify(rows, null, 2));
else console.table(rows);

function withRatio({ moreIsBetter = false, ...row }) {
  const ratio = row.peer === null ? null : moreIsBetter ? row.ours / row.peer : row.peer / row.ours;
  return {
    work: row.work,
    ours: round(row.ours),
    peer: round(row.peer),
    unit: row.unit,
    ratio: round(ratio),
    atLeast: row.atLeast,
    aim: row.aim,
  };
}

function round(value) {
  return value === null ? null : Number(value.toPrecision(4));
}
