import os from "node:os";
import { ensureTorch } from "../python/torch-venv.mjs";
import { chatQuestion, sequences, smolLm2, trainedModels } from "./engine/models.mjs";
import { generate, openOurs, train } from "./engine/ours.mjs";
import { startPeer } from "./engine/peer.mjs";
import { alternate, repeat, time } from "./statistics.mjs";

const RANK = 8;
const MAX_THREADS = 8;
const DECODED = 48;
const PROMPT = 16;
const ANSWERED = 128;
const LONG_PROMPT = 512;
const LONG_DECODED = 128;
const ROUNDS = 9;
/** A server that has answered before: until then its JavaScript is interpreted. */
const WARM_UP = 5;

/** The local server's engine against PyTorch with transformers and PEFT on the same threads, and against itself. */
export async function measure({ root, say }) {
  const threads = Math.min(MAX_THREADS, os.availableParallelism());
  const python = await ensureTorch({ say });
  say(`${threads} threads on each side; load before the start: ${os.loadavg()[0].toFixed(1)}`);
  const side = { threads, python, say };
  const models = trainedModels(root);
  const [builtin] = models;
  const rows = [];
  for (const model of models) rows.push(await trainingRow(model, side, { atLeast: 1, aim: 1.5 }));
  const smol = smolLm2();
  rows.push(
    smol
      ? await trainingRow(smol, side, { atLeast: 0.6, aim: 1 })
      : missingRow("training step, SmolLM2-135M, 4 x 128"),
  );
  rows.push(await decodeRow(builtin, pseudoRandomPrompt(builtin, PROMPT), DECODED, side));
  if (smol) {
    rows.push(await decodeRow(smol, pseudoRandomPrompt(smol, PROMPT), DECODED, side));
    const question = { ...smol, name: "SmolLM2-135M answers a question" };
    rows.push(await decodeRow(question, chatQuestion(smol), ANSWERED, side));
  }
  rows.push(...(await ownRows(builtin, side)));
  rows.push(await firstTokenRow(builtin, side));
  return rows;
}

function missingRow(work) {
  const how = "npm run studio -- models add HuggingFaceTB/SmolLM2-135M-Instruct";
  return {
    work: `${work}: get it with ${how}`,
    ours: null,
    peer: null,
    unit: "",
    atLeast: null,
    aim: null,
  };
}

/** Both sides open on one model; whatever happens, both are closed. */
async function withBoth(model, rank, { threads, python }, work) {
  const engine = await openOurs(model.directory, { threads, rank: RANK });
  const peer = startPeer(python);
  try {
    await peer.ask("open", { model: model.directory, threads, rank });
    return await work(engine, peer);
  } finally {
    await engine.close();
    await peer.stop();
  }
}

function trainingRow(model, side, goals) {
  const { say } = side;
  say(`training ${model.name} ...`);
  return withBoth(model, RANK, side, async (engine, peer) => {
    const batch = sequences(model);
    const { steps } = model;
    const spent = { forwardBackward: 0, optimizer: 0 };
    const ours = async () => {
      const part = await train(engine, "a", batch, steps);
      for (const name of Object.keys(spent)) spent[name] += part[name];
      return (part.forwardBackward + part.optimizer) / steps;
    };
    const theirs = async () => (await peer.ask("train", { rows: batch, steps })).ms;
    const first = await train(engine, "a", batch, 1);
    const peerFirst = await peer.ask("train", { rows: batch, steps: 1 });
    say(`  first loss: ours ${first.loss.toFixed(5)}, PyTorch ${peerFirst.loss.toFixed(5)}`);
    await ours();
    await theirs();
    const times = await alternate(model.rounds, ours, theirs);
    const all = spent.forwardBackward + spent.optimizer;
    say(`  optimizer: ${((100 * spent.optimizer) / all).toFixed(1)} % of our step`);
    return { work: `training step, ${model.name}`, ...times, unit: "ms", ...goals };
  });
}

