/** The responses that scripted faults send instead of real ones. */
import { createRateLimitedResponse, type EndpointSet } from "../api/rate-limits.ts";
import { createErrorBody, type ErrorValues } from "../errors/api-error.ts";
import { alreadyRequested, cannotUpdate } from "../flex-clusters/refusals.ts";
import type { HttpRequest } from "../http/request.ts";
import {
  createErrorResponse,
  createUnauthorizedResponse,
  type HttpResponse,
} from "../http/response.ts";
import { isObject, type Json, type JsonObject, parseJson } from "../json.ts";
import type { Effect } from "./parse.ts";

const firstOf = (list: Json | undefined): JsonObject => {
  const [first] = Array.isArray(list) ? list : [];
  return isObject(first) ? first : {};
};

/** The problem that a scripted error names if the script names none. */
const defaultProblem = (errorCode: string, { method, params }: HttpRequest): string => {
  if (errorCode !== "ATLAS_GENERAL_ERROR") {
    return "The tag value contains invalid characters. Allowable characters include letters";
  }
  // Only the paths of single clusters have a name.
  const isCluster = params.name !== undefined;
  if (isCluster && method === "DELETE") return alreadyRequested;
  return isCluster && method === "PATCH" ? cannotUpdate : "Unexpected error";
};

/** The values for the placeholders of a scripted error, from the request where it has them. */
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

/** Creates the response that replaces the real one; undefined for an effect that only touches the connection. */
export const createFaultResponse = (
  effect: Effect | undefined,
  request: HttpRequest,
  endpointSet: EndpointSet,
): HttpResponse | undefined => {
  switch (effect?.kind) {
    case "error": {
      const { status, errorCode, problem = defaultProblem(errorCode, request) } = effect;
      const values = { ...valuesFrom(request), problem };
      return createErrorResponse(status, createErrorBody(status, errorCode, values));
    }
    case "rate_limit":
      return createRateLimitedResponse(request.path, endpointSet, effect.seconds, effect.header);
    case "empty_401":
      return createUnauthorizedResponse();
    case "html_503":
      return {
        status: 503,
        headers: { "Content-Type": "text/html" },
        body: "<html><body><h1>503 Service Unavailable</h1>No server is available to handle this request.</body></html>\n",
      };
    case "delay":
    case "reset":
    case "hang":
    case "truncate":
      return undefined;
  }
};
