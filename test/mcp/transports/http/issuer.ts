/** An authorization server as small as can be: metadata, keys, and whatever tokens a test wants signed. */
import type { ServerResponse } from "node:http";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { json, startFakeAtlas } from "../../../support/fake-atlas.ts";

export const audience = "https://mcp.example.com/mcp";

export type Issuer = {
  url: string;
  /** An access token as it should be; members override or, as undefined, leave out. */
  token(
    claims?: JWTPayload,
    header?: { alg?: string; typ?: string; kid?: string },
  ): Promise<string>;
  /** The public key as anybody can have it. */
  publicJwk(): object;
  /** Signs with a new key from now on, and shows only that one. */
  rotate(): Promise<void>;
  /** How often the metadata and the keys were asked for. */
  asked(path: RegExp): number;
  /** Whether it answers at all. */
  down: boolean;
  /** Answers for the keys, if a test says how. */
  keys: ((response: ServerResponse) => void) | undefined;
  close(): Promise<void>;
};

export const startIssuer = async (): Promise<Issuer> => {
  let count = 0;
  const makeKey = async () => {
    count += 1;
    const pair = await generateKeyPair("RS256");
    const kid = `key-${count}`;
    return {
      ...pair,
      kid,
      jwk: { ...(await exportJWK(pair.publicKey)), kid, alg: "RS256", use: "sig" },
    };
  };
  let key = await makeKey();
  const issuer: Pick<Issuer, "down" | "keys"> = { down: false, keys: undefined };
  const server = await startFakeAtlas(({ path }, response) => {
    if (issuer.down) return json(response, 503, "down");
    if (path === "/.well-known/oauth-authorization-server")
      return json(response, 200, { issuer: server.url, jwks_uri: `${server.url}/keys` });
    if (path === "/keys" && issuer.keys !== undefined) {
      issuer.keys(response);
      return true;
    }
    if (path === "/keys") return json(response, 200, { keys: [key.jwk] });
    return undefined;
  });
  return Object.assign(issuer, {
    url: server.url,
    publicJwk: () => key.jwk,
    rotate: async () => {
      key = await makeKey();
    },
    asked: (path: RegExp) => server.seen.filter((one) => path.test(one.path)).length,
    token: (claims: JWTPayload = {}, header: { alg?: string; typ?: string; kid?: string } = {}) => {
      const now = Math.floor(Date.now() / 1000);
      const all = {
        iss: server.url,
        aud: audience,
        sub: "alice",
        scope: "atlas:read atlas:write",
        iat: now,
        exp: now + 300,
        ...claims,
      };
      const given = Object.fromEntries(
        Object.entries(all).filter(([, value]) => value !== undefined),
      );
      return new SignJWT(given)
        .setProtectedHeader({ alg: "RS256", typ: "at+jwt", kid: key.kid, ...header })
        .sign(key.privateKey);
    },
    close: server.close,
  });
};

/** The environment in which `http` takes this issuer's tokens. */
export const issuerEnv = ({ url }: Issuer) => ({
  ATLAS_MCP_ISSUER: url,
  ATLAS_MCP_PUBLIC_URL: "https://mcp.example.com",
});
