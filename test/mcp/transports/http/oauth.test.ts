import { createHmac, createPublicKey } from "node:crypto";
import { generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  answerOf,
  callTool,
  type HttpServed,
  modern,
  post,
  serveHttp,
} from "../../../support/http.ts";
import { bearer } from "../../../support/token-file.ts";
import { audience, type Issuer, issuerEnv, startIssuer } from "./issuer.ts";

let issuer: Issuer;
let stranger: Issuer;
let server: HttpServed;
beforeAll(async () => {
  [issuer, stranger] = await Promise.all([startIssuer(), startIssuer()]);
  server = await serveHttp([], { ...issuerEnv(issuer), ATLAS_MCP_LOG_LEVEL: "debug" });
});
afterAll(async () => {
  await server.end("SIGTERM");
  await Promise.all([issuer.close(), stranger.close()]);
});

const list = modern("tools/list");
const listWith = (token: string) => post(server.url, list, bearer(token));

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Claims as they should be, for tokens that the issuer would not sign. */
const claims = (): JWTPayload => {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: issuer.url,
    aud: audience,
    sub: "alice",
    scope: "atlas:read atlas:write",
    iat: now,
    exp: now + 300,
  };
};

/** A token whose "secret" is the public key in one of its forms. */
const confused = (key: string | Buffer, kid = "key-1") => {
  const signed = `${encode({ alg: "HS256", typ: "at+jwt", kid })}.${encode(claims())}`;
  return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
};
const publicKey = () => createPublicKey({ key: issuer.publicJwk() as any, format: "jwk" });

const byOtherKey = async (header: object = {}) => {
  const { privateKey } = await generateKeyPair("RS256");
  return new SignJWT(claims())
    .setProtectedHeader({ alg: "RS256", typ: "at+jwt", kid: "key-1", ...header })
    .sign(privateKey);
};

const changed = async () => {
  const [header, , signature] = (await issuer.token()).split(".");
  return `${header}.${encode({ ...claims(), sub: "mallory" })}.${signature}`;
};

const forged: [what: string, token: () => Promise<string> | string][] = [
  [
    "no signature and alg none",
    () => `${encode({ alg: "none", typ: "at+jwt" })}.${encode(claims())}.`,
  ],
  ["alg None in other letters", () => `${encode({ alg: "nOnE" })}.${encode(claims())}.`],
  [
    "alg none and a signature",
    async () =>
      `${encode({ alg: "none" })}.${encode(claims())}.${(await issuer.token()).split(".")[2]}`,
  ],
  [
    "HS256 with the public key as PEM",
    () => confused(publicKey().export({ type: "spki", format: "pem" })),
  ],
  [
    "HS256 with the public key as DER",
    () => confused(publicKey().export({ type: "spki", format: "der" })),
  ],
  ["HS256 with the public key as JWK", () => confused(JSON.stringify(issuer.publicJwk()))],
  ["HS256 with nothing as key", () => confused("")],
  ["the right key's name and another key", () => byOtherKey()],
  ["a key of its own in its header", () => byOtherKey({ jwk: stranger.publicJwk() })],
  ["an address of keys in its header", () => byOtherKey({ jku: `${stranger.url}/keys` })],
  ["claims that were changed afterwards", changed],
  ["another issuer's signature and name", () => stranger.token()],
  ["another issuer's signature under this one's name", () => stranger.token({ iss: issuer.url })],
  ["a signature cut off", async () => (await issuer.token()).slice(0, -20)],
];

const past = () => Math.floor(Date.now() / 1000) - 60;

const wrong: [what: string, token: () => Promise<string>][] = [
  ["that has expired", () => issuer.token({ exp: past() })],
  ["that never expires", () => issuer.token({ exp: undefined as never })],
  ["that is not valid yet", () => issuer.token({ nbf: past() + 600 })],
  ["for another audience", () => issuer.token({ aud: "https://other.example.com/mcp" })],
  ["for this host's root alone", () => issuer.token({ aud: "https://mcp.example.com" })],
  ["for nobody in particular", () => issuer.token({ aud: undefined as never })],
  ["of an issuer whose name only begins alike", () => issuer.token({ iss: `${issuer.url}/` })],
  ["that names nobody", () => issuer.token({ sub: undefined as never })],
  ["that is an ID token", () => issuer.token({}, { typ: "id_token+jwt" })],
  ["that is a logout token", () => issuer.token({}, { typ: "logout+jwt" })],
];

