import { setTimeout } from "node:timers/promises";
import type { OperationFault } from "../api/operation.ts";
import type { EndpointSet } from "../api/rate-limits.ts";
import type { SandboxContext } from "../context.ts";
import type { Effect } from "../faults/parse.ts";
import { createFaultResponse } from "../faults/response.ts";
import { type FaultTarget, takeFault } from "../faults/script.ts";
import { resetConnection, sendResponse, sendTruncated } from "./connections.ts";
import type { HttpRequest } from "./request.ts";
import type { LoggedRequest } from "./request-log.ts";
import { createServerErrorResponse, type HttpResponse } from "./response.ts";

/** What answers a request when nothing goes wrong, and what a fault needs to know of it. */
export type Endpoint = {
  target: FaultTarget;
  mutates: boolean;
  endpointSet: EndpointSet;
  /** How a 429 names the endpoint. */
  limitedPath: string;
  respond(operationFaults: readonly OperationFault[]): HttpResponse;
};

/** Writes an answer in full and completes the log. */
export const send = (request: HttpRequest, entry: LoggedRequest, response: HttpResponse): void => {
  entry.status = response.status;
  sendResponse(request.outgoing, response);
};

const distort = (
  sandbox: SandboxContext,
  request: HttpRequest,
  entry: LoggedRequest,
  { endpointSet, limitedPath }: Endpoint,
  response: HttpResponse,
  effect: Effect | undefined,
): void => {
  switch (effect?.kind) {
    case "hang":
      break;
    case "reset":
      resetConnection(request.outgoing, sandbox.connections);
      break;
    case "truncate":
      entry.status = response.status;
      sendTruncated(request.outgoing, response);
      break;
    default:
      send(
        request,
        entry,
        createFaultResponse(effect, request, limitedPath, endpointSet) ?? response,
      );
  }
};

const ignore = (): void => {};

/** Answers a request, or lets the fault that waits for it do so. */
export const deliver = async (
  sandbox: SandboxContext,
  request: HttpRequest,
  entry: LoggedRequest,
  endpoint: Endpoint,
): Promise<void> => {
  const fault = takeFault(sandbox.script, endpoint.target);
  const { operationFaults = [], distortion } = fault ?? {};
  if (fault !== undefined) entry.fault = fault.name;
  if (distortion?.effect.kind === "delay") {
    // Before the operation, not after: a caller who gives up early may still find it done later.
    const { log, closing, connections } = sandbox;
    await setTimeout(distortion.effect.milliseconds, undefined, { signal: closing }).catch(ignore);
    // What was asked before a reset must not happen in the world after it.
    if (closing.aborted || sandbox.log !== log) {
      resetConnection(request.outgoing, connections);
      return;
    }
  }
  // A cut answer to a mutation that must not happen has to be something: a cut error.
  const cutsRead = distortion?.effect.kind === "truncate" && !endpoint.mutates;
  const commits = distortion === undefined || distortion.commits || cutsRead;
  const response = commits ? endpoint.respond(operationFaults) : createServerErrorResponse();
  distort(sandbox, request, entry, endpoint, response, distortion?.effect);
};
