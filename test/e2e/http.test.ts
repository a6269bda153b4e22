import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Served, serveBundle } from "../support/bundle.ts";
import { until } from "../support/until.ts";

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

  it("says on stderr that consent holds in this process alone", async () => {
    await until(() => server.stderr().includes("\n"), "a line of the log", 5000);
    const { level, msg } = JSON.parse(server.stderr());
    expect([level, msg]).toEqual([40, expect.stringMatching(/^ATLAS_MCP_SECRET is not set/)]);
  });
});
