import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

/** The secret that seals session cookies: made once, kept in the data folder, readable by its owner alone. */
export function sessionSecret(dataDir) {
  const file = path.join(dataDir, "session-secret");
  if (fs.existsSync(file)) return fs.readFileSync(file, "utf8").trim();
  const secret = randomBytes(32).toString("hex");
  const draft = `${file}.${process.pid}`;
  fs.writeFileSync(draft, secret, { mode: 0o600 });
  fs.renameSync(draft, file);
  return secret;
}
