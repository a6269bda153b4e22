import { request } from "node:http";
import { expect, it, onTestFinished } from "vitest";
import { pathOf } from "../../../../src/mcp/transports/http/request-target.ts";
import { serveHttp } from "../../../support/http.ts";
import { audience, startIssuer } from "./issuer.ts";

/** Sends a target as it stands. */
const send = (port: string, path: string, headers: Record<string, string>) =>
  new Promise<{ status: number; text: string }>((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, headers, agent: false }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on("error", reject).end();
  });

const wellKnown = "/.well-known/oauth-protected-resource";

/** A server that knows its own address only from its requests. */
const start = async () => {
  const issuer = await startIssuer();
  onTestFinished(issuer.close);
  const server = await serveHttp(["--audience", audience], { ATLAS_MCP_ISSUER: issuer.url });
  onTestFinished(() => void server.end());
  return new URL(server.url).port;
};

it("never says whose metadata it is: the header Host does", async () => {
  const port = await start();
  const resource = `http://localhost:${port}/mcp`;
  const host = `localhost:${port}`;
  for (const target of [
    wellKnown,
    `http://evil.example${wellKnown}`,
    `HTTPS://evil:1${wellKnown}`,
  ]) {
    const { status, text } = await send(port, target, { host });
    expect([status, JSON.parse(text).resource]).toEqual([200, resource]);
  }
});

it("does not get around the check of Host", async () => {
  const port = await start();
  const target = `http://localhost:${port}${wellKnown}`;
  expect((await send(port, target, { host: "evil.example" })).status).toBe(403);
});

it("that adds a host to that of the header is refused", async () => {
  const port = await start();
  for (const target of ["*", `@evil.name${wellKnown}`, `.evil.example${wellKnown}`])
    expect((await send(port, target, { host: "LOCALHOST" })).status).toBe(400);
});

it.each([
  ["/mcp?a=http://b", "/mcp?a=http://b"],
  ["//evil.example/mcp", "//evil.example/mcp"],
  ["http://evil.example", "/"],
  ["http://evil.example?a=1", "/?a=1"],
  ["http://user@evil.example:80/mcp", "/mcp"],
  ["http:///mcp", "/mcp"],
  ["ftp://evil.example/mcp", "*"],
  ["", "*"],
])("%j has the path %j", (target, path) => {
  expect(pathOf(target)).toBe(path);
});
