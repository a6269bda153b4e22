import type { Caller } from "../api/operation.ts";
import type { SandboxContext } from "../context.ts";
import type { HttpRequest } from "../http/request.ts";
import { createEmptyResponse, type HttpResponse } from "../http/response.ts";
import { prettyJson } from "../json.ts";
import { createChallenge, verifyDigest } from "./digest.ts";
import { isBearerAccepted } from "./oauth.ts";

/** Who is calling, or the answer that sends them away. */
export type Authentication = { caller: Caller } | { refusal: HttpResponse };

/** The answer to a Bearer token that is not, or no longer, good: no body (seen live). */
export const createUnauthorizedResponse = (): HttpResponse => createEmptyResponse(401);

// Recorded to the byte: 142 of them, in this order, none of the API's usual headers.
const createChallengeResponse = (sandbox: SandboxContext, stale: boolean): HttpResponse => {
  const { nonces, state, nonceLifetimeMs } = sandbox;
  const body = {
    error: 401,
    reason: "Unauthorized",
    detail: "You are not authorized for this resource.",
    errorCode: "UNEXPECTED_ERROR",
  };
  return {
    status: 401,
    headers: {
      "WWW-Authenticate": createChallenge(
        nonces,
        state.ids,
        sandbox.clock(),
        nonceLifetimeMs,
        stale,
      ),
      "Content-Type": "application/json",
      Vary: "Accept-Encoding",
    },
    body: prettyJson(body),
  };
};

/** Authenticates an API request by Bearer token or HTTP Digest. */
export const authenticate = (sandbox: SandboxContext, request: HttpRequest): Authentication => {
  const header = request.headers.authorization ?? "";
  if (/^bearer /i.test(header)) {
    return isBearerAccepted(sandbox, header)
      ? { caller: { id: sandbox.credentials.clientId } }
      : { refusal: createUnauthorizedResponse() };
  }
  if (!/^digest /i.test(header)) return { refusal: createChallengeResponse(sandbox, false) };

  const { credentials, nonces, nonceLifetimeMs } = sandbox;
  const result = verifyDigest(
    header,
    request,
    credentials,
    nonces,
    sandbox.clock(),
    nonceLifetimeMs,
  );
  if (result !== "valid") return { refusal: createChallengeResponse(sandbox, result === "stale") };
  const { apiKeyId, publicKey } = credentials;
  return { caller: { id: apiKeyId, publicKey } };
};
