/** Turns a response of the token endpoint into a token or a failure: by the form of its body first, then by status (docs/atlas.md#service-accounts). */
import type { Clock } from "../../common/deadline.ts";
import { type AtlasQuote, type ErrorCode, type Failure, failure } from "../../common/failure.ts";
import { isRecord } from "../../common/json.ts";
import { type AtlasResponse, classify, sanitize, unsaidWaitSeconds } from "../classify.ts";
import { isErrorBody, isRefusal } from "../fate.ts";
import type { HttpResponse } from "../http.ts";
import { toAtlasResponse } from "../http-response.ts";
import { notAtlas } from "../not-atlas.ts";

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

const noEndpoint = (status: number): Failure =>
  failure(
    "unavailable",
    `The configured address has no Atlas token endpoint (HTTP ${status}). The operator of this server must check MONGODB_ATLAS_BASE_URL.`,
    { atlas: { status } },
  );

/** What precedes the reason in the message of a failure that is not Atlas's judgement. */
export const noToken = "This server got no access token. ";

/** The failure for an answer that has no form of Atlas; an address without a token endpoint gives such a 404, too. */
const notFromAtlas = (response: AtlasResponse): Failure => {
  const failed = notAtlas(response, noToken);
  return response.status === 404
    ? { ...failed, message: `${failed.message} Or that address has no Atlas token endpoint.` }
    : failed;
};

const endpointFailed = (response: AtlasResponse, atlas: AtlasQuote): Failure =>
  failure("unavailable", `Atlas's token endpoint failed (HTTP ${response.status}).`, {
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
  // Without a token, no call can help.
  if (aboutAccess.includes(classified.code)) return { ...classified, suggestions: [] };
  if (response.status === 404) return noEndpoint(response.status);
  return endpointFailed(response, classified.atlas ?? { status: response.status });
};

const rateLimited = ({ retryAfterSeconds = 60 }: AtlasResponse): Failure =>
  failure("rate_limited", "Atlas is limiting the rate of token requests.", {
    retry: "after_delay",
    retryAfterSeconds,
    atlas: { status: 429 },
  });

// A code, as OAuth has them (RFC 6749, 5.2): a gateway says "Forbidden" or a sentence.
const isOauthCode = (error: unknown): error is string =>
  typeof error === "string" && /^[a-z][a-z0-9_]*$/.test(error);

const failureIn = (response: AtlasResponse, received: HttpResponse): Failure => {
  const { status, body } = response;
  const { error, error_description: words } = isRecord(body) ? body : {};
  // A 407 is a proxy's, whatever its body says.
  const mayBeAtlas = status >= 400 && status !== 407;
  const isOauth = mayBeAtlas && isOauthCode(error);
  const isApi = mayBeAtlas && isErrorBody(status, body);
  if ((isOauth || isApi) && status === 429) return rateLimited(response);
  if (isOauth) return oauthFailure(response, error, words);
  if (isApi) return apiFailure(response);
  const isEmptyRefusal = status === 401 && received.empty && isRefusal(received);
  return isEmptyRefusal ? wrongCredential({ status }) : notFromAtlas(response);
};

/** The token in a response to a request of the time `requestedAt` (monotonic milliseconds), or why there is none. */
export const readTokenResponse = (
  received: HttpResponse,
  requestedAt: number,
  clock: Clock,
): Token | Failure => {
  const response = toAtlasResponse(received, clock);
  return tokenIn(response, requestedAt) ?? failureIn(response, received);
};

/** Whether a failure will be the same for a while: Atlas has judged the service account, and only a change in Atlas helps. */
export const isLasting = ({ code }: Failure): boolean =>
  code !== "rate_limited" && code !== "unavailable";
