import type { OperationFaultName } from "../api/operation.ts";
import type { Fault } from "./parse.ts";

/** A fault that waits for its operation, `times` times. */
export type ScriptedFault = { operation: string; fault: Fault; times: number };

/** What is still to come, in order, and what has been. */
export type FaultScript = { waiting: ScriptedFault[]; fired: Record<string, number> };

/** What a fault can strike: an operation of the API, or an OAuth endpoint. */
export type FaultTarget = {
  id: string;
  isApi: boolean;
  operationFaults: readonly OperationFaultName[];
};

/** Starts with nothing scripted. */
export const createFaultScript = (): FaultScript => ({ waiting: [], fired: {} });

/** Tells whether a fault means anything to an operation: `stuck_creating` only to a create, and so on. */
export const isApplicable = (fault: Fault, target: FaultTarget): boolean =>
  fault.operationFaults.every(({ name }) => target.operationFaults.includes(name));

/** Takes the first fault that waits for this target. `*` stands for any API operation, not for OAuth. */
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
