import { afterAll, beforeAll, expect, test } from "vitest";
import { ApiSession } from "@/lib/server/testing/api-session";
import { startHubStandIn, type HubStandIn } from "@/lib/server/testing/hub-stand-in";
import { startTestServer, type TestServer } from "@/lib/server/testing/test-server";
import { standBefore } from "@/lib/testing/stand-before";
import { main } from "../main";

let hub: HubStandIn;
let server: TestServer;
beforeAll(async () => {
  hub = await startHubStandIn();
  server = await startTestServer({ hubEndpoint: hub.endpoint });
});
afterAll(async () => {
  await server.dispose();
  await hub.stop();
});

async function run(token: string, ...args: string[]) {
  let [stdout, stderr] = ["", ""];
  const code = await main(args, {
    env: {
      ...{ TWINKLE_SERVER: `http://127.0.0.1:${server.port}`, TWINKLE_TOKEN: "tml-cli" },
      ...{ MODELSCOPE_ENDPOINT: hub.endpoint, MODELSCOPE_API_TOKEN: token },
    },
    ...{ dataDir: server.folder, cwd: server.folder, signal: new AbortController().signal },
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  return { code, stdout, stderr };
}

test("a checkpoint becomes a private model, seen on the hub with all its files", async () => {
  const api = new ApiSession(server.port, "tml-cli");
  const model = await api.model({ baseModel: "test/tiny" });
  const saved = await api.compute<{ path: string }>("save_weights", { model_id: model, path: "a" });
  const { code, stdout, stderr } = await run("ms-good", "publish", saved.path, "--json");
  expect(code, stderr).toBe(0);
  const value = JSON.parse(stdout) as { files: { path: string }[] };
  expect(value).toMatchObject({
    ...{ modelId: `alice/${model}_a`, isPrivate: true },
    ...{ url: `${hub.endpoint}/models/alice/${model}_a`, cardAdded: false },
  });
  expect(value.files.map(({ path }) => path)).toEqual(
    expect.arrayContaining(["README.md", "adapter_config.json", "adapter_model.safetensors"]),
  );
  expect(stdout + stderr).not.toContain("ms-good");
});

test("a server that does not say what it offers is taken to publish with the token of the call", async () => {
  const api = new ApiSession(server.port, "ms-good");
  const model_id = await api.model({ baseModel: "test/tiny" });
  const { path } = await api.compute<{ path: string }>("save_weights", { model_id, path: "a" });
  const silent = await standBefore(`http://127.0.0.1:${server.port}`, (call) =>
    call === "GET get_server_capabilities" ? { status: 404, body: { detail: "Not Found" } } : null,
  );
  const publish = (token: string) =>
    run("ms-good", "publish", path, "--server", silent.url, "--token", token);
  const { code, stderr } = await publish("ms-good");
  expect(code, stderr).toBe(0);
  expect(stderr).toContain("The server does not say which token it publishes with");
  expect((await publish("tml-cli")).stderr).toContain("let --token be your ModelScope token");
  await silent.close();
});

test("a token that is missing, wrong or read-only is told apart, before anything is uploaded", async () => {
  const path = "twinkle://run/weights/a";
  const refusal = async (token: string) =>
    (await run(token, "publish", path)).stderr.split("\n")[0];
  expect(await refusal("")).toContain("publish needs a ModelScope token");
  expect(await refusal("ms-nobody")).toContain("does not know this token");
  expect(await refusal("ms-read")).toContain("lets this token read only");
});
