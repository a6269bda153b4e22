/** Authenticates with a service account: OAuth 2.0 client credentials (docs/atlas.md#service-accounts). */
import { type Clock, type Deadline, settleWithin } from "../../common/deadline.ts";
import { AtlasToolError, type Failure, fail, failure, raise } from "../../common/failure.ts";
import type { Secret } from "../../common/secret.ts";
import { isRefusal } from "../fate.ts";
import type { SendHttp } from "../http.ts";
import { networkFailure } from "../network-failures.ts";
import type { Authenticator } from "./authenticator.ts";
import { isLasting, noToken, readTokenResponse, type Token } from "./token-response.ts";

export type ServiceAccount = { kind: "service_account"; clientId: Secret; clientSecret: Secret };

// Atlas allows 10 token requests a minute (docs/atlas.md#service-accounts); two are left for another process.
const mintsPerMinute = 8;
const minute = 60_000;

// Milliseconds that revoking the token may take, to keep shutdown short.
const closeMs = 1000;

const tooLate = failure(
  "unavailable",
  "This server got no access token from Atlas within the time for one call.",
  { retry: "after_delay" },
);

/** Gets, caches, renews and revokes the access token of a service account. Concurrent callers share one token request. */
export const createServiceAccountAuth = (options: {
  account: ServiceAccount;
  baseUrl: string;
  sendHttp: SendHttp;
  clock: Clock;
  userAgent: string;
  /** Called with each new secret, so that it can be redacted. */
  onSecret?: (value: string) => void;
}): Authenticator => {
  const { account, baseUrl, sendHttp, clock, onSecret = () => {} } = options;
  // Not percent-encoded, against RFC 6749, section 2.3.1: Atlas compares the raw text (docs/atlas.md#service-accounts).
  const basic = `Basic ${Buffer.from(`${account.clientId.reveal()}:${account.clientSecret.reveal()}`).toString("base64")}`;
  onSecret(basic);
  onSecret(basic.slice("Basic ".length));
  let token: Token | undefined;
  let minting: Promise<Token> | undefined;
  let mints: number[] = [];
  let lastFailure: { failure: Failure; at: number } | undefined;

  const post = (path: string, body: string, signal: AbortSignal) =>
    sendHttp(
      {
        method: "POST",
        url: `${baseUrl}${path}`,
        headers: {
          authorization: basic,
          "content-type": "application/x-www-form-urlencoded",
          accept: "application/json",
          "user-agent": options.userAgent,
        },
        body,
      },
      signal,
    );

  const checkMintAllowed = (): void => {
    const now = clock.monotonic();
    mints = mints.filter((at) => at > now - minute);
    if (lastFailure && isLasting(lastFailure.failure) && now - lastFailure.at < minute)
      raise(lastFailure.failure);
    if (mints.length < mintsPerMinute) return;
    const wait = Math.ceil(((mints[0] ?? now) + minute - now) / 1000);
    fail(
      "rate_limited",
      "This server has reached its limit of token requests for this minute and got no working token.",
      { retry: "after_delay", retryAfterSeconds: wait },
    );
  };

  const mintOnce = async (signal: AbortSignal): Promise<Token | Failure> => {
    checkMintAllowed();
    const requestedAt = clock.monotonic();
    mints.push(requestedAt);
    const attempt = await post("/api/oauth/token", "grant_type=client_credentials", signal);
    if ("error" in attempt) return networkFailure(attempt.error, noToken);
    return readTokenResponse(attempt.response, requestedAt, clock);
  };

  const mint = async (): Promise<Token> => {
    // Not tied to a caller: if one gives up, the others still need the token.
    const signal = new AbortController().signal;
    let result = await mintOnce(signal);
    if ("code" in result && result.code === "unavailable" && result.retry !== "after_fix") {
      await clock.sleep(200 + 600 * clock.random());
      result = await mintOnce(signal);
    }
    if ("code" in result) {
      lastFailure = { failure: result, at: clock.monotonic() };
      return raise(result);
    }
    lastFailure = undefined;
    token = result;
    onSecret(result.value);
    return result;
  };

  const mintShared = (): Promise<Token> => {
    minting ??= mint().finally(() => {
      minting = undefined;
    });
    return minting;
  };

  const withinCall = <T>(work: Promise<T>, deadline: Deadline): Promise<T> =>
    settleWithin(work, deadline.readSignal, () => new AtlasToolError(tooLate));

  const current = async (deadline: Deadline): Promise<Token> => {
    if (token && clock.monotonic() < token.renewAt) return token;
    try {
      return await withinCall(mintShared(), deadline);
    } catch (error) {
      // Renewal starts early, so the old token still works while the token endpoint fails.
      if (token && clock.monotonic() < token.expiresAt) return token;
      throw error;
    }
  };

  return {
    header: async (_request, deadline) => `Bearer ${(await current(deadline)).value}`,
    renew: async (response, sent, deadline) => {
      // An unknown or expired token is a 401 with an empty body (docs/atlas.md#service-accounts); any other 401 is about permissions.
      if (!response.empty || !isRefusal(response)) return false;
      if (token && sent === `Bearer ${token.value}`) {
        token = undefined;
        await withinCall(mintShared(), deadline);
      }
      return true;
    },
    close: async () => {
      if (minting) await Promise.race([minting.catch(() => {}), clock.sleep(closeMs)]);
      const held = token;
      token = undefined;
      if (held && clock.monotonic() < held.expiresAt)
        await post(
          "/api/oauth/revoke",
          `token=${encodeURIComponent(held.value)}&token_type_hint=access_token`,
          AbortSignal.timeout(closeMs),
        );
    },
  };
};
