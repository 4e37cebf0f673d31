#!/usr/bin/env node
/* `node scripts/on-engine-node.mjs FILE ...`: runs a script on the Node of the local server, with its flags. */
import { runOnEngineNode } from "./studio/engine-node.mjs";

process.exitCode = await runOnEngineNode(process.argv.slice(2), { say: console.error });
