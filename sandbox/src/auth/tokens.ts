import type { Identifiers } from "../identifiers.ts";

/** Seconds that an access token lives. */
export const tokenSeconds = 3600;

const maxLiveTokens = 100;
const maxRequestsPerMinute = 10;
const minuteMs = 60_000;

/** The service account's live tokens by their expiry, and when each caller last asked for one. */
export type AccessTokens = {
  expiries: Map<string, number>;
  requested: Map<string, number[]>;
};

/** Starts with no token. */
export const createAccessTokens = (): AccessTokens => ({
  expiries: new Map(),
  requested: new Map(),
});

/** Counts a request for a token; false where it is one too many for this caller and minute. */
export const countTokenRequest = (tokens: AccessTokens, caller: string, now: number): boolean => {
  const recent = (tokens.requested.get(caller) ?? []).filter((at) => now - at < minuteMs);
  const allowed = recent.length < maxRequestsPerMinute;
  tokens.requested.set(caller, allowed ? [...recent, now] : recent);
  return allowed;
};

/** Mints a token, or answers undefined where the account has as many live ones as it may. */
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
  // Shaped like a JWT because Atlas's is one; nothing verifies the signature, the token is looked up.
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signature = Buffer.from(ids.hex(64), "hex").toString("base64url");
  const token = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}.${signature}`;
  tokens.expiries.set(token, now + tokenSeconds * 1000);
  return token;
};

/** Tells whether a token may still be used. */
export const isLiveToken = (tokens: AccessTokens, token: string, now: number): boolean =>
  (tokens.expiries.get(token) ?? 0) > now;

/** Ends a token; one that is not known is no error (RFC 7009). */
export const revokeToken = (tokens: AccessTokens, token: string): void => {
  tokens.expiries.delete(token);
};
