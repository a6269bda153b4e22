/** Access tokens of service accounts: created, checked and revoked. */
import type { Identifiers } from "../identifiers.ts";

/** How long an access token is valid. */
export const tokenSeconds = 3600;

/** How often one client may ask for a token. */
export const maxTokenRequestsPerMinute = 10;

const maxLiveTokens = 100;
const minuteMs = 60_000;

/** The owner and expiry of each live token, and the times of each client's latest requests for one. */
export type AccessTokens = {
  live: Map<string, { clientId: string; expiry: number }>;
  requests: Map<string, number[]>;
};

export const createAccessTokens = (): AccessTokens => ({
  live: new Map(),
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
  for (const [token, { expiry }] of tokens.live) {
    if (expiry <= now) tokens.live.delete(token);
  }
  const owned = [...tokens.live.values()].filter((token) => token.clientId === clientId);
  if (owned.length >= maxLiveTokens) return undefined;

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
  tokens.live.set(token, { clientId, expiry: now + tokenSeconds * 1000 });
  return token;
};

/** The service account whose token this is; undefined if the token is unknown or has expired. */
export const ownerOfToken = (
  tokens: AccessTokens,
  token: string,
  now: number,
): string | undefined => {
  const live = tokens.live.get(token);
  return live !== undefined && live.expiry > now ? live.clientId : undefined;
};

/** Revokes a token; an unknown token is not an error (RFC 7009). */
export const revokeToken = (tokens: AccessTokens, token: string): void => {
  tokens.live.delete(token);
};
