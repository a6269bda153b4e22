import { describe, expect, it, onTestFinished } from "vitest";
import { serveHttp } from "../support/http.ts";
import { run } from "../support/program.ts";
import { tokenFile } from "../support/token-file.ts";

const tokens = () => {
  const file = tokenFile({ name: "ci", sha256: "a".repeat(64) });
  onTestFinished(file.remove);
  return file.path;
};

const account = {
  MONGODB_ATLAS_CLIENT_ID: "mdb_sa_id_1",
  MONGODB_ATLAS_CLIENT_SECRET: "mdb_sa_sk_1",
};

type Refusal = [what: string, args: () => string[], env: Record<string, string>, says: RegExp];

const refusals: Refusal[] = [
  [
    "all addresses, everybody let in",
    () => ["--host", "0.0.0.0", "--backend", "sandbox"],
    {},
    /use --tokens or --issuer \(ATLAS_MCP_TOKENS or ATLAS_MCP_ISSUER\)/,
  ],
  [
    "all addresses of IPv6, everybody let in",
    () => ["--host", "::", "--backend", "sandbox"],
    {},
    /ATLAS_MCP_TOKENS/,
  ],
  [
    "an address of the network, everybody let in",
    () => ["--host", "10.0.0.1", "--backend", "sandbox"],
    {},
    /ATLAS_MCP_TOKENS/,
  ],
  [
    "a name that only begins like loopback",
    () => ["--host", "127.0.0.1.example.com", "--backend", "sandbox"],
    {},
    /ATLAS_MCP_TOKENS/,
  ],
  [
    "all addresses, no backend named",
    () => ["--host", "0.0.0.0", "--tokens", tokens()],
    {},
    /--backend/,
  ],
  [
    "all addresses, credentials instead of a backend",
    () => ["--host", "0.0.0.0", "--tokens", tokens()],
    account,
    /--backend/,
  ],
  [
    "an issuer without an audience",
    () => ["--issuer", "https://as.example.com"],
    {},
    /ATLAS_MCP_AUDIENCE/,
  ],
  ["an audience without an issuer", () => ["--audience", "me"], {}, /ATLAS_MCP_ISSUER/],
  [
    "an issuer in plain http",
    () => ["--issuer", "http://as.example.com", "--audience", "me"],
    {},
    /--issuer must be https/,
  ],
  [
    "a public URL that is none",
    () => ["--public-url", "mcp.example.com"],
    {},
    /--public-url must be a URL/,
  ],
  [
    "a host with a port",
    () => [],
    { ATLAS_MCP_ALLOWED_HOSTS: "a.example.com:80" },
    /ATLAS_MCP_ALLOWED_HOSTS must be host names/,
  ],
  [
    "an origin that is a host",
    () => [],
    { ATLAS_MCP_ALLOWED_ORIGINS: "a.example.com" },
    /ATLAS_MCP_ALLOWED_ORIGINS must be origins/,
  ],
  [
    "a rate that is no number",
    () => ["--rate-limit", "many"],
    {},
    /--rate-limit must be a whole number/,
  ],
  ["a port that is none", () => ["--port", "65536"], {}, /--port must be a whole number/],
  ["a token file that is not there", () => ["--tokens", "/nowhere/tokens.json"], {}, /ENOENT/],
  [
    "a host that is no address",
    () => ["--host", "a b"],
    {},
    /--host a b is not a host name or address/,
  ],
];

describe("http does not start", () => {
  it.each(refusals)("with %s, and says why in one line", async (_what, args, env, says) => {
    const given = args();
    const port = given.includes("--port") ? [] : ["--port", "0"];
    const { code, stdout, stderr } = await run(["http", ...port, ...given], env);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^atlas-provision-mcp: .+\n$/);
    expect(stderr).toMatch(says);
  });

  it("on a port that is taken", async () => {
    const server = await serveHttp();
    onTestFinished(() => void server.end("SIGTERM"));
    const { code, stderr } = await run(["http", "--port", new URL(server.url).port]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("is in use")]);
  });
});

describe("http starts", () => {
  it.each(["127.0.0.1", "localhost", "127.0.0.2", "::1"])(
    "on %s without anything else",
    async (host) => {
      const server = await serveHttp(["--host", host]);
      onTestFinished(() => void server.end("SIGTERM"));
      expect((await fetch(server.at("/healthz"))).status).toBe(200);
    },
  );

  it("on all addresses with a token file and a backend", async () => {
    const server = await serveHttp([
      "--host",
      "0.0.0.0",
      "--tokens",
      tokens(),
      "--backend",
      "sandbox",
    ]);
    onTestFinished(() => void server.end("SIGTERM"));
    expect((await fetch(server.url, { method: "POST" })).status).toBe(401);
  });
});

describe("the flags of http", () => {
  it("are unknown to the server on stdio", async () => {
    const { code, stderr } = await run(["--tokens", "x"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("it belongs to http")]);
  });
});
