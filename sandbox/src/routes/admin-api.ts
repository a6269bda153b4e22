/** Serves the Admin API: authentication, rate limit, version and body are checked before an operation runs. */
import { readBody, readListBody } from "../api/fields.ts";
import {
  type Caller,
  type Operation,
  type OperationFault,
  type OperationResult,
  operationFaultsOf,
} from "../api/operation.ts";
import { flagParameter } from "../api/query.ts";
import { createRateLimitedResponse, fullBucket, takeToken } from "../api/rate-limits.ts";
import { checkVersion, deprecationHeaders, servedVersion, vendorType } from "../api/versions.ts";
import type { SandboxContext } from "../context.ts";
import { ApiError, createApiError } from "../errors/api-error.ts";
import type { HttpRequest } from "../http/request.ts";
import { logRequest } from "../http/request-log.ts";
import {
  type BodyStyle,
  createEmptyResponse,
  createErrorResponse,
  createJsonResponse,
  createNoContentResponse,
  type HttpResponse,
} from "../http/response.ts";
import { isObject, type JsonObject } from "../json.ts";
import { StateFileError } from "../state/file-error.ts";
import { commitChange } from "../state/persist.ts";
import { type Authentication, authenticate } from "./authenticate.ts";
import { deliver, send } from "./deliver.ts";

/** With another status than 204 a response without a body has no type, as recorded of maintenance windows. */
const createBodilessResponse = (
  status: number,
  type: string,
  rateLimit: Record<string, string>,
): HttpResponse => {
  const response = createNoContentResponse(type, rateLimit);
  if (status === 204) return response;
  const { "Content-Type": _type, ...headers } = response.headers;
  return { ...response, status, headers };
};

const toHttpResponse = (
  type: string,
  { status, body, list }: OperationResult,
  style: BodyStyle,
  headers: Record<string, string>,
): HttpResponse => {
  if (body === undefined) return createBodilessResponse(status, type, headers);
  if (list && style.envelope && isObject(body)) {
    // A list is its own envelope and gains `status`, in alphabetical order (docs/atlas.md#requests).
    const { links = [], results = [], ...count } = body;
    const enveloped = { links, results, status, ...count };
    return createJsonResponse(status, enveloped, type, { ...style, envelope: false }, headers);
  }
  return createJsonResponse(status, body, type, style, headers);
};

const typeOf = (operation: Operation, { headers }: HttpRequest): string =>
  vendorType(servedVersion(headers.accept, operation));

const bucketOwner = (operation: Operation, request: HttpRequest, caller: Caller): string => {
  const { params, remoteAddress } = request;
  const owners = {
    user: caller.id,
    group: params.groupId ?? "",
    organization: params.orgId ?? "",
    address: remoteAddress,
  };
  return owners[operation.endpointSet.scope];
};

const readOneBody = ({ bodyIsOptional }: Operation, text: string, type?: string): JsonObject =>
  bodyIsOptional && text === "" ? {} : readBody(text, type);

/** Checks version, parameters and body, in this order, then runs the operation. */
const runOperation = (
  sandbox: SandboxContext,
  operation: Operation,
  request: HttpRequest,
  caller: Caller,
  operationFaults: readonly OperationFault[],
  now: number,
): OperationResult => {
  const { query, params, path, origin, text, headers } = request;
  checkVersion(headers.accept, operation);
  flagParameter(query, "envelope", false);
  flagParameter(query, "pretty", false);
  const hasBody = ["POST", "PUT", "PATCH"].includes(operation.method);
  const isRead = operation.method === "GET";
  const type = headers["content-type"];
  const items = hasBody && operation.takesList ? readListBody(text, type) : [];
  const body = hasBody && !operation.takesList ? readOneBody(operation, text, type) : {};
  const run = (): OperationResult =>
    operation.run({
      ...{ state: sandbox.state, now, caller, own: sandbox.credentials },
      ...{ origin, path, params, query, body, items },
      version: servedVersion(headers.accept, operation),
      isRead,
      operationFaults,
    });
  return isRead ? run() : commitChange(sandbox, run);
};

