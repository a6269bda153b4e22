import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listed } from "../../src/mcp/server.ts";
import { tools } from "../../src/tools/index.ts";
import { serveHttp } from "../support/http.ts";
import { type Raw, startRaw } from "../support/raw.ts";

const older = ["2024-11-05", "2025-03-26"];
const newer = ["2025-06-18", "2025-11-25"];

type Ask = (method: string, params: object) => Promise<any>;

const hello = (protocolVersion: string) => ({
  protocolVersion,
  capabilities: {},
  clientInfo: { name: "old", version: "1" },
});

/** What this version gets: a listed tool, the result of a call, and that of a call that fails. */
const seenIn = async (ask: Ask) => {
  const { tools } = await ask("tools/list", {});
  const called = await ask("tools/call", { name: "get_account", arguments: {} });
  const failed = await ask("tools/call", { name: "get_project", arguments: {} });
  return { tools, called, failed };
};

const expectText = ({ tools, called, failed }: Awaited<ReturnType<typeof seenIn>>) => {
  expect(tools.length).toBeGreaterThan(5);
  for (const tool of tools) expect(Object.keys(tool)).not.toContain("outputSchema");
  for (const tool of tools) expect(Object.keys(tool)).not.toContain("_meta");
  for (const result of [called, failed]) expect(result).not.toHaveProperty("structuredContent");
  expect(JSON.parse(called.content[0].text)).toMatchObject({ status: "ok" });
  expect(JSON.parse(failed.content[0].text).error.code).toBe("invalid_input");
  expect(failed.isError).toBe(true);
};

const expectBoth = ({ tools, called }: Awaited<ReturnType<typeof seenIn>>) => {
  for (const tool of tools) {
    expect(tool.outputSchema.type).toBe("object");
    const hints = Object.keys(tool._meta).filter((key) => key.startsWith("anthropic/"));
    expect(hints).toHaveLength(1);
  }
  expect(called.structuredContent.status).toBe("ok");
  expect(JSON.parse(called.content[0].text)).toEqual(called.structuredContent);
};

const onStdio = async (version: string) => {
  const raw: Raw = startRaw("2025");
  try {
    const { result } = await raw.ask("initialize", hello(version));
    expect(result.protocolVersion).toBe(version);
    raw.write(`${JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" })}\n`);
    return await seenIn(async (method, params) => (await raw.ask(method, { ...params })).result);
  } finally {
    await raw.close();
  }
};

describe("structured content, over stdio", () => {
  it.each(older)("is not sent to protocol %s, which does not know it", async (version) =>
    expectText(await onStdio(version)),
  );

  it.each(newer)("is sent to protocol %s", async (version) => expectBoth(await onStdio(version)));

  it("is sent to protocol 2026-07-28", async () => {
    const raw = startRaw("2026");
    try {
      expectBoth(
        await seenIn(async (method, params) => (await raw.ask(method, { ...params })).result),
      );
    } finally {
      await raw.close();
    }
  });
});

describe("structured content, over HTTP", () => {
  let server: Awaited<ReturnType<typeof serveHttp>>;
  beforeAll(async () => {
    server = await serveHttp();
  });
  afterAll(() => server.end());

  const post = (message: object, headers: Record<string, string> = {}) =>
    fetch(server.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: "2.0", ...message }),
    });

  const inSession = async (version: string) => {
    const opened = await post({ id: 1, method: "initialize", params: hello(version) });
    const headers = {
      "mcp-session-id": opened.headers.get("mcp-session-id") ?? "",
      "mcp-protocol-version": version,
    };
    await opened.text();
    return seenIn(async (method, params) => {
      const text = await (await post({ id: 2, method, params }, headers)).text();
      return JSON.parse(text.replace(/^[\s\S]*?data: /, "")).result;
    });
  };

  it.each(older)("is not sent to protocol %s", async (version) =>
    expectText(await inSession(version)),
  );

  it.each(newer)("is sent to protocol %s", async (version) => expectBoth(await inSession(version)));
});

describe("what a host may read of a tool that it hides from its model at first", () => {
  const hintOf = (tool: (typeof tools)[number]) => listed(tool, [])._meta?.["anthropic/searchHint"];

  it("is that it begins with get_account, and that alone", () => {
    const shown = tools.filter((tool) => listed(tool, [])._meta?.["anthropic/alwaysLoad"] === true);
    expect(shown.map(({ name }) => name)).toEqual(["get_account"]);
  });

  it.each(tools.filter(({ alwaysLoad }) => !alwaysLoad))(
    "are words by which $name is found, which also tell what it is",
    (tool) => {
      expect(hintOf(tool)).toMatch(/^[\w ,;:().-]{30,110}$/);
      expect(hintOf(tool)).toContain("MongoDB Atlas");
    },
  );

  it("are no words of another tool", () => {
    const hints = tools.map(hintOf).filter((hint) => hint !== undefined);
    expect(new Set(hints).size).toBe(tools.length - 1);
  });
});
