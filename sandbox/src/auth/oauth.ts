import type { Twin } from "../context.ts";
import { errorBody } from "../errors/api-error.ts";
import type { Exchange } from "../http/request.ts";
import { type Answer, emptyAnswer, errorAnswer } from "../http/response.ts";
import type { JsonObject } from "../json.ts";
import { isSameText } from "./digest.ts";
import { isLiveToken, mayAskForToken, mintToken, revokeToken, TOKEN_SECONDS } from "./tokens.ts";

// Taken as it stands, not percent-decoded: oauth4webapi's encoding of "_" makes Atlas refuse the client.
const basicCredentials = (header: string | undefined): Basic | undefined => {
  const encoded = /^Basic +([A-Za-z0-9+/=_-]+)$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const [id = "", ...rest] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  return { id, secret: rest.join(":") };
};

const isClient = ({ credentials }: Twin, given: Basic | undefined): boolean => {
  if (given === undefined) return false;
  return (
    isSameText(given.id, credentials.clientId) && isSameText(given.secret, credentials.clientSecret)
  );
};

const oauthAnswer = (status: number, body: JsonObject): Answer => {
  const headers = { "Content-Type": "application/json", "Cache-Control": "no-store" };
  return { status, headers, body: JSON.stringify(body) };
};

// Key order as seen in real traffic: the description comes first.
const oauthError = (status: number, error: string, description: string): Answer =>
  oauthAnswer(status, { error_description: description, error });

const invalidClient = (): Answer =>
  oauthError(401, "invalid_client", "Invalid credentials provided.");

/** Answers POST /api/oauth/token. */
export const answerToken = (twin: Twin, exchange: Exchange): Answer => {
  const now = twin.clock();
  const given = basicCredentials(exchange.headers.authorization);
  // Counted before the credentials are judged: the limit is per address and client.
  const caller = `${exchange.remoteAddress} ${given?.id ?? ""}`;
  if (twin.rateLimits && !mayAskForToken(twin.tokens, caller, now)) {
    const facts = { path: "/api/oauth/token", requests: 10, minutes: 1 };
    return errorAnswer(429, errorBody(429, "RATE_LIMITED", facts));
  }
  if (!isClient(twin, given)) return invalidClient();

  const grant = new URLSearchParams(exchange.text).get("grant_type");
  if (grant === null) return oauthError(400, "invalid_request", "Missing grant_type.");
  if (grant !== "client_credentials") {
    return oauthError(400, "unsupported_grant_type", "The grant type is not supported.");
  }
  const token = mintToken(twin.tokens, twin.world.ids, twin.credentials.clientId, now);
  if (token === undefined) {
    const description =
      "Access Token limit reached. Please use the existing Access Tokens or create a new Service Account.";
    return oauthError(403, "access_denied", description);
  }
  return oauthAnswer(200, { access_token: token, expires_in: TOKEN_SECONDS, token_type: "Bearer" });
};

/** Answers POST /api/oauth/revoke. */
export const answerRevoke = (twin: Twin, exchange: Exchange): Answer => {
  if (!isClient(twin, basicCredentials(exchange.headers.authorization))) return invalidClient();
  const token = new URLSearchParams(exchange.text).get("token");
  if (token === null) return oauthError(400, "invalid_request", "Missing token.");
  revokeToken(twin.tokens, token);
  return emptyAnswer(200);
};

/** Tells whether an Authorization header holds a live token. */
export const isBearerAccepted = (twin: Twin, header: string): boolean =>
  isLiveToken(twin.tokens, header.slice("Bearer ".length).trim(), twin.clock());

type Basic = { id: string; secret: string };
