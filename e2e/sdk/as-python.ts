import path from "node:path";
import { createFileJournal } from "@/lib/command-runs/file-journal";
import { pythonOf } from "@/lib/training/as-python";

/* Prints the run of a journal as a script for the SDK: `as-python.ts JOURNAL SERVER`. Run by test_as_python.py. */

const [journal = "", serverUrl = ""] = process.argv.slice(2);
const record = await createFileJournal(path.dirname(journal)).record(path.parse(journal).name);
if (!record) throw new Error(`${journal} holds no run.`);
process.stdout.write(pythonOf(record.config, { serverUrl }));
