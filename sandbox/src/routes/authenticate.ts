/** Authenticates a request to the Admin API, by Bearer token or HTTP Digest. */
import type { Caller } from "../api/operation.ts";
import { createChallenge, verifyDigest } from "../auth/digest.ts";
import { ownerOfToken } from "../auth/tokens.ts";
import type { SandboxContext } from "../context.ts";
import type { HttpRequest } from "../http/request.ts";
import { createUnauthorizedResponse, type HttpResponse } from "../http/response.ts";
import { printJson } from "../json.ts";
import { hasAccount } from "../service-accounts/find.ts";

/** The caller, or the response that refuses the request. */
export type Authentication = { caller: Caller } | { refusal: HttpResponse };

/** Equal to the recorded response: 142 bytes, this key order, none of the API's usual headers. */
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
    body: printJson(body, true),
  };
};

/** Tells who is calling. */
export const authenticate = (sandbox: SandboxContext, request: HttpRequest): Authentication => {
  const { credentials, state, tokens, nonces, nonceLifetimeMs } = sandbox;
  const header = request.headers.authorization ?? "";
  if (/^bearer /i.test(header)) {
    const token = header.slice("Bearer ".length).trim();
    const id = ownerOfToken(tokens, token, sandbox.clock());
    // A token ends with its service account.
    const isKnown = id === credentials.clientId || (id !== undefined && hasAccount(state, id));
    return isKnown ? { caller: { id } } : { refusal: createUnauthorizedResponse() };
  }
  if (!/^digest /i.test(header)) return { refusal: createChallengeResponse(sandbox, false) };

  const now = sandbox.clock();
  const own = { ...credentials, id: credentials.apiKeyId };
  let stale = false;
  for (const key of [own, ...state.apiKeys]) {
    const result = verifyDigest(header, request, key, nonces, now, nonceLifetimeMs);
    if (result === "valid") return { caller: { id: key.id, publicKey: key.publicKey } };
    stale ||= result === "stale";
  }
  return { refusal: createChallengeResponse(sandbox, stale) };
};
