import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "@/lib/server/testing/test-server";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    models: [{ name: "twinkle/spark", directory: path.resolve("lib/server/builtin/spark") }],
    tokens: ["tml-secret"],
  });
  fs.symlinkSync(path.resolve("scripts/studio.mjs"), path.join(server.folder, "twinkle-studio"));
  fs.mkdirSync(path.join(server.folder, "work"));
});
afterAll(() => server.dispose());

/** The command as it is installed: by a link to it, in a folder of its own. */
function start(...args: string[]) {
  const child = spawn(path.join(server.folder, "twinkle-studio"), args, {
    cwd: path.join(server.folder, "work"),
    env: { ...process.env, STUDIO_DATA_DIR: server.folder, INIT_CWD: "/" },
  });
  const code = new Promise<number | null>((resolve) => child.on("exit", resolve));
  const ended = Promise.all([code, text(child.stdout), text(child.stderr)]).then(
    ([code, stdout, stderr]) => ({ code, stdout, stderr }),
  );
  return { child, ended };
}

test("linked into another folder, it waits for a token on stdin, keeps it and reads files of where it was called", async () => {
  const url = `http://127.0.0.1:${server.port}`;
  const connecting = start("connect", url, "--token", "-", "--json");
  // The token comes late, as one that a password manager is asked for.
  await sleep(3000);
  connecting.child.stdin.end("tml-secret\n");
  const connected = await connecting.ended;
  expect(connected.stderr).toBe("");
  expect(JSON.parse(connected.stdout)).toEqual({ serverUrl: url, models: ["twinkle/spark"] });

  const messages = [{ role: "user", content: "Hello" }];
  fs.writeFileSync(path.join(server.folder, "work", "ask.json"), JSON.stringify(messages));
  const ask = ["--base", "twinkle/spark", "--messages", "ask.json", "--max-tokens", "4", "--json"];
  const answered = await start("sample", ...ask).ended;
  expect(answered.code, answered.stderr).toBe(0);
  expect(JSON.parse(answered.stdout)).toHaveProperty("answers.0.text");
});
