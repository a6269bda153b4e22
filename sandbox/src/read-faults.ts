/** Reads the faults of a script, and refuses those that no request could meet. */
import { operationFaultsOf } from "./api/operation.ts";
import { SandboxError, shown } from "./error.ts";
import { type FaultName, knownFaults, parseFault } from "./faults/parse.ts";
import {
  type FaultOperation,
  type FaultTarget,
  isApplicable,
  type ScriptedFault,
} from "./faults/script.ts";
import { isObject } from "./json.ts";
import { operations } from "./operations.ts";
import { oauthTargets } from "./routes/oauth.ts";
import { knownNames, nearest } from "./spelling.ts";

/** A fault for the next requests to an operation. */
export type SandboxFault = {
  operation: FaultOperation;
  fault: FaultName;
  /** How many requests it applies to. Default: 1. */
  times?: number;
};

const faultTargets: readonly FaultTarget[] = [
  ...operations.map((operation) => ({
    id: operation.id,
    isApi: true,
    operationFaults: operationFaultsOf(operation),
  })),
  ...oauthTargets,
];

/** What a fault can be scripted for. */
export const faultOperations: readonly FaultOperation[] = [
  ...faultTargets.map(({ id }) => id),
  "*",
];

const headOf = (fault: string): string => fault.split(":")[0] ?? "";

/** The syntax that was probably meant by the first part of a fault that there is not. Its values are not compared. */
const nearestFault = (name: unknown): string | undefined => {
  const parts = typeof name === "string" ? name.split("+") : [];
  const unknown = parts.find((part) => parseFault(part) === undefined);
  if (unknown === undefined) return undefined;
  const head = nearest(headOf(unknown), knownFaults.map(headOf));
  const same = knownFaults.filter((syntax) => headOf(syntax) === head);
  const values = unknown.split(":").length;
  return same.find((syntax) => syntax.split(":").length === values) ?? same[0];
};

/** Reads one fault; if it is invalid, returns the problem as a string. */
const readFault = (item: unknown): ScriptedFault | string => {
  if (!isObject(item)) return "is not an object";
  const { operation: target, fault: name, times = 1, ...rest } = item;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) return `has the unknown member "${unknown}"`;
  const operation = faultOperations.find((known) => known === target);
  if (operation === undefined) {
    const known = knownNames("operations", faultOperations, nearest(target, faultOperations));
    return `names an unknown operation: ${shown(target)}${known}`;
  }
  const fault = typeof name === "string" ? parseFault(name) : undefined;
  if (fault === undefined) {
    const known = knownNames("faults", knownFaults, nearestFault(name));
    return `names an unknown fault: ${shown(name)}${known}`;
  }
  const targets = faultTargets.filter(({ id }) => operation === "*" || operation === id);
  if (!targets.some((one) => isApplicable(fault, one))) {
    return `cannot apply to ${operation}: ${fault.name}`;
  }
  if (typeof times !== "number" || !Number.isInteger(times) || times < 1) {
    return 'must have a whole number of 1 or more as "times"';
  }
  return { operation, fault, times };
};

/** Reads a script. Throws a SandboxError if one of its faults is invalid. */
export const readFaults = (items: readonly unknown[]): ScriptedFault[] =>
  items.map((item, index) => {
    const read = readFault(item);
    if (typeof read !== "string") return read;
    throw new SandboxError("invalid_fault", `Fault ${index} ${read}.`);
  });
