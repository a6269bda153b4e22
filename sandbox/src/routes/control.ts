/** The control endpoints below /_sandbox: script faults, read the state, reset, move the clock. */
import { Hono } from "hono";
import { entriesOf } from "../access-list/find.ts";
import { toEntryState } from "../access-list/view.ts";
import { operationFaultsOf } from "../api/operation.ts";
import { toAdvancedClusterState } from "../clusters/view.ts";
import type { SandboxContext } from "../context.ts";
import { usersOf } from "../database-users/find.ts";
import { toDatabaseUserState } from "../database-users/view.ts";
import { presentClusters } from "../ephemeral-clusters/state.ts";
import { toEphemeralClusterState } from "../ephemeral-clusters/view.ts";
import { knownFaults, parseFault } from "../faults/parse.ts";
import {
  createFaultScript,
  type FaultTarget,
  isApplicable,
  type ScriptedFault,
} from "../faults/script.ts";
import { advancedClustersOf, flexClustersOf } from "../flex-clusters/state.ts";
import { toFlexClusterView } from "../flex-clusters/view.ts";
import { createRequestLog } from "../http/request-log.ts";
import { isObject, type Json, type JsonObject, parseJson } from "../json.ts";
import { operations } from "../operations.ts";
import { toProjectState } from "../projects/view.ts";
import { StateFileError } from "../state/file-error.ts";
import { commitChange } from "../state/persist.ts";
import { createResources } from "../state/resources.ts";
import { advanceClock, readAdvance, toClockView } from "./clock.ts";
import { oauthTargets } from "./oauth.ts";

const faultTargets: readonly FaultTarget[] = [
  ...operations.map((operation) => ({
    id: operation.id,
    isApi: true,
    operationFaults: operationFaultsOf(operation),
  })),
  ...oauthTargets,
];

/** Reads one fault; if it is invalid, returns the problem as a string. */
const readFault = (item: JsonObject): ScriptedFault | string => {
  const { operation, fault: name, times = 1, ...rest } = item;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) return `has the unknown member "${unknown}"`;
  const targets = faultTargets.filter(({ id }) => operation === "*" || operation === id);
  if (typeof operation !== "string" || targets.length === 0) {
    return `names an unknown operation: ${JSON.stringify(operation)}`;
  }
  const fault = typeof name === "string" ? parseFault(name) : undefined;
  if (fault === undefined) return `names an unknown fault: ${JSON.stringify(name)}`;
  if (!targets.some((target) => isApplicable(fault, target))) {
    return `cannot apply to ${operation}: ${fault.name}`;
  }
  if (typeof times !== "number" || !Number.isInteger(times) || times < 1) {
    return 'must have a whole number of 1 or more as "times"';
  }
  return { operation, fault, times };
};

/** The faults of a script, or its problem. */
type ReadScript = { faults: ScriptedFault[] } | { problem: string };

const readScript = (body: Json | undefined): ReadScript => {
  if (!Array.isArray(body)) return { problem: "The body must be a JSON array of faults." };
  const faults: ScriptedFault[] = [];
  for (const [index, item] of body.entries()) {
    const read = isObject(item) ? readFault(item) : "is not an object";
    if (typeof read === "string") return { problem: `Fault ${index} ${read}.` };
    faults.push(read);
  }
  return { faults };
};

const waitingFaults = (sandbox: SandboxContext): JsonObject[] =>
  sandbox.script.waiting.map(({ operation, fault, times }) => ({
    operation,
    fault: fault.name,
    times,
  }));

const toStateView = ({ state, log, script, clock }: SandboxContext): object => {
  const now = clock();
  return {
    organizations: state.organizations,
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
    requests: log,
    faultsFired: script.fired,
  };
};

const isLoopback = (hostname: string): boolean =>
  /^(localhost|.+\.localhost|127(\.[0-9]{1,3}){3}|\[::1\])$/.test(hostname);

/** Removes all resources, faults and log entries. Tokens and nonces stay valid, so that clients can continue. */
const resetSandbox = (sandbox: SandboxContext): void => {
  commitChange(sandbox, () => Object.assign(sandbox.state, createResources()));
  sandbox.buckets.clear();
  sandbox.tokens.requests.clear();
  sandbox.script = createFaultScript();
  sandbox.log = createRequestLog();
};

/** Creates the endpoints. They need no credentials, but serve only programs on this machine. */
export const createControl = (sandbox: SandboxContext): Hono => {
  const control = new Hono();

  // A web page can reach loopback, but its requests carry an Origin, or a host name that is not loopback (DNS rebinding).
  control.use(async (c, next) => {
    if (c.req.header("origin") !== undefined || !isLoopback(new URL(c.req.url).hostname)) {
      return c.json({ error: "The control endpoints serve only programs on this machine." }, 403);
    }
    return next();
  });

  control.get("/faults", (c) => c.json({ faults: waitingFaults(sandbox) }));

  control.post("/faults", async (c) => {
    const read = readScript(parseJson(await c.req.text()));
    if ("problem" in read) {
      const operations = [...faultTargets.map(({ id }) => id), "*"];
      return c.json({ error: read.problem, operations, faults: knownFaults }, 400);
    }
    sandbox.script.waiting.push(...read.faults);
    return c.json({ faults: waitingFaults(sandbox) });
  });

  control.get("/state", (c) => c.json(toStateView(sandbox)));

  control.post("/reset", (c) => {
    resetSandbox(sandbox);
    return c.json({ reset: true });
  });

  control.get("/clock", (c) => c.json(toClockView(sandbox)));

  control.post("/clock", async (c) => {
    const read = readAdvance(parseJson(await c.req.text()), sandbox.clock());
    if ("problem" in read) return c.json({ error: read.problem }, 400);
    advanceClock(sandbox, read.advanceMs);
    return c.json(toClockView(sandbox));
  });

  control.onError((error, c) => {
    if (!(error instanceof StateFileError)) throw error;
    return c.json({ error: error.message }, 500);
  });

  return control;
};
