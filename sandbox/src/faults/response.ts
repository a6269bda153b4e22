import type { EndpointSet } from "../api/rate-limits.ts";
import { refillSeconds } from "../api/rate-limits.ts";
import { createUnauthorizedResponse } from "../auth/authenticate.ts";
import { createErrorBody, type ErrorValues } from "../errors/api-error.ts";
import type { HttpRequest } from "../http/request.ts";
import { createErrorResponse, type HttpResponse } from "../http/response.ts";
import { isObject, type Json, type JsonObject, parseJson } from "../json.ts";
import type { Effect } from "./parse.ts";

/** The answer to a caller whose bucket is empty. The headers "may not always return" (RATEDOC). */
export const createRateLimitedResponse = (
  path: string,
  endpointSet: EndpointSet,
  seconds: number,
  withHeaders: boolean,
): HttpResponse => {
  const { capacity, refill } = endpointSet;
  const values = { path, seconds, capacity, refill, window: refillSeconds };
  const headers = {
    "RateLimit-Limit": `${capacity}`,
    "RateLimit-Remaining": "0",
    "Retry-After": `${seconds}`,
  };
  const body = createErrorBody(429, "RATE_LIMITED_TOKEN_BUCKET", values);
  return createErrorResponse(429, body, undefined, withHeaders ? headers : {});
};

const firstOf = (list: Json | undefined): JsonObject => {
  const [first] = Array.isArray(list) ? list : [];
  return isObject(first) ? first : {};
};

// What a scripted error may speak of: the request's own names where it has them.
const valuesFrom = ({ text, params, remoteAddress }: HttpRequest): ErrorValues => {
  const body = parseJson(text);
  const first = Array.isArray(body) ? body[0] : body;
  const top = isObject(first) ? first : {};
  const settings = isObject(top.providerSettings) ? top.providerSettings : {};
  const values: ErrorValues = {
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
    if (typeof value === "string") values[name] = value;
  }
  return values;
};

/** The answer that an effect puts in place of the true one; undefined for what only touches the wire. */
export const createFaultResponse = (
  effect: Effect | undefined,
  request: HttpRequest,
  limitedPath: string,
  endpointSet: EndpointSet,
): HttpResponse | undefined => {
  switch (effect?.kind) {
    case "error":
      return createErrorResponse(
        effect.status,
        createErrorBody(effect.status, effect.errorCode, valuesFrom(request)),
      );
    case "rate_limit":
      return createRateLimitedResponse(limitedPath, endpointSet, effect.seconds, effect.header);
    case "empty_401":
      return createUnauthorizedResponse();
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