const resourceMetadata = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp";

describe("a resource server", () => {
  it("lets in who has an access token, under its subject", async () => {
    const response = await listWith(await issuer.token());
    expect(response.status).toBe(200);
    expect((await answerOf(response)).result.cacheScope).toBe("private");
    expect(server.stderr()).toContain(`"principal":"oauth-user:${issuer.url}#alice"`);
  });

  it.each(forged)("does not let in a token with %s", async (_what, token) => {
    expect((await listWith(await token())).status).toBe(401);
  });

  it.each(wrong)("does not let in a token %s", async (_what, token) => {
    const response = await listWith(await token());
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toContain('error="invalid_token"');
  });

  it("takes a token for several audiences, this one among them", async () => {
    const token = await issuer.token({ aud: ["https://other.example.com", audience] });
    expect((await listWith(token)).status).toBe(200);
  });

  it("tells a stranger where tokens are to be had, and with which scopes", async () => {
    const challenge = (await post(server.url, list)).headers.get("www-authenticate");
    expect(challenge).toContain(`resource_metadata="${resourceMetadata}"`);
    expect(challenge).toContain('scope="atlas:read atlas:write"');
    expect(challenge).not.toContain("error=");
  });

  it.each(["/mcp", ""])(
    "publishes its metadata under the well-known path, %j added",
    async (path) => {
      const response = await fetch(server.at(`/.well-known/oauth-protected-resource${path}`));
      expect(await response.json()).toMatchObject({
        resource: audience,
        authorization_servers: [issuer.url],
        scopes_supported: ["atlas:read", "atlas:write", "atlas:credentials"],
        bearer_methods_supported: ["header"],
      });
    },
  );

  it("has written none of the tokens into its log", async () => {
    const token = await issuer.token();
    await listWith(token);
    expect(server.stderr()).not.toContain(token.split(".")[2]);
    expect(server.stderr()).not.toMatch(/eyJ[A-Za-z0-9_-]{20}/);
  });
});

describe("the scopes of an access token", () => {
  const namesWith = async (token: string): Promise<string[]> => {
    const { result } = await answerOf(await listWith(token));
    return result.tools.map((tool: { name: string }) => tool.name);
  };

  it.each([
    ["as text", { scope: "openid atlas:read" }],
    ["as text in scp", { scope: undefined, scp: "atlas:read" }],
    ["as a list in scp", { scope: undefined, scp: ["atlas:read", "other"] }],
  ])("without atlas:write show only what reads: %s", async (_how, claim) => {
    const names = await namesWith(await issuer.token(claim as JWTPayload));
    expect(names).toContain("list_projects");
    expect(names).not.toContain("create_project");
  });

  it("with atlas:write show all", async () => {
    expect(await namesWith(await issuer.token({ scope: "atlas:write" }))).toContain(
      "create_project",
    );
  });

  it.each(["", "openid", "atlas:reader", "atlas"])(
    "%j let nobody in: 403 with what is missing",
    async (scope) => {
      const response = await listWith(await issuer.token({ scope }));
      expect(response.status).toBe(403);
      const challenge = response.headers.get("www-authenticate");
      expect(challenge).toContain('error="insufficient_scope"');
      expect(challenge).toContain('scope="atlas:read atlas:write"');
    },
  );

  const create = { name: "create_project", arguments: { name: "shop", orgId: "a".repeat(24) } };

  it("are asked for with 403 when a reader wants to create", async () => {
    const token = await issuer.token({ scope: "atlas:read" });
    const response = await post(server.url, modern("tools/call", create), bearer(token));
    expect(response.status).toBe(403);
    expect(response.headers.get("www-authenticate")).toContain('error="insufficient_scope"');
  });

  it("are not asked for when a reader wants a tool that is not there", async () => {
    const token = await issuer.token({ scope: "atlas:read" });
    const { error } = await callTool(server.url, "2026", "create_everything", {}, bearer(token));
    expect(error.code).toBe(-32602);
  });
});
