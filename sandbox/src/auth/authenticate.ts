import type { Principal } from "../api/operation.ts";
import type { Twin } from "../context.ts";
import type { Exchange } from "../http/request.ts";
import { type Answer, emptyAnswer } from "../http/response.ts";
import { prettyJson } from "../json.ts";
import { challenge, verifyDigest } from "./digest.ts";
import { isBearerAccepted } from "./oauth.ts";

/** Who is calling, or the answer that sends them away. */
export type Authentication = { principal: Principal } | { refusal: Answer };

/** The answer to a Bearer token that is not, or no longer, good: no body (seen live). */
export const unknownBearerAnswer = (): Answer => emptyAnswer(401);

// Recorded to the byte: 142 of them, in this order, none of the API's usual headers.
const challengeAnswer = (twin: Twin, stale: boolean): Answer => {
  const { nonces, world, nonceLifetimeMs } = twin;
  const body = {
    error: 401,
    reason: "Unauthorized",
    detail: "You are not authorized for this resource.",
    errorCode: "UNEXPECTED_ERROR",
  };
  return {
    status: 401,
    headers: {
      "WWW-Authenticate": challenge(nonces, world.ids, twin.clock(), nonceLifetimeMs, stale),
      "Content-Type": "application/json",
      Vary: "Accept-Encoding",
    },
    body: prettyJson(body),
  };
};

/** Authenticates an API request by Bearer token or HTTP Digest. */
export const authenticate = (twin: Twin, exchange: Exchange): Authentication => {
  const header = exchange.headers.authorization ?? "";
  if (/^bearer /i.test(header)) {
    return isBearerAccepted(twin, header)
      ? { principal: { id: twin.credentials.clientId } }
      : { refusal: unknownBearerAnswer() };
  }
  if (!/^digest /i.test(header)) return { refusal: challengeAnswer(twin, false) };

  const { credentials, nonces, nonceLifetimeMs } = twin;
  const verdict = verifyDigest(
    header,
    exchange,
    credentials,
    nonces,
    twin.clock(),
    nonceLifetimeMs,
  );
  if (verdict !== "valid") return { refusal: challengeAnswer(twin, verdict === "stale") };
  const { apiKeyId, publicKey } = credentials;
  return { principal: { id: apiKeyId, publicKey } };
};
