import type { SandboxContext } from "../context.ts";
import { createErrorBody } from "../errors/api-error.ts";
import type { HttpRequest } from "../http/request.ts";
import { createEmptyResponse, createErrorResponse, type HttpResponse } from "../http/response.ts";
import type { JsonObject } from "../json.ts";
import { isSameText } from "./digest.ts";
import {
  countTokenRequest,
  createToken,
  isLiveToken,
  revokeToken,
  tokenSeconds,
} from "./tokens.ts";

// Taken as it stands, not percent-decoded: oauth4webapi's encoding of "_" makes Atlas refuse the client.
const basicCredentials = (header: string | undefined): Basic | undefined => {
  const encoded = /^Basic +([A-Za-z0-9+/=_-]+)$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const [id = "", ...rest] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  return { id, secret: rest.join(":") };
};

const isClient = ({ credentials }: SandboxContext, given: Basic | undefined): boolean => {
  if (given === undefined) return false;
  return (
    isSameText(given.id, credentials.clientId) && isSameText(given.secret, credentials.clientSecret)
  );
};

const createOAuthResponse = (status: number, body: JsonObject): HttpResponse => {
  const headers = { "Content-Type": "application/json", "Cache-Control": "no-store" };
  return { status, headers, body: JSON.stringify(body) };
};

// Key order as seen in real traffic: the description comes first.
const createOAuthError = (status: number, error: string, description: string): HttpResponse =>
  createOAuthResponse(status, { error_description: description, error });

const createInvalidClientError = (): HttpResponse =>
  createOAuthError(401, "invalid_client", "Invalid credentials provided.");

/** Answers POST /api/oauth/token. */
export const handleToken = (sandbox: SandboxContext, request: HttpRequest): HttpResponse => {
  const now = sandbox.clock();
  const given = basicCredentials(request.headers.authorization);
  // Counted before the credentials are judged: the limit is per address and client.
  const caller = `${request.remoteAddress} ${given?.id ?? ""}`;
  if (sandbox.rateLimits && !countTokenRequest(sandbox.tokens, caller, now)) {
    const values = { path: "/api/oauth/token", requests: 10, minutes: 1 };
    return createErrorResponse(429, createErrorBody(429, "RATE_LIMITED", values));
  }
  if (!isClient(sandbox, given)) return createInvalidClientError();

  const grant = new URLSearchParams(request.text).get("grant_type");
  if (grant === null) return createOAuthError(400, "invalid_request", "Missing grant_type.");
  if (grant !== "client_credentials") {
    return createOAuthError(400, "unsupported_grant_type", "The grant type is not supported.");
  }
  const token = createToken(sandbox.tokens, sandbox.state.ids, sandbox.credentials.clientId, now);
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

/** Answers POST /api/oauth/revoke. */
export const handleRevoke = (sandbox: SandboxContext, request: HttpRequest): HttpResponse => {
  if (!isClient(sandbox, basicCredentials(request.headers.authorization)))
    return createInvalidClientError();
  const token = new URLSearchParams(request.text).get("token");
  if (token === null) return createOAuthError(400, "invalid_request", "Missing token.");
  revokeToken(sandbox.tokens, token);
  return createEmptyResponse(200);
};

/** Tells whether an Authorization header holds a live token. */
export const isBearerAccepted = (sandbox: SandboxContext, header: string): boolean =>
  isLiveToken(sandbox.tokens, header.slice("Bearer ".length).trim(), sandbox.clock());

type Basic = { id: string; secret: string };
