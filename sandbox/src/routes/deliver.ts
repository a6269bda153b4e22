/** Sends the response to a request, or distorts it as a scripted fault says. */
import { setTimeout } from "node:timers/promises";
import type { OperationFault } from "../api/operation.ts";
import type { EndpointSet } from "../api/rate-limits.ts";
import type { SandboxContext } from "../context.ts";
import { createForeignResponse } from "../faults/foreign.ts";
import type { Effect } from "../faults/parse.ts";
import { createFaultResponse } from "../faults/response.ts";
import { type FaultTarget, takeFault } from "../faults/script.ts";
import { resetConnection, sendResponse, sendTruncated } from "../http/connections.ts";
import type { HttpRequest } from "../http/request.ts";
import { type LogEntry, logRun } from "../http/request-log.ts";
import { createServerErrorResponse, type HttpResponse } from "../http/response.ts";

/** How an endpoint responds when no fault distorts it, and what faults need to know about it. */
export type Endpoint = {
  target: FaultTarget;
  mutates: boolean;
  endpointSet: EndpointSet;
  /** The type of a successful response. */
  contentType: string;
  respond(operationFaults: readonly OperationFault[]): HttpResponse;
};

/** Sends a response in full and completes the log entry. */
export const send = (request: HttpRequest, entry: LogEntry, response: HttpResponse): void => {
  entry.request.status = response.status;
  sendResponse(request.outgoing, response);
};

const distort = (
  sandbox: SandboxContext,
  request: HttpRequest,
  entry: LogEntry,
  { endpointSet, contentType }: Endpoint,
  response: HttpResponse,
  effect: Effect | undefined,
): void => {
  // Whoever has left gets no answer.
  if (request.outgoing.destroyed) return;
  switch (effect?.kind) {
    case "hang":
      break;
    case "reset":
      resetConnection(request.outgoing, sandbox.connections);
      break;
    case "truncate":
      entry.request.status = response.status;
      sendTruncated(request.outgoing, response);
      break;
    case "foreign": {
      const { state, clock } = sandbox;
      const foreign = createForeignResponse(response, request, contentType, state, clock());
      send(request, entry, foreign);
      break;
    }
    case "delay":
    case undefined:
      send(request, entry, response);
      break;
    case "empty_401":
    case "error":
    case "html":
    case "json_portal":
    case "rate_limit":
      send(request, entry, createFaultResponse(effect, request, endpointSet));
  }
};

const ignore = (): void => {};

/** Runs the endpoint and sends its response. If a scripted fault applies to the request, it takes effect here. */
export const deliver = async (
  sandbox: SandboxContext,
  request: HttpRequest,
  entry: LogEntry,
  endpoint: Endpoint,
): Promise<void> => {
  const fault = takeFault(sandbox.script, endpoint.target);
  const { operationFaults = [], distortion } = fault ?? {};
  if (fault !== undefined) entry.request.fault = fault.name;
  if (distortion?.effect.kind === "delay") {
    // The delay comes before the operation, so the operation may run after its caller has given up.
    const { log, closing, connections } = sandbox;
    await setTimeout(distortion.effect.milliseconds, undefined, { signal: closing }).catch(ignore);
    // A request from before a reset of the sandbox must not change its state afterwards.
    if (closing.aborted || sandbox.log !== log) {
      resetConnection(request.outgoing, connections);
      return;
    }
  }
  // `truncate` and `foreign` change a response. A read changes nothing, so they can have its real one; otherwise an error.
  const kind = distortion?.effect.kind;
  const usesRead = (kind === "truncate" || kind === "foreign") && !endpoint.mutates;
  const commits = distortion === undefined || distortion.commits || usesRead;
  const response = commits ? endpoint.respond(operationFaults) : createServerErrorResponse();
  if (commits) logRun(sandbox.log, entry, response.status);
  distort(sandbox, request, entry, endpoint, response, distortion?.effect);
};
