import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Served, serveBundle } from "../support/bundle.ts";

let server: Served;
beforeAll(async () => {
  server = await serveBundle(["http", "--port", "0"]);
});
afterAll(() => server.end("SIGTERM"));

describe("a server over HTTP", () => {
  it("prints the address of its endpoint as one line of JSON, and nothing else", () => {
    expect(server.line.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
    expect(server.stdout()).toBe(`${JSON.stringify(server.line)}\n`);
  });

  it("says on stderr that consent holds in this process alone", () => {
    expect(server.stderr()).toMatch(/^atlas-provision-mcp: ATLAS_MCP_SECRET is not set[^\n]+\n$/);
  });
});