function pseudoRandomPrompt(model, length) {
  return sequences({ ...model, rows: 1, length: length - 1 })[0];
}

function decodeRow(model, prompt, count, side) {
  const [name] = model.name.split(",");
  side.say(`decoding ${name} ...`);
  return withBoth(model, 0, side, async (engine, peer) => {
    const perSecond = (ms) => (1000 * count) / ms;
    const ours = async () => perSecond(await generate(engine, prompt, count));
    const theirs = async () => perSecond((await peer.ask("generate", { prompt, count })).ms);
    await repeat(WARM_UP, ours);
    await repeat(WARM_UP, theirs);
    return {
      ...{ work: `decoding, one stream, ${name}, against generate` },
      ...(await alternate(model.rounds, ours, theirs)),
      ...{ unit: "tokens/s", atLeast: 5, aim: 8, moreIsBetter: true },
    };
  });
}

/** What the engine is compared with itself for. */
async function ownRows(model, { threads, say }) {
  say("batched decoding, two runs at once, a long prompt ...");
  const engine = await openOurs(model.directory, { threads, rank: RANK });
  try {
    return [
      await batchRow(engine, model),
      await twoRunsRow(engine, model),
      await promptInTokensRow(engine, model, say),
    ];
  } finally {
    await engine.close();
  }
}

async function batchRow(engine, model) {
  const prompt = pseudoRandomPrompt(model, PROMPT);
  const together = () => generate(engine, prompt, DECODED, 8);
  const singly = () =>
    time(async () => {
      for (let i = 0; i < 8; i++) await generate(engine, prompt, DECODED);
    });
  await repeat(WARM_UP, together);
  return {
    ...{ work: "8 answers to one prompt, batched against one by one" },
    ...(await alternate(ROUNDS, together, singly)),
    ...{ unit: "ms", atLeast: 3, aim: 5 },
  };
}

async function twoRunsRow(engine, model) {
  const batch = sequences(model);
  const { steps, rounds } = model;
  const run = (id) => train(engine, id, batch, steps);
  const perSecond = async (count, work) => (1000 * count) / (await time(work));
  const both = () => perSecond(2 * steps, () => Promise.all([run("a"), run("b")]));
  const alone = () => perSecond(steps, () => run("a"));
  await both();
  return {
    ...{ work: "two runs training at once, against one alone" },
    ...(await alternate(rounds, both, alone)),
    ...{ unit: "steps/s", atLeast: 0.95, aim: null, moreIsBetter: true },
  };
}

function firstTokenRow(model, side) {
  return withBoth(model, 0, side, async (engine, peer) => {
    const prompt = pseudoRandomPrompt(model, LONG_PROMPT);
    const ours = () => generate(engine, prompt, 1);
    const theirs = async () => (await peer.ask("generate", { prompt, count: 1 })).ms;
    await repeat(WARM_UP, ours);
    await repeat(WARM_UP, theirs);
    return {
      ...{ work: `time to the first token after ${LONG_PROMPT}, against generate` },
      ...(await alternate(ROUNDS, ours, theirs)),
      ...{ unit: "ms", atLeast: null, aim: null },
    };
  });
}

async function promptInTokensRow(engine, model, say) {
  const prompt = pseudoRandomPrompt(model, LONG_PROMPT);
  const first = () => generate(engine, prompt, 1);
  const many = () => generate(engine, prompt, 1 + LONG_DECODED);
  await repeat(WARM_UP, many);
  // The first token is asked for alone: tokens that come quickly are handed on several at a time.
  const { ours: firstMs, peer: manyMs } = await alternate(ROUNDS, first, many);
  const perToken = (manyMs - firstMs) / LONG_DECODED;
  say(`  first token after ${firstMs.toFixed(1)} ms, then ${perToken.toFixed(3)} ms a token`);
  return {
    ...{ work: `first token after a prompt of ${LONG_PROMPT}`, ours: firstMs / perToken },
    ...{ peer: null, unit: "tokens' worth", atLeast: 25, aim: null },
  };
}
