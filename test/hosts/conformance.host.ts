import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostOwn } from "../mcp/transports/http/own-host.ts";
import { type HttpServed, serveHttp } from "../support/http.ts";
import { failures, judge } from "./conformance.ts";
import { createConformanceServer } from "./conformance-server.ts";

// Run and reported by the suite with every revision: extensions, and features of the tools behind a host.
const neverScored = /^(tasks-|sep-2640-skills-|json-schema-2020-12|http-custom-header)/;

describe("our HTTP host, around a server that has all that is asked for", () => {
  let host: Awaited<ReturnType<typeof hostOwn>>;
  beforeAll(async () => {
    host = await hostOwn(createConformanceServer);
  });
  afterAll(() => host?.drain());

  it.each([
    ["2025-11-25", 60],
    ["2026-07-28", 80],
  ])("meets every requirement of %s", { timeout: 250_000 }, async (revision, least) => {
    const verdict = await judge(host.url, "--requirements", revision);
    const passed = verdict.checks.filter((one) => one.status === "SUCCESS").length;
    const failed = failures(verdict);
    console.log(`${revision}: ${passed} checks passed, ${failed.length} failed`);
    expect(failed.filter(({ scenario }) => !neverScored.test(scenario))).toEqual([]);
    expect(verdict.code).toBe(0);
    expect(passed).toBeGreaterThan(least);
  });
});

describe("the program itself", () => {
  let server: HttpServed;
  beforeAll(async () => {
    server = await serveHttp();
  });
  afterAll(() => server?.end("SIGTERM"));

  it.each([
    "server-initialize",
    "server-session-lifecycle",
    "ping",
    "tools-list",
    "prompts-list",
    "resources-list",
    "sep-2164-resource-not-found",
    "server-sse-multiple-streams",
    "dns-rebinding-protection",
    "http-header-validation",
    "input-required-result-unsupported-methods",
    "input-required-result-validate-input",
  ])("passes %s, warnings included", async (scenario) => {
    const { code, checks } = await judge(server.url, "--scenario", scenario);
    expect(checks.filter(({ status }) => status !== "SUCCESS" && status !== "INFO")).toEqual([]);
    expect([code, checks.length > 0]).toEqual([0, true]);
  });

  it.each([
    // What these want to try is not offered, so there is nothing that could be wrong.
    "server-sse-polling",
    "input-required-result-missing-input-response",
    "input-required-result-ignore-extra-params",
  ])("fails nothing in %s", async (scenario) => {
    const verdict = await judge(server.url, "--scenario", scenario);
    expect([verdict.code, failures(verdict)]).toEqual([0, []]);
  });

  it.each([
    [
      "server-stateless",
      /test_missing_capability|test_streaming_elicitation|test_logging_tool|Not testable/,
    ],
    ["caching", /resources|Method not found/],
  ])("fails in %s only what needs a fixture", async (scenario, fixture) => {
    const verdict = await judge(server.url, "--scenario", scenario);
    expect(failures(verdict).filter(({ why }) => !fixture.test(why))).toEqual([]);
    expect(verdict.checks.filter(({ status }) => status === "SUCCESS").length).toBeGreaterThan(2);
  });
});
