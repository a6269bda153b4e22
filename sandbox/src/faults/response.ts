/** The responses that scripted faults send instead of real ones. */
import { STATUS_CODES } from "node:http";
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
import type { Replacement } from "./parse.ts";

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
    groups: "250",
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

/** Creates the response of another server than Atlas: a proxy, or the portal of a network. */
const createOtherResponse = (status: number, type: string, body: string): HttpResponse => {
  const isRedirect = status >= 300 && status < 400;
  const location = isRedirect ? { Location: "http://portal.invalid/login" } : {};
  return { status, headers: { "Content-Type": type, ...location }, body };
};

const htmlPage = (status: number): string => {
  const text =
    status < 500 ? "Log in to use this network." : "No server is available to handle this request.";
  return `<html><body><h1>${status} ${STATUS_CODES[status] ?? "Unknown"}</h1>${text}</body></html>\n`;
};

/** Creates the response that replaces the real one. */
export const createFaultResponse = (
  effect: Replacement,
  request: HttpRequest,
  endpointSet: EndpointSet,
): HttpResponse => {
  switch (effect.kind) {
    case "error": {
      const { status, errorCode, problem = defaultProblem(errorCode, request) } = effect;
      const values = { ...valuesFrom(request), problem };
      return createErrorResponse(status, createErrorBody(status, errorCode, values));
    }
    case "rate_limit":
      return createRateLimitedResponse(request.path, endpointSet, effect.seconds, effect.header);
    case "empty_401":
      return createUnauthorizedResponse();
    case "html":
      return createOtherResponse(effect.status, "text/html", htmlPage(effect.status));
    case "json_portal": {
      const body = '{"message": "login required"}';
      return createOtherResponse(effect.status, "application/json", body);
    }
  }
};
