#!/usr/bin/env node
/* `npm run build`: the build that `npm start` makes, without starting anything. */
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBuild } from "./studio/build.mjs";
import { ensurePackages } from "./studio/install.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const tools = { say: (line) => console.log(line), show: true };

await ensurePackages(root, tools);
if (!(await ensureBuild(root, tools))) console.log("The build is up to date.");
