/** Access tokens of the service account: created, checked and revoked. */
import type { Identifiers } from "../identifiers.ts";

/** How long an access token is valid. */
export const tokenSeconds = 3600;

/** How often one client may ask for a token. */
export const maxTokenRequestsPerMinute = 10;

const maxLiveTokens = 100;
const minuteMs = 60_000;

/** The expiry of each live token, and the times of each client's latest requests for one. */
export type AccessTokens = {
  expiries: Map<string, number>;
  requests: Map<string, number[]>;
};

export const createAccessTokens = (): AccessTokens => ({
  expiries: new Map(),
  requests: new Map(),
});

/** Counts a request for a token; false if the client has made too many in the last minute. */
export const countTokenRequest = (tokens: AccessTokens, client: string, now: number): boolean => {
  const recent = (tokens.requests.get(client) ?? []).filter((at) => now - at < minuteMs);
  const allowed = recent.length < maxTokenRequestsPerMinute;
  tokens.requests.set(client, allowed ? [...recent, now] : recent);
  return allowed;
};

/** Creates a token; undefined if the account has the maximum number of live ones. */
export const createToken = (
  tokens: AccessTokens,
  ids: Identifiers,
  clientId: string,
  now: number,
): string | undefined => {
  for (const [token, expiry] of tokens.expiries) {
    if (expiry <= now) tokens.expiries.delete(token);
  }
  if (tokens.expiries.size >= maxLiveTokens) return undefined;

  const issuedAt = Math.floor(now / 1000);
  const claims = {
    aud: "api",
    cid: clientId,
    exp: issuedAt + tokenSeconds,
    iat: issuedAt,
    iss: "https://cloud.mongodb.com",
    jti: ids.objectId(now),
    sub: clientId,
  };
  // A JWT because Atlas's token is one. Nothing verifies the signature: the token is looked up.
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signature = Buffer.from(ids.hex(64), "hex").toString("base64url");
  const token = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}.${signature}`;
  tokens.expiries.set(token, now + tokenSeconds * 1000);
  return token;
};

export const isLiveToken = (tokens: AccessTokens, token: string, now: number): boolean =>
  (tokens.expiries.get(token) ?? 0) > now;

/** Revokes a token; an unknown token is not an error (RFC 7009). */
export const revokeToken = (tokens: AccessTokens, token: string): void => {
  tokens.expiries.delete(token);
};
