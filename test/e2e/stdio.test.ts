import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Era, eras, type RawProcess, startRawBundle } from "../support/raw.ts";

const started: RawProcess[] = [];
const start = (era: Era, env: Record<string, string> = {}): RawProcess => {
  const raw = startRawBundle(era, { env });
  started.push(raw);
  return raw;
};
afterEach(async () => {
  await Promise.all(started.splice(0).map((raw) => raw.close()));
});

const isRpc = (line: string): boolean => {
  const message = JSON.parse(line);
  return message.jsonrpc === "2.0" && ("id" in message || "method" in message);
};

describe.each(eras)("stdout in the era of %s", (era) => {
  it("carries JSON-RPC lines and nothing else, while the log speaks", async () => {
    const raw = start(era, { ATLAS_MCP_LOG_LEVEL: "debug" });
    await raw.hello();
    await raw.ask("tools/list");
    await raw.call("get_account", {});
    await raw.call("create_project", { name: 1 });
    await raw.call("no_such_tool", {});
    await raw.close();
    expect(raw.lines()).toHaveLength(5);
    for (const line of raw.lines()) expect(isRpc(line)).toBe(true);
  });

  it("ends every message with one line break", async () => {
    const raw = start(era);
    await raw.hello();
    await raw.close();
    expect(raw.stdout()).toMatch(/^[^\n]+\n$/);
  });

  it("answers each of many requests that arrive in one piece", async () => {
    const raw = start(era);
    await raw.hello();
    const ids = Array.from({ length: 50 }, () => raw.send("tools/list"));
    const answers = await Promise.all(ids.map((id) => raw.answer(id)));
    expect(answers.map((one) => one.result.tools.length)).toEqual(
      ids.map(() => expect.any(Number)),
    );
  });
});

describe("the log", () => {
  it("is JSON lines on stderr", async () => {
    const raw = start("2026", { ATLAS_MCP_LOG_LEVEL: "debug" });
    await raw.call("get_account", {});
    await raw.close();
    const lines = raw.stderr().trim().split("\n");
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ msg: expect.any(String) });
  });

  it("names the tool and what became of the call", async () => {
    const raw = start("2026", { ATLAS_MCP_LOG_LEVEL: "info" });
    await raw.call("create_project", { name: "a b" });
    await raw.close();
    const entries = raw
      .stderr()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(entries).toContainEqual(
      expect.objectContaining({ tool: "create_project", status: "error", outcome: "not_created" }),
    );
  });

  it("says when serving starts, and why it ends", async () => {
    const raw = start("2025", { ATLAS_MCP_LOG_LEVEL: "info" });
    await raw.hello();
    await raw.close();
    const entries = raw
      .stderr()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const version = expect.stringMatching(/^\d+\.\d+\.\d+/);
    expect(entries).toEqual([
      expect.objectContaining({ level: 30, version, msg: "started" }),
      expect.objectContaining({ level: 30, version, msg: "ended", why: "the input ended" }),
    ]);
  });

  it("says that a signal ended it", async () => {
    const raw = start("2025", { ATLAS_MCP_LOG_LEVEL: "info" });
    await raw.hello();
    raw.child.kill("SIGTERM");
    await raw.exited;
    expect(raw.stderr()).toContain('"why":"SIGTERM"');
  });

  it("says where the console of its sandbox is, and else nothing where nothing is wrong", async () => {
    const raw = start("2026");
    await raw.hello();
    await raw.ask("tools/list");
    expect(raw.stderr()).toBe("");
    await raw.call("get_account", {});
    await raw.call("get_account", {});
    await raw.close();
    const line = JSON.parse(raw.stderr());
    expect(line).toMatchObject({ level: 40, msg: `Sandbox console: ${line.console}` });
    expect(line.console).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  });

  it("is silent where nobody wants a log", async () => {
    const raw = start("2026", { ATLAS_MCP_LOG_LEVEL: "silent" });
    await raw.call("get_account", {});
    await raw.close();
    expect(raw.stderr()).toBe("");
  });
});

describe.each(eras)("what is no message, in the era of %s,", (era) => {
  let raw: RawProcess;
  beforeAll(async () => {
    raw = startRawBundle(era);
    raw.write("garbage before the greeting\n");
    await raw.hello();
  });
  afterAll(() => raw.close());

  it.each([
    ["a line that is no JSON", "{not json\n"],
    ["an empty line", "\n\n\r\n"],
    ["a JSON text that is no message", '[1,2,3]\n"hello"\nnull\n42\n'],
    ["an object that is no message", '{"hello":"world"}\n'],
    ["a line of bytes that are no text", Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28, 0x0a])],
    ["a megabyte on one line", `${"x".repeat(1_000_000)}\n`],
    ["a megabyte on many lines", `${"x".repeat(99)}\n`.repeat(10_000)],
    ["a line of 11 MB", `${"x".repeat(11_000_000)}\n`],
  ])("%s, is skipped, and the next request is answered", async (_what, garbage) => {
    const before = raw.lines().length;
    raw.write(garbage);
    expect((await raw.ask("tools/list")).result.tools.length).toBeGreaterThan(0);
    for (const line of raw.lines().slice(before)) expect(isRpc(line)).toBe(true);
  });
});

describe("a line that is too long", () => {
  it("is answered without an id, told on stderr as JSON, and the next line works", async () => {
    const raw = start("2025");
    await raw.hello();
    raw.write(`{"jsonrpc":"2.0","id":5,"method":"${"x".repeat(11_000_000)}"}\n`);
    expect((await raw.ask("tools/list")).result.tools.length).toBeGreaterThan(0);
    await raw.close();
    const answers = raw.lines().map((line) => JSON.parse(line));
    expect(answers.filter(({ id }) => id === null)).toEqual([
      { jsonrpc: "2.0", id: null, error: { code: -32600, message: expect.any(String) } },
    ]);
    expect(answers.some(({ id }) => id === 5)).toBe(false);
    expect(JSON.parse(raw.stderr())).toMatchObject({ level: 40, mostBytes: 10_485_760 });
  });
});

describe("a message that is whole only after several writes", () => {
  it("is answered once", async () => {
    const raw = start("2025");
    await raw.hello();
    const text = `${JSON.stringify({ jsonrpc: "2.0", id: 77, method: "tools/list" })}\n`;
    raw.write(text.slice(0, 11));
    raw.write(text.slice(11, 30));
    raw.write(text.slice(30));
    await raw.answer(77);
    expect(raw.lines().filter((line) => JSON.parse(line).id === 77)).toHaveLength(1);
  });

  it("is answered if it is the last and has no line break", async () => {
    const raw = start("2025");
    await raw.hello();
    raw.write(JSON.stringify({ jsonrpc: "2.0", id: 78, method: "tools/list" }));
    await raw.close();
    expect(raw.lines().filter((line) => JSON.parse(line).id === 78)).toHaveLength(1);
  });

  it("keeps letters that take several bytes", async () => {
    const raw = start("2026");
    const { result } = await raw.call("get_account", {});
    const orgId = result.structuredContent.organizations[0].id;
    const made = await raw.call("create_project", { name: "Größe日本", orgId });
    expect(made.result.structuredContent.project.name).toBe("Größe日本");
  });
});
