import type { OAuthClientProvider } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toolNames } from "../support/contract.ts";
import { answerOf, callTool, type HttpServed, modern, post, serveHttp } from "../support/http.ts";
import { bearer } from "../support/token-file.ts";
import {
  type AuthorizationServer,
  audience,
  startAuthorizationServer,
} from "./authorization-server.ts";

let issuer: AuthorizationServer;
let server: HttpServed;
beforeAll(async () => {
  issuer = await startAuthorizationServer();
  server = await serveHttp([], {
    ATLAS_MCP_ISSUER: issuer.url,
    ATLAS_MCP_AUDIENCE: audience,
    ATLAS_MCP_LOG_LEVEL: "debug",
  });
});
afterAll(async () => {
  await server?.end("SIGTERM");
  await issuer?.close();
});

const redirectUrl = "http://127.0.0.1:1/callback";

/** What a host keeps for its user between the steps of OAuth; `opened` is the address shown in a browser. */
const keeper = () => {
  const kept: { client?: any; tokens?: any; verifier?: string; opened?: URL } = {};
  const provider: OAuthClientProvider = {
    redirectUrl,
    clientMetadata: {
      client_name: "test",
      redirect_uris: [redirectUrl],
      token_endpoint_auth_method: "none",
      application_type: "native",
    } as OAuthClientProvider["clientMetadata"],
    clientInformation: () => kept.client,
    saveClientInformation: (client) => {
      kept.client = client;
    },
    tokens: () => kept.tokens,
    saveTokens: (tokens) => {
      kept.tokens = tokens;
    },
    redirectToAuthorization: (address) => {
      kept.opened = address;
    },
    saveCodeVerifier: (verifier) => {
      kept.verifier = verifier;
    },
    codeVerifier: () => kept.verifier ?? "",
  };
  return { kept, provider };
};

describe("a client that knows nothing but the address", () => {
  it("finds its way through the authorization server to all tools", async () => {
    const { kept, provider } = keeper();
    const first = new StreamableHTTPClientTransport(new URL(server.url), {
      authProvider: provider,
    });
    const refused = new Client({ name: "test", version: "1" }).connect(first as any);
    await expect(refused).rejects.toThrow(/Unauthorized/);
    expect(kept.opened?.searchParams.get("scope")).toContain("atlas:read atlas:write");
    expect(kept.opened?.searchParams.get("scope")).not.toContain("atlas:credentials");
    expect(kept.opened?.searchParams.get("resource")).toBe(server.url);
    await first.finishAuth(await issuer.login(kept.opened ?? new URL("about:blank")));

    const second = new StreamableHTTPClientTransport(new URL(server.url), {
      authProvider: provider,
    });
    const client = new Client({ name: "test", version: "1" });
    await client.connect(second as any);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(toolNames);
    await client.close();
    expect(server.stderr()).toContain(`"principal":"oauth-user:${issuer.url}#alice"`);
    expect(server.stderr()).not.toContain(kept.tokens.access_token);
  });
});

describe("a program with a token of its own", () => {
  const mcp = "https://mcp.example.com/mcp";
  const listWith = (token: string) => post(server.url, modern("tools/list"), bearer(token));

  it("is let in for this resource", async () => {
    const { result } = await answerOf(await listWith(await issuer.tokenFor(mcp, "atlas:write")));
    expect(result.tools.map(({ name }: { name: string }) => name)).toEqual(toolNames);
  });

  it("may only read with atlas:read, and is asked for more when it wants more", async () => {
    const token = await issuer.tokenFor(mcp, "atlas:read");
    const { result } = await callTool(server.url, "2026", "list_projects", {}, bearer(token));
    expect(result.structuredContent.status).toBe("ok");
    const create = modern("tools/call", { name: "create_project", arguments: {} });
    expect((await post(server.url, create, bearer(token))).status).toBe(403);
  });

  it("is not let in with a token for another resource of the same server", async () => {
    const token = await issuer.tokenFor("https://other.example.com/api", "atlas:write");
    expect((await listWith(token)).status).toBe(401);
  });

  it("is not let in with a token that is for no resource, which nobody but its server can read", async () => {
    expect((await listWith(await issuer.tokenFor(undefined, "atlas:write"))).status).toBe(401);
  });
});
