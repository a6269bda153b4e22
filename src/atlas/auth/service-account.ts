/** Authenticates with a service account: OAuth 2.0 client credentials (docs/atlas.md#service-accounts). */
import type { Clock, Deadline } from "../../common/deadline.ts";
import { type Failure, fail, failure, raise } from "../../common/failure.ts";
import type { Secret } from "../../common/secret.ts";
import { type AtlasResponse, sanitize, unsaidWaitSeconds } from "../classify.ts";
import type { SendHttp } from "../http.ts";
import { networkErrorText, toAtlasResponse } from "../http-response.ts";
import type { Authenticator } from "./authenticator.ts";

export type ServiceAccount = { kind: "service_account"; clientId: Secret; clientSecret: Secret };

type Token = { value: string; renewAt: number; expiresAt: number };

// Atlas takes 10 requests a minute at the token endpoint (docs/atlas.md#service-accounts); two are left for another process.
const mintsPerMinute = 8;
const minute = 60_000;

// What giving the token back may take, so that an end is quick.
const closeMs = 1000;

const refused = (answer: AtlasResponse): Failure => {
  const error =
    answer.body && typeof answer.body === "object" && "error" in answer.body
      ? answer.body.error
      : undefined;
  const atlas = {
    status: answer.status,
    ...(typeof error === "string" ? { errorCode: sanitize(error, 100) ?? "" } : {}),
  };
  if (answer.status === 403)
    return failure(
      "quota_exceeded",
      "Atlas has given this service account as many access tokens as may live at once (100). They expire within an hour.",
      { retry: "after_delay", retryAfterSeconds: 600, atlas },
    );
  if (answer.status !== 400 && answer.status !== 401)
    return failure(
      "unavailable",
      `The address has no token endpoint of Atlas's (HTTP ${answer.status}). Whoever runs this server has to check MONGODB_ATLAS_BASE_URL.`,
      { atlas },
    );
  return failure(
    "unauthenticated",
    "Atlas refused the service account: its client id or secret is wrong, or the secret has expired. Whoever runs this server has to check them.",
    { atlas },
  );
};

/** Gets, keeps, renews and revokes the access token of a service account; one request to the token endpoint serves all that wait. */
export const createServiceAccountAuth = (options: {
  account: ServiceAccount;
  baseUrl: string;
  sendHttp: SendHttp;
  clock: Clock;
  userAgent: string;
  /** Told every secret that comes to be, so that none is ever shown. */
  onSecret?: (value: string) => void;
}): Authenticator => {
  const { account, baseUrl, sendHttp, clock, onSecret = () => {} } = options;
  // Not percent-encoded, unlike RFC 6749 says: Atlas compares the raw text (docs/atlas.md#service-accounts).
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

  const mayMint = (): void => {
    const now = clock.now();
    mints = mints.filter((at) => at > now - minute);
    const lasting = ["unauthenticated", "quota_exceeded"].includes(lastFailure?.failure.code ?? "");
    if (lastFailure && lasting && now - lastFailure.at < minute) raise(lastFailure.failure);
    if (mints.length < mintsPerMinute) return;
    const wait = Math.ceil(((mints[0] ?? now) + minute - now) / 1000);
    fail(
      "rate_limited",
      "The token endpoint of Atlas was asked as often as it allows in a minute, and no token that works came of it.",
      { retry: "after_delay", retryAfterSeconds: wait },
    );
  };

  const mintOnce = async (signal: AbortSignal): Promise<Token | Failure> => {
    mayMint();
    const asked = clock.now();
    mints.push(asked);
    const attempt = await post("/api/oauth/token", "grant_type=client_credentials", signal);
    if ("error" in attempt)
      return failure("unavailable", `No access token: ${networkErrorText(attempt.error)}.`, {
        ...(attempt.error.at === undefined
          ? { retry: "after_delay", retryAfterSeconds: unsaidWaitSeconds }
          : {}),
      });
    const answer = toAtlasResponse(attempt.response, clock);
    if (answer.status === 429)
      return failure("rate_limited", "Atlas limits how often access tokens are asked for.", {
        retry: "after_delay",
        retryAfterSeconds: answer.retryAfterSeconds ?? 60,
        atlas: { status: 429 },
      });
    if (answer.status >= 400 && answer.status < 500) return refused(answer);
    const { json } = attempt.response;
    if (
      answer.status >= 200 &&
      answer.status < 300 &&
      json &&
      typeof json === "object" &&
      "access_token" in json &&
      typeof json.access_token === "string"
    ) {
      const seconds =
        "expires_in" in json && typeof json.expires_in === "number" ? json.expires_in : 3600;
      // Early by a sixth of its life (ten minutes of an hour), so that no request leaves with a dying token.
      return {
        value: json.access_token,
        renewAt: asked + seconds * (5000 / 6),
        expiresAt: asked + seconds * 1000,
      };
    }
    return failure("unavailable", `The token endpoint of Atlas failed (HTTP ${answer.status}).`, {
      retry: "after_delay",
      retryAfterSeconds: unsaidWaitSeconds,
      atlas: { status: answer.status },
    });
  };

  const mint = async (): Promise<Token> => {
    // Bound to no caller: one that gives up must not take the token from the others.
    const signal = new AbortController().signal;
    let result = await mintOnce(signal);
    if ("code" in result && result.code === "unavailable") {
      await clock.sleep(200 + 600 * clock.random());
      result = await mintOnce(signal);
    }
    if ("code" in result) {
      lastFailure = { failure: result, at: clock.now() };
      return raise(result);
    }
    lastFailure = undefined;
    token = result;
    onSecret(result.value);
    return result;
  };

  const fresh = (): Promise<Token> => {
    minting ??= mint().finally(() => {
      minting = undefined;
    });
    return minting;
  };

  const within = async <T>(work: Promise<T>, deadline: Deadline): Promise<T> => {
    work.catch(() => {});
    const stop = new AbortController();
    const late = clock
      .sleep(deadline.remaining(), AbortSignal.any([deadline.readSignal, stop.signal]))
      .then(() =>
        fail(
          "unavailable",
          "No access token could be had from Atlas within the time for one call.",
          { retry: "after_delay" },
        ),
      );
    late.catch(() => {});
    return Promise.race([work, late]).finally(() => stop.abort());
  };

  const current = async (deadline: Deadline): Promise<Token> => {
    if (token && clock.now() < token.renewAt) return token;
    try {
      return await within(fresh(), deadline);
    } catch (error) {
      // Renewal is early on purpose: while the old token lives, a failing token endpoint stops nobody.
      if (token && clock.now() < token.expiresAt) return token;
      throw error;
    }
  };

  return {
    header: async (_request, deadline) => `Bearer ${(await current(deadline)).value}`,
    renew: async (response, sent, deadline) => {
      // An unknown or expired token is a 401 with an empty body (docs/atlas.md#service-accounts); any other 401 is about permissions.
      if (!response.empty) return false;
      if (token && sent === `Bearer ${token.value}`) {
        token = undefined;
        await within(fresh(), deadline);
      }
      return true;
    },
    close: async () => {
      if (minting) await Promise.race([minting.catch(() => {}), clock.sleep(closeMs)]);
      const held = token;
      token = undefined;
      if (held && clock.now() < held.expiresAt)
        await post(
          "/api/oauth/revoke",
          `token=${encodeURIComponent(held.value)}&token_type_hint=access_token`,
          AbortSignal.timeout(closeMs),
        );
    },
  };
};
