/** Turns a response of the token endpoint into a token or a failure: by the form of its body first, then by status (docs/atlas.md#service-accounts). */
import type { Clock } from "../../common/deadline.ts";
import { type AtlasQuote, type ErrorCode, type Failure, failure } from "../../common/failure.ts";
import { type AtlasResponse, classify, sanitize, unsaidWaitSeconds } from "../classify.ts";
import type { HttpResponse } from "../http.ts";
import { toAtlasResponse } from "../http-response.ts";
import { isRecord } from "../resources/fields.ts";

export type Token = { value: string; renewAt: number; expiresAt: number };

const hourSeconds = 3600;

/** A whole number of seconds, at most an hour; an hour if the endpoint states no usable lifetime. */
const lifetimeSeconds = (stated: unknown): number => {
  const isDigits = typeof stated === "string" && /^\d+$/.test(stated);
  const seconds = typeof stated === "number" || isDigits ? Math.floor(Number(stated)) : hourSeconds;
  return seconds >= 1 ? Math.min(seconds, hourSeconds) : hourSeconds;
};

// What an Authorization header can hold. RFC 6749, appendix A.12, also allows a space.
const bearerToken = /^[\x21-\x7e]+$/;

const tokenIn = ({ status, body }: AtlasResponse, requestedAt: number): Token | undefined => {
  if (status < 200 || status >= 300 || !isRecord(body)) return undefined;
  const { access_token: value, expires_in: stated } = body;
  if (typeof value !== "string" || !bearerToken.test(value)) return undefined;
  const seconds = lifetimeSeconds(stated);
  // Renew after five sixths of the lifetime (50 of 60 minutes), so that no token expires on its way to Atlas.
  return {
    value,
    renewAt: requestedAt + seconds * (5000 / 6),
    expiresAt: requestedAt + seconds * 1000,
  };
};

const later = (response: AtlasResponse) => ({
  retry: "after_delay" as const,
  retryAfterSeconds: response.retryAfterSeconds ?? unsaidWaitSeconds,
});

const mustCheckUrl = "The operator of this server must check MONGODB_ATLAS_BASE_URL";

const noEndpoint = (status: number): Failure =>
  failure(
    "unavailable",
    `The configured address has no Atlas token endpoint (HTTP ${status}). ${mustCheckUrl}.`,
    { atlas: { status } },
  );

/** The failure for an answer that has no form of Atlas. It quotes nothing, because the words are not Atlas's. */
const notFromAtlas = (response: AtlasResponse): Failure => {
  const { status } = response;
  const noSuchPath =
    status === 404 ? ", or the configured address has no Atlas token endpoint" : "";
  return failure(
    "unavailable",
    `This server got no access token: something between this server and Atlas answered instead of Atlas (a proxy, a portal or a gateway; HTTP ${status})${noSuchPath}. ${mustCheckUrl} and the network.`,
    later(response),
  );
};

const endpointFailed = (
  response: AtlasResponse,
  atlas: AtlasQuote,
  who = "Atlas's token endpoint",
): Failure =>
  failure("unavailable", `${who} failed (HTTP ${response.status}).`, {
    ...later(response),
    atlas,
  });

const wrongCredential = (atlas: AtlasQuote): Failure =>
  failure(
    "unauthenticated",
    "Atlas refused the service account: its client id or secret is wrong, or the secret has expired. The operator of this server must check them.",
    { atlas },
  );

/** Whether a description speaks of the limit of live tokens: `access_denied` has other reasons too (docs/atlas.md#service-accounts). */
const isTokenLimit = (description: string): boolean =>
  /token/i.test(description) && /limit|maximum|too many|\b100\b/i.test(description);

/** The failure for an error in OAuth's form (RFC 6749, 5.2). */
const oauthFailure = (response: AtlasResponse, error: string, words: unknown): Failure => {
  const { status } = response;
  const errorCode = sanitize(error, 100);
  const detail = sanitize(words, 500);
  const atlas = { status, ...(errorCode === undefined ? {} : { errorCode }) };
  if (status >= 500) return endpointFailed(response, atlas);
  if (error === "invalid_client") return wrongCredential(atlas);
  if (error === "access_denied" && isTokenLimit(detail ?? ""))
    return failure(
      "quota_exceeded",
      "The service account has 100 live access tokens, the maximum. They expire within an hour.",
      { retry: "after_delay", retryAfterSeconds: 600, atlas },
    );
  // Only Atlas's words say what is wrong.
  return failure(
    status === 401 ? "unauthenticated" : "forbidden",
    "Atlas refused to issue an access token to the service account. The operator of this server must check the service account in Atlas.",
    { atlas: detail === undefined ? atlas : { ...atlas, detail } },
  );
};

// Other codes speak of the resource or the arguments of a call, and a request for a token has none.
const aboutAccess: readonly ErrorCode[] = [
  "unauthenticated",
  "forbidden",
  "payment_required",
  "quota_exceeded",
  "rate_limited",
  "unavailable",
];

/** The failure for an error in the form of the Admin API. */
const apiFailure = (response: AtlasResponse): Failure => {
  const classified = classify(response);
  if (aboutAccess.includes(classified.code)) return classified;
  if (response.status === 404) return noEndpoint(response.status);
  return endpointFailed(response, classified.atlas ?? { status: response.status });
};

const rateLimited = ({ retryAfterSeconds = 60 }: AtlasResponse): Failure =>
  failure("rate_limited", "Atlas is limiting the rate of token requests.", {
    retry: "after_delay",
    retryAfterSeconds,
    atlas: { status: 429 },
  });

const failureIn = (response: AtlasResponse, isEmpty: boolean): Failure => {
  const { status, body } = response;
  const { error, error_description: words } = isRecord(body) ? body : {};
  const isAtlas = status >= 400 && (typeof error === "string" || error === status);
  if (isAtlas && status === 429) return rateLimited(response);
  if (isAtlas && typeof error === "string") return oauthFailure(response, error, words);
  if (isAtlas) return apiFailure(response);
  if (status === 401 && isEmpty) return wrongCredential({ status });
  // A 503 of Atlas has a body that is not JSON (docs/atlas.md#errors), so its form tells nothing.
  if (status >= 500)
    return endpointFailed(response, { status }, "Atlas's token endpoint, or something before it,");
  return notFromAtlas(response);
};

/** The token in a response to a request of the time `requestedAt` (monotonic milliseconds), or why there is none. */
export const readTokenResponse = (
  received: HttpResponse,
  requestedAt: number,
  clock: Clock,
): Token | Failure => {
  const response = toAtlasResponse(received, clock);
  return tokenIn(response, requestedAt) ?? failureIn(response, received.empty);
};

/** Whether a failure will be the same for a while: Atlas has judged the service account, and only a change in Atlas helps. */
export const isLasting = ({ code }: Failure): boolean =>
  code !== "rate_limited" && code !== "unavailable";