const toErrorResponse = (
  error: unknown,
  style: BodyStyle,
  headers: Record<string, string>,
): HttpResponse => {
  const apiError = error instanceof StateFileError ? createApiError("UNEXPECTED_ERROR") : error;
  if (!(apiError instanceof ApiError)) throw error;
  // A project that does not exist has no bucket (docs/atlas.md#rate-limits).
  const known = apiError.body.errorCode === "GROUP_NOT_FOUND" ? {} : headers;
  return createErrorResponse(apiError.status, apiError.body, style, known);
};

const respond = (
  sandbox: SandboxContext,
  operation: Operation,
  request: HttpRequest,
  caller: Caller,
  operationFaults: readonly OperationFault[],
): HttpResponse => {
  const { endpointSet } = operation;
  const now = sandbox.clock();
  const owner = bucketOwner(operation, request, caller);
  const { allowed, limit, remaining, retryAfterSeconds } = sandbox.rateLimits
    ? takeToken(sandbox.buckets, endpointSet, owner, now)
    : fullBucket(endpointSet);
  if (!allowed) {
    return createRateLimitedResponse(request.path, endpointSet, retryAfterSeconds, true);
  }
  const headers = {
    ...deprecationHeaders(request.headers.accept, operation),
    "RateLimit-Limit": `${limit}`,
    "RateLimit-Remaining": `${remaining}`,
  };
  const style = {
    envelope: request.query.get("envelope") === "true",
    pretty: request.query.get("pretty") === "true",
  };
  try {
    const result = runOperation(sandbox, operation, request, caller, operationFaults, now);
    return toHttpResponse(typeOf(operation, request), result, style, headers);
  } catch (error) {
    return toErrorResponse(error, style, headers);
  }
};

/** A public operation knows its caller only by the address. */
const callerOf = (
  sandbox: SandboxContext,
  request: HttpRequest,
  isPublic: boolean | undefined,
): Authentication =>
  isPublic ? { caller: { id: request.remoteAddress } } : authenticate(sandbox, request);

/** Serves a request to an operation. Faults apply only to authenticated requests, so that a handshake does not use one up. */
export const serveOperation = async (
  sandbox: SandboxContext,
  operation: Operation,
  request: HttpRequest,
): Promise<void> => {
  const entry = logRequest(sandbox.log, request, operation.id, sandbox.clock());
  const authentication = callerOf(sandbox, request, operation.isPublic);
  if ("refusal" in authentication) {
    send(request, entry, authentication.refusal);
    return;
  }
  await deliver(sandbox, request, entry, {
    target: { id: operation.id, isApi: true, operationFaults: operationFaultsOf(operation) },
    mutates: operation.method !== "GET",
    endpointSet: operation.endpointSet,
    contentType: typeOf(operation, request),
    respond: (operationFaults) =>
      respond(sandbox, operation, request, authentication.caller, operationFaults),
  });
};

/** Refuses a request that no operation takes, but tells only authenticated callers why, unless the path is public. */
const refuse = (
  sandbox: SandboxContext,
  request: HttpRequest,
  response: HttpResponse,
  isPublic = false,
): void => {
  const entry = logRequest(sandbox.log, request, null, sandbox.clock());
  const authentication = callerOf(sandbox, request, isPublic);
  send(request, entry, "refusal" in authentication ? authentication.refusal : response);
};

/** Serves a path that no operation has. */
export const serveUnknown = (sandbox: SandboxContext, request: HttpRequest): void => {
  const { status, body } = createApiError("RESOURCE_NOT_FOUND", { resource: request.path });
  refuse(sandbox, request, createErrorResponse(status, body));
};

/** Serves a method that no operation of the path has (docs/atlas.md#requests). */
export const serveWrongMethod = (
  sandbox: SandboxContext,
  request: HttpRequest,
  others: readonly Operation[],
): void => {
  const allowed = others.map(({ method }) => method).join(", ");
  const isPublic = others.some((operation) => operation.isPublic);
  refuse(sandbox, request, createEmptyResponse(405, { Allow: allowed }), isPublic);
};
