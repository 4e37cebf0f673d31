#!/usr/bin/env node
/* Writes a server's column of the table in docs/servers.md:
   npm run -s studio -- doctor --json | node scripts/support-table.mjs "local server" */
import fs from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { format } from "prettier";
import { register } from "tsx/esm/api";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const [server] = process.argv.slice(2);
if (!server) throw new Error("Which server? Name its column.");
process.env.TSX_TSCONFIG_PATH = path.join(root, "tsconfig.json");
register();
const { supportColumn, withColumn } = await import("../lib/doctor/support-table.ts");

const file = path.join(root, "docs", "servers.md");
const report = JSON.parse(await text(process.stdin));
const written = withColumn(fs.readFileSync(file, "utf8"), server, supportColumn(report));
fs.writeFileSync(file, await format(written, { parser: "markdown", printWidth: 100 }));
