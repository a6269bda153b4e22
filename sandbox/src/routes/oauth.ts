/** The OAuth endpoints: a service account gets and revokes access tokens. */
import { isSameText } from "../auth/digest.ts";
import {
  countTokenRequest,
  createToken,
  maxTokenRequestsPerMinute,
  revokeToken,
  tokenSeconds,
} from "../auth/tokens.ts";
import type { SandboxContext } from "../context.ts";
import { createErrorBody } from "../errors/api-error.ts";
import type { FaultTarget } from "../faults/script.ts";
import type { HttpRequest } from "../http/request.ts";
import { logRequest } from "../http/request-log.ts";
import { createEmptyResponse, createErrorResponse, type HttpResponse } from "../http/response.ts";
import type { JsonObject } from "../json.ts";
import { findSecret } from "../service-accounts/find.ts";
import { deliver } from "./deliver.ts";

const tokenTarget: FaultTarget = { id: "token", isApi: false, operationFaults: [] };
const revokeTarget: FaultTarget = { id: "revoke", isApi: false, operationFaults: [] };

/** The OAuth endpoints as targets of faults. */
export const oauthTargets: readonly FaultTarget[] = [tokenTarget, revokeTarget];

type Basic = { id: string; secret: string };

/** Not percent-decoded: Atlas refuses a client that encodes "_", as oauth4webapi does (docs/atlas.md#service-accounts). */
const basicCredentials = (header: string | undefined): Basic | undefined => {
  const encoded = /^Basic +([A-Za-z0-9+/=_-]+)$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const [id = "", ...rest] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  return { id, secret: rest.join(":") };
};

/** The service account whose id and secret these are: the sandbox's own, or one that somebody has created. */
const clientOf = (
  { credentials, state, clock }: SandboxContext,
  basic: Basic | undefined,
): string | undefined => {
  if (basic === undefined) return undefined;
  const { id, secret } = basic;
  const { clientId, clientSecret } = credentials;
  if (isSameText(id, clientId)) return isSameText(secret, clientSecret) ? id : undefined;
  const now = clock();
  const found = findSecret(state, id, secret, now);
  if (found === undefined) return undefined;
  found.lastUsedAt = now;
  return id;
};

const createOAuthResponse = (status: number, body: JsonObject): HttpResponse => {
  const headers = { "Content-Type": "application/json", "Cache-Control": "no-store" };
  return { status, headers, body: JSON.stringify(body) };
};

/** The description comes first, as in recorded responses. */
const createOAuthError = (status: number, error: string, description: string): HttpResponse =>
  createOAuthResponse(status, { error_description: description, error });

const createInvalidClientError = (): HttpResponse =>
  createOAuthError(401, "invalid_client", "Invalid credentials provided.");

const handleToken = (sandbox: SandboxContext, request: HttpRequest): HttpResponse => {
  const now = sandbox.clock();
  const basic = basicCredentials(request.headers.authorization);
  // Counted before the credentials are checked, because the limit is per address and client.
  const client = `${request.remoteAddress} ${basic?.id ?? ""}`;
  if (sandbox.rateLimits && !countTokenRequest(sandbox.tokens, client, now)) {
    const values = {
      path: "/api/oauth/token",
      requests: maxTokenRequestsPerMinute,
      minutes: 1,
    };
    return createErrorResponse(429, createErrorBody(429, "RATE_LIMITED", values));
  }
  const clientId = clientOf(sandbox, basic);
  if (clientId === undefined) return createInvalidClientError();

  const grant = new URLSearchParams(request.text).get("grant_type");
  if (grant === null) return createOAuthError(400, "invalid_request", "Missing grant_type.");
  if (grant !== "client_credentials") {
    return createOAuthError(400, "unsupported_grant_type", "The grant type is not supported.");
  }
  const token = createToken(sandbox.tokens, sandbox.state.ids, clientId, now);
  if (token === undefined) {
    const description =
      "Access Token limit reached. Please use the existing Access Tokens or create a new Service Account.";
    return createOAuthError(403, "access_denied", description);
  }
  return createOAuthResponse(200, {
    access_token: token,
    expires_in: tokenSeconds,
    token_type: "Bearer",
  });
};

const handleRevoke = (sandbox: SandboxContext, request: HttpRequest): HttpResponse => {
  const basic = basicCredentials(request.headers.authorization);
  if (clientOf(sandbox, basic) === undefined) return createInvalidClientError();
  const token = new URLSearchParams(request.text).get("token");
  if (token === null) return createOAuthError(400, "invalid_request", "Missing token.");
  revokeToken(sandbox.tokens, token);
  return createEmptyResponse(200);
};

const serve = (
  sandbox: SandboxContext,
  request: HttpRequest,
  target: FaultTarget,
  handle: (sandbox: SandboxContext, request: HttpRequest) => HttpResponse,
): Promise<void> => {
  const entry = logRequest(sandbox.log, request, target.id, sandbox.clock());
  return deliver(sandbox, request, entry, {
    target,
    mutates: true,
    // Only a scripted 429 uses this: the endpoint's own limit is 10 requests a minute.
    endpointSet: { name: target.id, scope: "user", capacity: 10, refill: 10 },
    contentType: "application/json",
    respond: () => handle(sandbox, request),
  });
};

/** Serves POST /api/oauth/token. */
export const serveToken = (sandbox: SandboxContext, request: HttpRequest): Promise<void> =>
  serve(sandbox, request, tokenTarget, handleToken);

/** Serves POST /api/oauth/revoke. */
export const serveRevoke = (sandbox: SandboxContext, request: HttpRequest): Promise<void> =>
  serve(sandbox, request, revokeTarget, handleRevoke);
