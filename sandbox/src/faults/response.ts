import type { EndpointSet } from "../api/endpoint-sets.ts";
import { REFILL_SECONDS } from "../api/rate-limits.ts";
import { unknownBearerAnswer } from "../auth/authenticate.ts";
import { type ErrorFacts, errorBody } from "../errors/api-error.ts";
import type { Exchange } from "../http/request.ts";
import { type Answer, errorAnswer } from "../http/response.ts";
import { isObject, type Json, type JsonObject, parseJson } from "../json.ts";
import type { Effect } from "./parse.ts";

/** The answer to a caller whose bucket is empty. The headers "may not always return" (RATEDOC). */
export const rateLimitedAnswer = (
  path: string,
  limit: EndpointSet,
  seconds: number,
  withHeaders: boolean,
): Answer => {
  const { capacity, refill } = limit;
  const facts = { path, seconds, capacity, refill, window: REFILL_SECONDS };
  const headers = {
    "RateLimit-Limit": `${capacity}`,
    "RateLimit-Remaining": "0",
    "Retry-After": `${seconds}`,
  };
  const body = errorBody(429, "RATE_LIMITED_TOKEN_BUCKET", facts);
  return errorAnswer(429, body, undefined, withHeaders ? headers : {});
};

const firstOf = (list: Json | undefined): JsonObject => {
  const [first] = Array.isArray(list) ? list : [];
  return isObject(first) ? first : {};
};

// What a scripted error may speak of: the request's own names where it has them.
const factsOf = ({ text, params, remoteAddress }: Exchange): ErrorFacts => {
  const body = parseJson(text);
  const first = Array.isArray(body) ? body[0] : body;
  const top = isObject(first) ? first : {};
  const settings = isObject(top.providerSettings) ? top.providerSettings : {};
  const facts: ErrorFacts = {
    address: remoteAddress,
    clusters: 25,
    days: 7,
    entries: 200,
    groups: 250,
    kind: "cluster or serverless instance",
    kindOfUsers: "Users",
    maximum: 64,
    prefixLength: 23,
    problem: "The tag value contains invalid characters. Allowable characters include letters",
    users: 100,
  };
  const role = firstOf(top.roles);
  for (const [name, value] of Object.entries({
    comment: top.comment,
    database: role.databaseName ?? top.databaseName,
    entry: top.ipAddress ?? top.cidrBlock ?? params.entryValue,
    name: top.name,
    orgId: top.orgId,
    provider: settings.backingProviderName,
    region: settings.regionName,
    role: role.roleName,
    scope: firstOf(top.scopes).name,
    username: top.username,
    value: top.deleteAfterDate,
    ...params,
  })) {
    if (typeof value === "string") facts[name] = value;
  }
  return facts;
};

/** The answer that an effect puts in place of the true one; undefined for what only touches the wire. */
export const faultAnswer = (
  effect: Effect | undefined,
  exchange: Exchange,
  limitedPath: string,
  limit: EndpointSet,
): Answer | undefined => {
  switch (effect?.kind) {
    case "error":
      return errorAnswer(
        effect.status,
        errorBody(effect.status, effect.errorCode, factsOf(exchange)),
      );
    case "rate_limit":
      return rateLimitedAnswer(limitedPath, limit, effect.seconds, effect.header);
    case "empty_401":
      return unknownBearerAnswer();
    case "html_503":
      return {
        status: 503,
        headers: { "Content-Type": "text/html" },
        body: "<html><body><h1>503 Service Unavailable</h1>No server is available to handle this request.</body></html>\n",
      };
    default:
      return undefined;
  }
};
