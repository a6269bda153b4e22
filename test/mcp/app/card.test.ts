/** The MCP App as hosts of both eras see it: what is declared, what the tools say, what is read. */
import { describe, expect, it, onTestFinished } from "vitest";
import { type DriverOptions, type Kind, connect as open } from "../../support/clients.ts";
import { isBundle } from "../../support/program.ts";
import { eras, startRaw } from "../../support/raw.ts";

const extension = "io.modelcontextprotocol/ui";
const mimeType = "text/html;profile=mcp-app";
const uri = "ui://atlas-provision/card.html";

const declaring = (mimeTypes: unknown) => ({ extensions: { [extension]: { mimeTypes } } });

const kinds: readonly Kind[] = isBundle
  ? ["v1", "v2 legacy", "v2 modern", "v2 legacy over http", "v2 modern over http"]
  : ["v2 legacy", "v2 modern"];

const connect = async (kind: Kind, options: DriverOptions = {}) => {
  const driver = await open(kind, options);
  onTestFinished(driver.close);
  return driver;
};

const cardOf = (tool: any): unknown => tool._meta?.ui?.resourceUri;

/** The tools that read, with a card; each that changes something has one. */
const reading = ["get_flex_cluster", "get_ephemeral_cluster"];

describe.each(kinds)("the card, for %s", (kind) => {
  it("is declared, and each tool whose results it shows names it", async () => {
    const driver = await connect(kind);
    expect(driver.serverCapabilities()).toMatchObject({
      resources: {},
      extensions: { [extension]: {} },
    });
    const tools: any[] = await driver.listTools();
    for (const tool of tools) {
      const has = !tool.annotations.readOnlyHint || reading.includes(tool.name);
      expect([tool.name, cardOf(tool)]).toEqual([tool.name, has ? uri : undefined]);
    }
  });

  it("is listed for a host that shows it, and for no other", async () => {
    const showing = await connect(kind, { capabilities: declaring([mimeType]) });
    const [listed, ...more] = await showing.listResources();
    expect(listed).toMatchObject({ uri, mimeType, name: "card" });
    expect(more).toEqual([]);
    expect(await (await connect(kind)).listResources()).toEqual([]);
  });

  it("is read as one page that may load and call nothing", async () => {
    const driver = await connect(kind);
    const [page, ...more] = await driver.readResource(uri);
    expect(more).toEqual([]);
    expect(page).toMatchObject({
      uri,
      mimeType,
      _meta: { ui: { csp: { connectDomains: [], resourceDomains: [] } } },
    });
    expect(page.text).toMatch(/^<!doctype html>/);
    expect(page.text).toContain("default-src 'none'");
    expect(page.text).toContain("require-trusted-types-for 'script'");
    expect(page.text).not.toMatch(/https?:|innerHTML|src=|@import|url\(|^import |^export /m);
  });

  it("is not named to a host that shows other kinds only", async () => {
    for (const mimeTypes of [["text/html"], [], null, mimeType]) {
      const driver = await connect(kind, { capabilities: declaring(mimeTypes) });
      const tools = await driver.listTools();
      expect(tools.map(cardOf)).toEqual(tools.map(() => undefined));
      expect(tools.some(({ _meta }: any) => _meta["anthropic/searchHint"])).toBe(true);
      expect(await driver.listResources()).toEqual([]);
    }
  });
});

describe.each(eras)("what is asked of resources in the era of %s", (era) => {
  it("is refused if there is no such resource, page or template", async () => {
    const raw = startRaw(era);
    onTestFinished(raw.close);
    await raw.hello();
    const templates = await raw.ask("resources/templates/list");
    expect(templates.result.resourceTemplates).toEqual([]);
    for (const other of ["ui://atlas-provision/other.html", "file:///etc/passwd", ""]) {
      const { error } = await raw.ask("resources/read", { uri: other });
      expect(error.code).toBe(-32602);
    }
    for (const method of ["resources/list", "resources/templates/list"]) {
      const { error } = await raw.ask(method, { cursor: "2" });
      expect(error.code).toBe(-32602);
    }
  });
});

it("is not in the list for protocols before 2025-06-18, which know no _meta of tools", async () => {
  const raw = startRaw("2025");
  onTestFinished(raw.close);
  const clientInfo = { name: "old", version: "1" };
  const capabilities = declaring([mimeType]);
  await raw.ask("initialize", { protocolVersion: "2025-03-26", capabilities, clientInfo });
  const { tools } = (await raw.ask("tools/list")).result;
  expect(tools.map(cardOf)).toEqual(tools.map(() => undefined));
  expect((await raw.ask("resources/list")).result.resources).toEqual([]);
});
