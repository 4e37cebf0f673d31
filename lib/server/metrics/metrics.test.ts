import { expect, test } from "vitest";

import type { AnsweredRequest } from "../http/listener";
import { ApiSession } from "../testing/api-session";
import { startTestServer } from "../testing/test-server";

test("metrics count requests, tokens, adapters and memory, and name no id", async () => {
  const server = await startTestServer();
  try {
    const api = new ApiSession(server.port, "secret-token");
    const id = await api.model();
    await api.step(id);
    await api.compute("asample", {
      prompt: { chunks: [{ type: "encoded_text", tokens: [1, 2, 3] }] },
      base_model: "test/tiny",
      num_samples: 2,
      sampling_params: { max_tokens: 4, temperature: 0 },
    });
    await api.get(`training_runs/${id}`);
    await api.get("nowhere/secret");

    const answer = await fetch(`http://127.0.0.1:${server.port}/metrics`);
    expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    const text = await answer.text();
    const value = (series: string) =>
      Number(
        text
          .split("\n")
          .find((line) => line.startsWith(`${series} `))
          ?.slice(series.length),
      );
    const requests = (method: string, route: string, status: number) =>
      value(`twinkle_http_requests_total{method="${method}",route="${route}",status="${status}"}`);
    expect(requests("POST", "forward_backward", 200)).toBe(1);
    expect(requests("GET", "training_runs/{run}", 200)).toBe(1);
    expect(requests("", "unknown", 404)).toBe(1);
    expect(
      value('twinkle_http_request_duration_seconds_count{method="POST",route="forward_backward"}'),
    ).toBe(1);
    expect(value('twinkle_tokens_total{model="test/tiny",kind="trained"}')).toBe(13);
    expect(value('twinkle_tokens_total{model="test/tiny",kind="sampled"}')).toBe(8);
    expect(value("twinkle_sessions")).toBe(1);
    expect(value("twinkle_queue_depth")).toBe(0);
    expect(value('twinkle_futures{state="pending"}')).toBe(0);
    expect(value('twinkle_adapters{place="training"}')).toBe(1);
    expect(value('twinkle_models{state="ready"}')).toBe(1);
    expect(value('twinkle_memory_bytes{use="training"}')).toBeGreaterThan(0);
    expect(value('twinkle_memory_bytes{use="models"}')).toBeGreaterThan(0);
    expect(value("process_resident_memory_bytes")).toBeGreaterThan(0);
    expect(text).toMatch(
      /^twinkle_build_info\{version="[\d.]+",node="[\d.]+",vector_bits="\d+"\} 1$/m,
    );
    for (const secret of [id, "secret"]) expect(text).not.toContain(secret);
  } finally {
    await server.dispose();
  }
});

test("a request is one line without token, query or body", async () => {
  const lines: AnsweredRequest[] = [];
  const server = await startTestServer({ onAnswered: (line) => lines.push(line) });
  try {
    const api = new ApiSession(server.port, "secret-token");
    await api.post("create_session", { tags: ["secret-tag"], sdk_version: "test" });
    await api.get("training_runs?limit=1&key=secret-key");
    await expect.poll(() => lines).toHaveLength(2);
    expect(lines[1]).toEqual({
      time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      ...{ method: "GET", path: "/api/v1/training_runs", route: "training_runs", status: 200 },
      durationMs: expect.any(Number) as number,
      owner: expect.stringMatching(/^[0-9a-f]{8}$/) as string,
    });
    expect(JSON.stringify(lines)).not.toContain("secret");
  } finally {
    await server.dispose();
  }
});
