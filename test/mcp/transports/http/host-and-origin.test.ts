import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HttpServed, modern, post, send, serveHttp } from "../../../support/http.ts";

let server: HttpServed;
let named: HttpServed;
beforeAll(async () => {
  [server, named] = await Promise.all([
    serveHttp(),
    serveHttp([
      "--public-url",
      "https://mcp.example.com",
      "--allowed-hosts",
      "10.1.2.3, Inside.example.com",
      "--allowed-origins",
      "https://app.example.com,moz-extension://abc",
    ]),
  ]);
});
afterAll(() => Promise.all([server.end("SIGTERM"), named.end("SIGTERM")]));

const list = modern("tools/list");
const withHost = async (at: HttpServed, host: string) => {
  const headers = { ...list.headers, host };
  return (await send(at.url, "POST", headers, JSON.stringify(list.body))).status;
};
const withOrigin = async (at: HttpServed, origin: string) =>
  (await post(at.url, list, { origin })).status;

describe("the name by which a server is called", () => {
  it.each(["127.0.0.1", "localhost", "LOCALHOST:80", "[::1]:3000"])("may be %s", async (host) => {
    expect(await withHost(server, host)).toBe(200);
  });

  it.each([
    "evil.example.com",
    "localhost.evil.example.com",
    "127.0.0.1.evil.example.com",
    "mcp.example.com",
    "169.254.169.254",
    "127.0.0.2",
  ])("may not be %s: a rebound name is refused", async (host) => {
    expect(await withHost(server, host)).toBe(403);
  });

  it.each(["a b", "user@localhost", "localhost/evil", "local\\host"])(
    "may not be %j",
    async (host) => {
      expect([400, 403]).toContain(await withHost(server, host));
    },
  );

  it.each([
    "mcp.example.com",
    "MCP.example.com:443",
    "10.1.2.3:3000",
    "inside.example.com",
    "localhost",
  ])("may be %s where the operator says so", async (host) => {
    expect(await withHost(named, host)).toBe(200);
  });

  it("may be no other even then", async () => {
    expect(await withHost(named, "example.com")).toBe(403);
    const headers = { ...list.headers, host: "example.com" };
    const { text } = await send(named.url, "POST", headers, JSON.stringify(list.body));
    expect(text).toMatch(/example\.com.*ATLAS_MCP_ALLOWED_HOSTS/);
  });
});

describe("a page that calls", () => {
  it.each([
    "https://evil.example.com",
    "null",
    "http://localhost.evil.example.com",
    "https://app.example.com",
    "file://",
    "chrome-extension://localhost",
    "not an origin",
  ])("from %s is refused", async (origin) => {
    expect(await withOrigin(server, origin)).toBe(403);
  });

  it.each(["http://localhost:6274", "http://127.0.0.1", "http://[::1]:8080"])(
    "from %s is served",
    async (origin) => {
      expect(await withOrigin(server, origin)).toBe(200);
    },
  );

  it("that the operator has named is served, and may read the answer", async () => {
    const response = await post(named.url, list, { origin: "https://app.example.com" });
    expect(response.status).toBe(200);
    expect(response.headers.get("access-control-allow-origin")).toBe("https://app.example.com");
    expect(response.headers.get("access-control-expose-headers")).toContain("Mcp-Session-Id");
    expect(await withOrigin(named, "moz-extension://abc")).toBe(200);
  });

  it.each([
    "http://app.example.com",
    "https://app.example.com:8443",
    "https://app.example.com.evil.com",
  ])("from %s is not the one that was named", async (origin) => {
    expect(await withOrigin(named, origin)).toBe(403);
  });

  it("is told before its request what it may send", async () => {
    const headers = {
      origin: "https://app.example.com",
      "access-control-request-method": "POST",
      "access-control-request-headers":
        "authorization,content-type,mcp-method,mcp-protocol-version",
    };
    const response = await fetch(named.url, { method: "OPTIONS", headers });
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-headers")).toContain("authorization");
  });
});
