import { auth } from "@modelcontextprotocol/sdk/client/auth.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HttpServed, modern, post, serveHttp } from "../../../support/http.ts";
import { mint, type TokenFile, tokenFile } from "../../../support/token-file.ts";
import { type Issuer, issuerEnv, startIssuer } from "./issuer.ts";

type Refused = { error: string; error_description: string };

const refusedBy = async (response: Response) => (await response.json()) as Refused;

/** What a JSON-RPC error says. */
const messageOf = async (response: Response) =>
  ((await response.json()) as { error: { message: string } }).error.message;

const list = modern("tools/list");
const page = "https://app.example.com";
const registration = {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ redirect_uris: ["http://127.0.0.1/callback"] }),
};

describe("a server with tokens alone", () => {
  let server: HttpServed;
  let file: TokenFile;
  beforeAll(async () => {
    file = tokenFile((await mint("ci")).entry);
    server = await serveHttp(["--tokens", file.path, "--allowed-origins", page]);
  });
  afterAll(async () => {
    await server.end("SIGTERM");
    file.remove();
  });

  const errorAt = async (path: string, init: RequestInit) => {
    const response = await fetch(server.at(path), init);
    expect(response.headers.get("content-type")).toMatch(/^application\/json/);
    return { status: response.status, ...(await refusedBy(response)) };
  };

  it("registers no clients, and says which token to send", async () => {
    expect(await errorAt("/register", registration)).toEqual({
      status: 403,
      error: "access_denied",
      error_description: "this server registers no clients; send the token its operator gave you",
    });
  });

  it.each([
    ["/token", { method: "POST", body: "grant_type=authorization_code&code=a" }],
    ["/authorize?response_type=code&client_id=a", {}],
  ])("answers %s, where hosts guess it, in the same way", async (path, init) => {
    const { status, error, error_description } = await errorAt(path, init);
    expect([status, error]).toEqual([403, "access_denied"]);
    expect(error_description).toContain("send the token its operator gave you");
  });

  it("is understood by a client that tries to sign in", async () => {
    const provider = {
      redirectUrl: "http://127.0.0.1/callback",
      clientMetadata: { redirect_uris: ["http://127.0.0.1/callback"] },
      clientInformation: () => undefined,
      saveClientInformation: () => {},
      tokens: () => undefined,
      saveTokens: () => {},
      redirectToAuthorization: () => {},
      saveCodeVerifier: () => {},
      codeVerifier: () => "a",
    };
    await expect(auth(provider, { serverUrl: server.url })).rejects.toThrow(
      "send the token its operator gave you",
    );
  });

  it.each([
    "/.well-known/oauth-protected-resource",
    "/.well-known/oauth-protected-resource/mcp",
    "/.well-known/oauth-authorization-server",
    "/.well-known/oauth-authorization-server/mcp",
    "/.well-known/openid-configuration",
  ])("has no metadata at %s: 404 as JSON", async (path) => {
    expect((await errorAt(path, {})).status).toBe(404);
  });

  it.each<[string, Record<string, string>]>([
    ["no token", {}],
    ["an unknown token", { authorization: `Bearer atlas_mcp_${"A".repeat(43)}` }],
    ["a password", { authorization: `Basic ${btoa("a:b")}` }],
  ])(
    "says to a request with %s which token to send, in the challenge and the body",
    async (_what, headers) => {
      const response = await post(server.url, list, headers);
      expect(response.status).toBe(401);
      const message = await messageOf(response);
      expect(message).toMatch(
        /send the token that the operator of this server gave you, as Authorization: Bearer/i,
      );
      const challenge = response.headers.get("www-authenticate");
      expect(challenge).toContain(`error_description="${message}"`);
      expect(challenge).not.toContain("resource_metadata");
    },
  );

  it.each(["/register", "/mcp", "/.well-known/oauth-protected-resource"])(
    "lets a page that is allowed ask before it calls %s, and read the answer",
    async (path) => {
      const asking = {
        origin: page,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,authorization",
      };
      const preflight = await fetch(server.at(path), { method: "OPTIONS", headers: asking });
      expect(preflight.status).toBe(204);
      const response = await fetch(server.at(path), {
        ...registration,
        headers: { ...registration.headers, origin: page },
      });
      for (const { headers } of [preflight, response])
        expect(headers.get("access-control-allow-origin")).toBe(page);
    },
  );

  it("refuses a registration for another host or from another page", async () => {
    const headers = { ...registration.headers, origin: "https://evil.example.com" };
    const response = await fetch(server.at("/register"), { ...registration, headers });
    expect((await refusedBy(response)).error).not.toBe("access_denied");
    expect(response.status).toBe(403);
  });
});

describe("a server with an issuer", () => {
  let issuer: Issuer;
  let server: HttpServed;
  beforeAll(async () => {
    issuer = await startIssuer();
    server = await serveHttp([], issuerEnv(issuer));
  });
  afterAll(async () => {
    await server.end("SIGTERM");
    await issuer.close();
  });

  it("sends who wants to register to its issuer", async () => {
    const response = await fetch(server.at("/register"), registration);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      error: "access_denied",
      error_description: `this server registers no clients; its authorization server is ${issuer.url}`,
    });
  });

  it("names no error to who has sent no token", async () => {
    const response = await post(server.url, list);
    expect(response.headers.get("www-authenticate")).not.toContain("error");
    expect(await messageOf(response)).not.toContain("operator");
  });
});

describe("a server without authentication", () => {
  it("has no path to register at", async () => {
    const server = await serveHttp();
    expect((await fetch(server.at("/register"), registration)).status).toBe(404);
    await server.end("SIGTERM");
  });
});
