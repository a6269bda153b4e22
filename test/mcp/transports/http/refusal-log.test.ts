import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createRefusalLog } from "../../../../src/mcp/transports/http/refusal-log.ts";
import {
  type HttpServed,
  initialize,
  legacy,
  modern,
  openSession,
  post,
  send,
  serveHttp,
} from "../../../support/http.ts";
import {
  bearer,
  type Minted,
  mint,
  type TokenFile,
  tokenFile,
} from "../../../support/token-file.ts";
import { until } from "../../../support/until.ts";
import { hostOwn } from "./own-host.ts";

const silent = () => {};

describe("the lines about refusals", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const start = () => {
    const lines: object[] = [];
    const warn = (fields: object) => lines.push(fields);
    const onRefused = createRefusalLog({ error: silent, warn, info: silent, debug: silent });
    return { lines, onRefused };
  };

  it("are ten a minute for each code, and at its end the number of the others", () => {
    const { lines, onRefused } = start();
    for (let count = 0; count < 1000; count += 1) onRefused("rate_limited", { principal: "a" });
    onRefused("draining");
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toEqual({ code: "draining" });
    vi.advanceTimersByTime(59_999);
    onRefused("rate_limited");
    expect(lines).toHaveLength(11);
    vi.advanceTimersByTime(1);
    expect(lines.slice(11)).toEqual([{ code: "rate_limited", more: 991 }]);
    onRefused("rate_limited", { principal: "b" });
    expect(lines.at(-1)).toEqual({ code: "rate_limited", principal: "b" });
  });

  it("are eleven a minute for each code while a flood lasts", () => {
    const { lines, onRefused } = start();
    for (let count = 0; count < 60_000; count += 1) {
      onRefused("invalid_token", { why: "The token is unknown" });
      vi.advanceTimersByTime(5);
    }
    expect(lines).toHaveLength(55);
    expect(lines.filter((line) => "more" in line)).toHaveLength(5);
  });

  it("are none where warnings are off", () => {
    const log = { error: silent, warn: undefined, info: undefined, debug: undefined };
    createRefusalLog(log)("draining");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("count nothing as left out after a calm minute", () => {
    const { lines, onRefused } = start();
    for (const ms of [0, 0, 60_000]) {
      vi.advanceTimersByTime(ms);
      onRefused("draining");
    }
    vi.advanceTimersByTime(120_000);
    expect(lines).toEqual([{ code: "draining" }, { code: "draining" }, { code: "draining" }]);
  });
});

const lineWith = (at: HttpServed, code: string) =>
  until(
    () =>
      at
        .stderr()
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .map((line) => JSON.parse(line))
        .find((line) => line.code === code),
    `a line with ${code}`,
  );

describe("the log of a server", () => {
  let server: HttpServed;
  beforeAll(async () => {
    server = await serveHttp();
  });
  afterAll(() => server.end("SIGTERM"));

  const list = modern("tools/list");

  it("has a host that is not allowed, cut short", async () => {
    const host = `evil.${"x".repeat(300)}.example.com`;
    await send(server.url, "POST", { ...list.headers, host }, JSON.stringify(list.body));
    const line = await lineWith(server, "host_not_allowed");
    expect(line).toMatchObject({ level: 40, msg: "request refused" });
    expect(line.host).toMatch(/^evil\.x+…$/);
    expect(line.host.length).toBeLessThan(110);
  });

  it("has an origin that is not allowed", async () => {
    await post(server.url, list, { origin: "https://evil.example.com" });
    const line = await lineWith(server, "origin_not_allowed");
    expect(line).toMatchObject({ level: 40, origin: "https://evil.example.com" });
  });

  it.each<[string, () => Promise<unknown>]>([
    ["unsupported_media_type", () => post(server.url, list, { "content-type": "text/plain" })],
    ["body_too_large", () => post(server.url, { ...list, body: " ".repeat(262_145) })],
    ["not_acceptable", () => post(server.url, list, { accept: "text/html" })],
  ])("has %s and who was refused", async (code, ask) => {
    await ask();
    expect(await lineWith(server, code)).toMatchObject({ level: 40, principal: "operator" });
  });

  it("is not flooded", async () => {
    const count = () => server.stderr().split("unsupported_media_type").length - 1;
    const flood = Array.from({ length: 100 }, () =>
      post(server.url, list, { "content-type": "text/plain" }),
    );
    await Promise.all(flood);
    await until(() => count() >= 10, "ten lines");
    // A line that comes after all others.
    await post(server.url, {
      ...list,
      headers: { ...list.headers, origin: "https://last.example" },
    });
    await until(() => server.stderr().includes("https://last.example"), "the last line");
    expect(count()).toBe(10);
  });
});

describe("the log of a server with limits", () => {
  let server: HttpServed;
  let file: TokenFile;
  let busy: Minted;
  beforeAll(async () => {
    busy = await mint("busy");
    file = tokenFile(busy.entry);
    server = await serveHttp(["--tokens", file.path, "--rate-limit", "6"]);
  });
  afterAll(async () => {
    await server.end("SIGTERM");
    file.remove();
  });

  it("names the caller who sends too much", async () => {
    for (let count = 0; count < 3; count += 1)
      await post(server.url, modern("tools/list"), bearer(busy.token));
    await until(() => server.stderr().includes('"code":"rate_limited"'), "the line");
    expect(server.stderr()).toContain('"principal":"token:busy"');
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ["missing_token", {}, /no Authorization header/],
    ["invalid_token", bearer("unknown"), /token is unknown/],
  ])("has %s and why the caller was refused", async (code, headers, why) => {
    await post(server.url, modern("tools/list"), headers);
    const line = await lineWith(server, code);
    expect(line).toMatchObject({ level: 40, msg: "request refused" });
    expect(line.why).toMatch(why);
  });

  it("is not flooded by strangers", async () => {
    const strangers = Array.from({ length: 60 }, () => post(server.url, modern("tools/list")));
    await Promise.all(strangers);
    const count = () => server.stderr().split('"code":"missing_token"').length - 1;
    await until(() => count() >= 10, "ten lines");
    // A line that comes after all others.
    await post(server.url, modern("tools/list"), { authorization: "Basic none" });
    await until(() => server.stderr().includes("has no bearer token"), "the last line");
    expect(count()).toBe(10);
  });
});

describe("refusals for want of room or time", () => {
  it("have lines with a code", async () => {
    const codes: unknown[] = [];
    const { Server } = await import("@modelcontextprotocol/server");
    const create = () => new Server({ name: "a", version: "1" }, { capabilities: { tools: {} } });
    let drained = silent;
    const running = new Promise<void>((resolve) => {
      drained = resolve;
    });
    const host = await hostOwn(
      create,
      { sessions: 1, sessionsEach: 1, drainMs: 5000 },
      { onRefused: (code) => codes.push(code), drained: () => running },
    );
    const session = await openSession(host.url);
    const leaving = new AbortController();
    const headers = { accept: "text/event-stream", "mcp-session-id": session };
    await fetch(host.url, { headers, signal: leaving.signal });
    expect((await post(host.url, initialize)).status).toBe(503);
    const draining = host.drain();
    expect((await post(host.url, legacy(session, "ping"))).status).toBe(503);
    drained();
    leaving.abort();
    await draining;
    expect(codes).toEqual(["too_many_sessions", "draining"]);
  });
});
