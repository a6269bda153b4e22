import { readBody, readListBody } from "../api/fields.ts";
import type { Caller, Operation, OperationFault, OperationResult } from "../api/operation.ts";
import { flagParameter } from "../api/query.ts";
import { fullBucket, takeToken } from "../api/rate-limits.ts";
import { checkVersion, vendorType } from "../api/versions.ts";
import { authenticate } from "../auth/authenticate.ts";
import type { SandboxContext } from "../context.ts";
import { ApiError, createApiError } from "../errors/api-error.ts";
import { createRateLimitedResponse } from "../faults/response.ts";
import { StateFileError } from "../state/file-error.ts";
import { commitChange } from "../state/persist.ts";
import { deliver, send } from "./deliver.ts";
import type { HttpRequest } from "./request.ts";
import { logRequest } from "./request-log.ts";
import {
  type BodyStyle,
  createErrorResponse,
  createJsonResponse,
  createNoContentResponse,
  type HttpResponse,
} from "./response.ts";

const toHttpResponse = (
  operation: Operation,
  { status, body, list }: OperationResult,
  style: BodyStyle,
  headers: Record<string, string>,
): HttpResponse => {
  const type = vendorType(operation.version);
  if (body === undefined) return createNoContentResponse(type, headers);
  if (list && style.envelope && !Array.isArray(body)) {
    // A list is its own envelope: it gains the status, in the alphabetical place (REFDOC).
    const { links = [], results = [], ...count } = body;
    const enveloped = { links, results, status, ...count };
    return createJsonResponse(status, enveloped, type, { ...style, envelope: false }, headers);
  }
  return createJsonResponse(status, body, type, style, headers);
};

const bucketOwner = (operation: Operation, { params }: HttpRequest, caller: Caller): string => {
  if (operation.endpointSet.scope === "group") return params.groupId ?? "";
  return operation.endpointSet.scope === "organization" ? (params.orgId ?? "") : caller.id;
};

// Recorded without a leading slash: "Rate limit exceeded for api/atlas/v2/orgs."
const limitedPath = (operation: Operation): string => `api/atlas/v2${operation.path}`;

const runOperation = (
  sandbox: SandboxContext,
  operation: Operation,
  request: HttpRequest,
  caller: Caller,
  operationFaults: readonly OperationFault[],
): HttpResponse => {
  const now = sandbox.clock();
  const allowance = sandbox.rateLimits
    ? takeToken(
        sandbox.buckets,
        operation.endpointSet,
        bucketOwner(operation, request, caller),
        now,
      )
    : fullBucket(operation.endpointSet);
  if (!allowance.allowed) {
    const { retryAfterSeconds } = allowance;
    return createRateLimitedResponse(
      limitedPath(operation),
      operation.endpointSet,
      retryAfterSeconds,
      true,
    );
  }
  const headers = {
    "RateLimit-Limit": `${allowance.limit}`,
    "RateLimit-Remaining": `${allowance.remaining}`,
  };
  const { query, params, path, origin } = request;
  const style = {
    envelope: query.get("envelope") === "true",
    pretty: query.get("pretty") === "true",
  };
  try {
    checkVersion(request.headers.accept, operation.version);
    flagParameter(query, "envelope", false);
    flagParameter(query, "pretty", false);
    const hasBody = operation.method === "POST" || operation.method === "PATCH";
    const type = request.headers["content-type"];
    const items = hasBody && operation.takesList ? readListBody(request.text, type) : [];
    const body = hasBody && !operation.takesList ? readBody(request.text, type) : {};
    const { state } = sandbox;
    const call = { state, now, caller, origin, path, params, query, body, items, operationFaults };
    const run = (): OperationResult => operation.run(call);
    const result = operation.method === "GET" ? run() : commitChange(sandbox, run);
    return toHttpResponse(operation, result, style, headers);
  } catch (failure) {
    if (failure instanceof StateFileError) {
      const { status, body } = createApiError("UNEXPECTED_ERROR");
      return createErrorResponse(status, body, style, headers);
    }
    if (!(failure instanceof ApiError)) throw failure;
    return createErrorResponse(failure.status, failure.body, style, headers);
  }
};

/** Serves one request to an operation. A fault strikes only who is authenticated: no handshake uses it up. */
export const serveOperation = async (
  sandbox: SandboxContext,
  operation: Operation,
  request: HttpRequest,
): Promise<void> => {
  const entry = logRequest(sandbox.log, request, operation.id, sandbox.clock());
  const authentication = authenticate(sandbox, request);
  if ("refusal" in authentication) {
    send(request, entry, authentication.refusal);
    return;
  }
  await deliver(sandbox, request, entry, {
    target: { id: operation.id, isApi: true, operationFaults: operation.operationFaults ?? [] },
    mutates: operation.method !== "GET",
    endpointSet: operation.endpointSet,
    limitedPath: limitedPath(operation),
    respond: (operationFaults) =>
      runOperation(sandbox, operation, request, authentication.caller, operationFaults),
  });
};

/** Serves a path that is no operation: whoever is authenticated learns that there is no such resource. */
export const serveUnknown = (sandbox: SandboxContext, request: HttpRequest): void => {
  const entry = logRequest(sandbox.log, request, null, sandbox.clock());
  const authentication = authenticate(sandbox, request);
  const { status, body } = createApiError("RESOURCE_NOT_FOUND", { resource: request.path });
  const refusal = "refusal" in authentication ? authentication.refusal : undefined;
  send(request, entry, refusal ?? createErrorResponse(status, body));
};
