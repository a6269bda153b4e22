/** The fault script: which fault applies to which of the next requests. */
import type { OperationFaultName } from "../api/operation.ts";
import type { OAuthOperation, OperationId } from "../operation-ids.ts";
import type { Fault } from "./parse.ts";

/** What a fault is scripted for. `*` means all API operations, but not the token endpoints. */
export type FaultOperation = OperationId | OAuthOperation | "*";

/** A fault that waits for `times` requests to an operation. */
export type ScriptedFault = { operation: FaultOperation; fault: Fault; times: number };

/** The faults that wait, in order, and how often each has been applied. */
export type FaultScript = { waiting: ScriptedFault[]; fired: Record<string, number> };

/** What a fault can apply to: an operation of the API, or an OAuth endpoint. */
export type FaultTarget = {
  id: Exclude<FaultOperation, "*">;
  isApi: boolean;
  operationFaults: readonly OperationFaultName[];
};

export const createFaultScript = (): FaultScript => ({ waiting: [], fired: {} });

/**
 * Tells whether a fault can apply to an operation: for example, `stuck_creating` only to the create of a cluster, and
 * `foreign` only to the API, whose responses are resources.
 */
export const isApplicable = (fault: Fault, target: FaultTarget): boolean =>
  (target.isApi || fault.distortion?.effect.kind !== "foreign") &&
  fault.operationFaults.every(({ name }) => target.operationFaults.includes(name));

/** Takes the first fault that waits for this target. */
export const takeFault = (script: FaultScript, target: FaultTarget): Fault | undefined => {
  const next = script.waiting.find(
    ({ operation, fault }) =>
      (operation === target.id || (operation === "*" && target.isApi)) &&
      isApplicable(fault, target),
  );
  if (next === undefined) return undefined;
  next.times -= 1;
  script.waiting = script.waiting.filter(({ times }) => times > 0);
  script.fired[next.fault.name] = (script.fired[next.fault.name] ?? 0) + 1;
  return next.fault;
};
