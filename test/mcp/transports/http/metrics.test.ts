import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callTool, type HttpServed, openSession, send, serveHttp } from "../../../support/http.ts";
import { type LiveSandbox, startSandbox } from "../../../support/live-sandbox.ts";
import { bearer, mint, tokenFile } from "../../../support/token-file.ts";
import { until } from "../../../support/until.ts";

let sandbox: LiveSandbox;
let server: HttpServed;
beforeAll(async () => {
  sandbox = await startSandbox();
  server = await serveHttp([], sandbox.env);
});
afterAll(async () => {
  await server.end("SIGTERM");
  await sandbox.close();
});

const metrics = async (): Promise<string> => (await fetch(server.at("/metrics"))).text();

/** The value of a metric whose labels are all among these. */
const readingOf = (text: string, name: string, labels: Record<string, string> = {}): number => {
  const line = text
    .split("\n")
    .find(
      (one) =>
        (one.startsWith(`${name}{`) || one.startsWith(`${name} `)) &&
        Object.entries(labels).every(([label, value]) => one.includes(`${label}="${value}"`)),
    );
  return Number(line?.split(" ").at(-1) ?? 0);
};

describe("the metrics", () => {
  it("count calls by tool and outcome, and time them", async () => {
    const args = { name: "counted", orgId: sandbox.orgId };
    await callTool(server.url, "2026", "create_project", args);
    await callTool(server.url, "2026", "create_project", args);
    const text = await metrics();
    const created = { tool: "create_project", status: "ok", outcome: "created" };
    const taken = { tool: "create_project", status: "error", code: "name_conflict" };
    expect(readingOf(text, "atlas_mcp_calls_total", created)).toBe(1);
    expect(readingOf(text, "atlas_mcp_calls_total", taken)).toBe(1);
    const timed = { tool: "create_project" };
    expect(readingOf(text, "atlas_mcp_call_duration_seconds_count", timed)).toBe(2);
  });

  it("count requests to Atlas by status, and those that were repeated", async () => {
    const before = await metrics();
    await sandbox.script("listGroups", "error:503:UNEXPECTED_ERROR");
    await callTool(server.url, "2026", "list_projects", {});
    const after = await metrics();
    const grown = (name: string, labels?: Record<string, string>) =>
      readingOf(after, name, labels) - readingOf(before, name, labels);
    expect(grown("atlas_mcp_atlas_retries_total")).toBe(1);
    expect(grown("atlas_mcp_atlas_requests_total", { method: "GET", status: "503" })).toBe(1);
  });

  it("count open sessions, and answers by status", async () => {
    await openSession(server.url);
    await fetch(server.at("/nowhere"));
    const text = await metrics();
    expect(readingOf(text, "atlas_mcp_sessions")).toBe(1);
    expect(readingOf(text, "atlas_mcp_http_responses_total", { status: "404" })).toBeGreaterThan(0);
  });

  it("count the calls that are not answered yet", async () => {
    const inFlight = async () => readingOf(await metrics(), "atlas_mcp_calls_in_flight");
    expect(await inFlight()).toBe(0);
    await sandbox.script("listGroups", "delay:1000");
    const answer = callTool(server.url, "2026", "list_projects", {});
    expect(await until(inFlight, "a call in flight")).toBe(1);
    await answer;
    expect(await inFlight()).toBe(0);
  });

  it("name no argument, project or caller", async () => {
    expect(await metrics()).not.toMatch(/counted|operator|[a-f0-9]{24}/);
  });

  it("are for a known caller alone where callers have to be known", async () => {
    const { token, entry } = await mint("scraper");
    const file = tokenFile(entry);
    const guarded = await serveHttp(["--tokens", file.path]);
    try {
      expect((await fetch(guarded.at("/metrics"))).status).toBe(401);
      const headers = { ...bearer(token), host: "10.1.2.3:3000" };
      const known = await send(guarded.at("/metrics"), "GET", headers);
      expect([known.status, known.headers["content-type"]]).toEqual([
        200,
        expect.stringMatching(/^text\/plain/),
      ]);
    } finally {
      await guarded.end("SIGTERM");
      file.remove();
    }
  });
});

describe("the probes", () => {
  it.each(["/healthz", "/readyz"])(
    "%s answers whatever name or address it is asked by",
    async (path) => {
      for (const host of ["10.1.2.3:3000", "pod-7.cluster.local", "evil.example.com"])
        expect((await send(server.at(path), "GET", { host })).status).toBe(200);
    },
  );

  it.each(["/metrics", "/mcp"])("%s does not", async (path) => {
    const { status } = await send(server.at(path), "GET", { host: "evil.example.com" });
    expect(status).toBe(403);
  });
});
