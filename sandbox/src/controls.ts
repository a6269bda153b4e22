/** What controls a sandbox: its own methods and the endpoints below /_sandbox do it with these functions. */
import { entriesOf } from "./access-list/find.ts";
import { toEntryState } from "./access-list/view.ts";
import { toAdvancedClusterState } from "./clusters/view.ts";
import type { SandboxContext } from "./context.ts";
import { usersOf } from "./database-users/find.ts";
import { toDatabaseUserState } from "./database-users/view.ts";
import { presentClusters } from "./ephemeral-clusters/state.ts";
import { toEphemeralClusterState } from "./ephemeral-clusters/view.ts";
import { SandboxError, shown } from "./error.ts";
import { createFaultScript, type FaultOperation } from "./faults/script.ts";
import { advancedClustersOf, flexClustersOf } from "./flex-clusters/state.ts";
import { toFlexClusterView } from "./flex-clusters/view.ts";
import {
  createRequestLog,
  type LoggedOperation,
  type LoggedRequest,
  loggedOperations,
} from "./http/request-log.ts";
import { toProjectState } from "./projects/view.ts";
import { readFaults } from "./read-faults.ts";
import type { SandboxSnapshot } from "./snapshot.ts";
import { knownNames, nearest } from "./spelling.ts";
import { commitChange } from "./state/persist.ts";
import { createResources } from "./state/resources.ts";

/** The state as a copy: the caller may change it. */
export const snapshotOf = ({ state, script, clock }: SandboxContext): SandboxSnapshot => {
  const now = clock();
  const snapshot: SandboxSnapshot = {
    organizations: [...state.organizations],
    projects: state.projects.map((project) => toProjectState(state, project, now)),
    clusters: state.projects.flatMap(({ id }) =>
      flexClustersOf(state, id, now).map((cluster) => toFlexClusterView(state, cluster, now)),
    ),
    advancedClusters: state.projects.flatMap(({ id }) =>
      advancedClustersOf(state, id, now).map((cluster) =>
        toAdvancedClusterState(state, cluster, now),
      ),
    ),
    users: state.projects.flatMap(({ id }) => usersOf(state, id, now).map(toDatabaseUserState)),
    accessList: state.projects.flatMap(({ id }) => entriesOf(state, id, now).map(toEntryState)),
    ephemeralClusters: presentClusters(state, now).map((cluster) =>
      toEphemeralClusterState(state, cluster, now),
    ),
    faultsFired: script.fired,
  };
  return structuredClone(snapshot);
};

/**
 * The latest requests since the last reset, newest last: all of them, or those for one operation. Throws a SandboxError if
 * there is no such operation, whose list would always be empty.
 */
export const requestsOf = (
  { log }: SandboxContext,
  operation?: LoggedOperation,
): LoggedRequest[] => {
  const isKnown =
    operation === undefined || operation === null || loggedOperations.includes(operation);
  if (!isKnown) {
    const known = knownNames("operations", loggedOperations, nearest(operation, loggedOperations));
    throw new SandboxError(
      "invalid_argument",
      `There is no operation ${shown(operation)}${known}.`,
    );
  }
  return log.entries
    .filter(({ request }) => operation === undefined || request.operation === operation)
    .map(({ request }) => ({ ...request }));
};

/** A fault that waits for as many requests to an operation. */
export type WaitingFault = { operation: FaultOperation; fault: string; times: number };

/** The faults that wait, in order. */
export const faultsOf = ({ script }: SandboxContext): WaitingFault[] =>
  script.waiting.map(({ operation, fault, times }) => ({ operation, fault: fault.name, times }));

/** Adds faults to those that wait. Throws a SandboxError, and adds none, if one is invalid. */
export const addFaults = ({ script }: SandboxContext, faults: readonly unknown[]): void => {
  script.waiting.push(...readFaults(faults));
};

/** Removes the faults that wait: all of them, or those of this name for this operation. */
export const removeFaults = (
  { script }: SandboxContext,
  { operation, fault }: { operation?: string; fault?: string },
): void => {
  script.waiting = script.waiting.filter(
    (one) =>
      (operation !== undefined && one.operation !== operation) ||
      (fault !== undefined && one.fault.name !== fault),
  );
};

/** Removes all resources, faults and log entries. Tokens and nonces stay valid, so that clients can continue. */
export const resetSandbox = (sandbox: SandboxContext): void => {
  commitChange(sandbox, () => Object.assign(sandbox.state, createResources()));
  sandbox.buckets.clear();
  sandbox.tokens.requests.clear();
  sandbox.script = createFaultScript();
  sandbox.log = createRequestLog();
};
