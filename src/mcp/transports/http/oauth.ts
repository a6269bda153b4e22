/** Access tokens of an OAuth 2.0 authorization server, checked here: signature, issuer, audience, time, scopes. */
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from "jose";
import { createDiscovery } from "./issuer.ts";
import type { Verify } from "./verifier.ts";

const readScope = "atlas:read";
const writeScope = "atlas:write";
export const scopes: readonly string[] = [readScope, writeScope];

// A symmetric algorithm would let whoever knows the public key sign (RFC 8725, 2.1 and 3.1).
const algorithms = [
  ..."RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512".split(" "),
  "EdDSA",
  "Ed25519",
];

// An ID token or a logout token is signed by the same key and is no access token (RFC 9068, 4).
const typesOfAccessTokens = new Set([undefined, "jwt", "at+jwt", "application/at+jwt"]);

// A subject has at most 255 characters (OpenID Connect Core, 2).
const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value.length > 0 && value.length <= 255 ? value : undefined;

/** `scope` is text (RFC 9068); Entra and Okta say `scp`, the one as text, the other as a list. */
const scopesOf = ({ scope, scp }: JWTPayload): string[] =>
  [scope, scp].flat().flatMap((one) => (typeof one === "string" ? one.split(" ") : []));

export type OAuthOptions = {
  issuer: string;
  audience: string;
  onProblem(problem: string): void;
  /** Milliseconds between two fetches of the keys for tokens signed with one that is not known. */
  cooldownMs?: number;
};

const whyRefused = (error: unknown): string | undefined => {
  if (error instanceof errors.JWTExpired) return "The token has expired";
  if (error instanceof errors.JWTClaimValidationFailed)
    return `The token's ${error.claim} is not right`;
  // What its issuer serves is not the token's fault.
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return undefined;
  if (error instanceof errors.JOSEError && error.code !== "ERR_JOSE_GENERIC")
    return "The token is not valid";
  return undefined;
};

/** Checks tokens of one issuer. Keys are fetched by the first token, kept for ten minutes, and asked for anew at most twice a minute. */
export const createOAuth = (options: OAuthOptions): Verify => {
  const { issuer, audience, onProblem, cooldownMs = 30_000 } = options;
  const discover = createDiscovery(issuer);
  let keys: { uri: string; get: ReturnType<typeof createRemoteJWKSet> } | undefined;
  const keysOf = async () => {
    const uri = await discover();
    if (keys?.uri !== uri)
      keys = {
        uri,
        get: createRemoteJWKSet(new URL(uri), {
          cacheMaxAge: 600_000,
          cooldownDuration: cooldownMs,
          timeoutDuration: 5000,
        }),
      };
    return keys.get;
  };

  return async (token) => {
    // Three parts make a JWT; anything else is not from here, and nothing is fetched for it.
    if (token.split(".").length !== 3) return { unknown: true };
    try {
      const { payload, protectedHeader } = await jwtVerify(token, await keysOf(), {
        issuer,
        audience,
        algorithms,
        requiredClaims: ["exp"],
        clockTolerance: 5,
      });
      if (!typesOfAccessTokens.has(protectedHeader.typ?.toLowerCase()))
        return { refused: "invalid_token", why: "The token is no access token" };
      const subject = textOf(payload.sub) ?? textOf(payload.client_id);
      if (subject === undefined) return { refused: "invalid_token", why: "The token names nobody" };
      const held = scopesOf(payload);
      const writes = held.includes(writeScope);
      if (!writes && !held.includes(readScope))
        return { refused: "insufficient_scope", why: `The token lacks the scope ${readScope}` };
      const principal = {
        id: `oauth:${issuer}#${subject}`,
        readOnly: !writes,
        noDelete: false,
        rules: {},
      };
      return { caller: { principal, ...(writes ? {} : { missingScopes: [writeScope] }) } };
    } catch (error) {
      const why = whyRefused(error);
      if (why !== undefined) return { refused: "invalid_token", why };
      const problem = `keys of ${issuer}: ${error instanceof Error ? error.message : String(error)}`;
      onProblem(problem);
      return { unavailable: problem };
    }
  };
};
