/** Checks access tokens of an OAuth 2.0 authorization server: signature, issuer, audience, expiry, scopes. */
import { errors, type JWTPayload, jwtVerify } from "jose";
import { messageOf } from "../../../common/errno.ts";
import { createIssuerKeys, type KeysOptions } from "./issuer-keys.ts";
import type { Verification, Verify } from "./verifier.ts";

const readScope = "atlas:read";
const writeScope = "atlas:write";
export const scopes: readonly string[] = [readScope, writeScope];

/** Lets a caller fetch its passwords. No challenge of /mcp asks for it: it is for a person's token, not for a host's. */
export const credentialsScope = "atlas:credentials";

// How far the issuer's clock may be behind.
const toleranceSeconds = 5;

// No symmetric algorithm: with one, anyone who knows the public key could sign (RFC 8725, 2.1 and 3.1).
const algorithms = [
  ..."RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512".split(" "),
  "EdDSA",
  "Ed25519",
];

// The same key signs ID tokens and logout tokens, which are not access tokens (RFC 9068, 4).
const typesOfAccessTokens = new Set([undefined, "jwt", "at+jwt", "application/at+jwt"]);

// A subject has at most 255 characters (OpenID Connect Core, 2).
const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value.length > 0 && value.length <= 255 ? value : undefined;

/** RFC 9068 has `scope` as text. Entra has `scp` as text, Okta has `scp` as a list. */
const scopesOf = ({ scope, scp }: JWTPayload): string[] =>
  [scope, scp].flat().flatMap((one) => (typeof one === "string" ? one.split(" ") : []));

export type OAuthOptions = KeysOptions & { audience: string };

const whyRefused = (error: unknown): string | undefined => {
  if (error instanceof errors.JWTExpired) return "The token has expired";
  if (error instanceof errors.JWTClaimValidationFailed)
    return `The claim ${error.claim} of the token is not valid`;
  // The issuer failed, not the token.
  if (error instanceof errors.JWKSInvalid) return undefined;
  return error instanceof errors.JOSEError ? "The token is not valid" : undefined;
};

/** The members in which issuers name the client that got the token: RFC 9068, then Okta, OpenID Connect, Entra. */
const clientsIn = ({ client_id, cid, azp, appid }: JWTPayload): string[] =>
  [client_id, cid, azp, appid].flatMap((one) => textOf(one) ?? []);

/**
 * Whose token it is, as the name of a principal. A client that has no user may be named like one, because its subject is
 * often its own id (RFC 9068, 5), so the name says which it is. Auth0 and Entra tell it in members of their own.
 */
const principalOf = (payload: JWTPayload): string | undefined => {
  const subject = textOf(payload.sub);
  const clients = clientsIn(payload);
  const isClient =
    subject === undefined ||
    clients.includes(subject) ||
    [payload.gty].flat().includes("client-credentials") ||
    payload.idtyp === "app";
  const name = subject ?? clients[0];
  if (name === undefined) return undefined;
  return `${isClient ? "oauth-client" : "oauth-user"}:${payload.iss}#${name}`;
};

/** The caller that a verified token names, if the token is an access token with a scope of ours. */
const callerIn = (payload: JWTPayload, type: string | undefined): Verification => {
  if (!typesOfAccessTokens.has(type?.toLowerCase()))
    return { refused: "invalid_token", why: "The token is not an access token" };
  const id = principalOf(payload);
  if (id === undefined)
    return { refused: "invalid_token", why: "The token has no valid sub or client_id" };
  const granted = scopesOf(payload);
  const mayWrite = granted.includes(writeScope);
  if (!mayWrite && !granted.includes(readScope))
    return { refused: "insufficient_scope", why: `The token lacks the scope ${readScope}` };
  return {
    caller: { id, readOnly: !mayWrite, noDelete: false, rules: {} },
    ...(mayWrite ? {} : { missingScopes: [writeScope] }),
    mayFetch: granted.includes(credentialsScope),
    isValid: () => Date.now() < ((payload.exp ?? 0) + toleranceSeconds) * 1000,
  };
};

/** Checks tokens of one issuer. Keys are cached for ten minutes; an unknown key refreshes them, at most twice a minute. */
export const createOAuth = ({ audience, ...options }: OAuthOptions): Verify => {
  const { issuer } = options;
  const keys = createIssuerKeys(options);

  return async (token) => {
    // A JWT has three parts.
    if (token.split(".").length !== 3) return { unknown: true };
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms,
        requiredClaims: ["exp"],
        clockTolerance: toleranceSeconds,
      });
      return callerIn(payload, protectedHeader.typ);
    } catch (error) {
      const why = whyRefused(error);
      return why === undefined
        ? { unavailable: messageOf(error) }
        : { refused: "invalid_token", why };
    }
  };
};
