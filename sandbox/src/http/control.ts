import { Hono } from "hono";
import { entriesOf, entryState } from "../access-list/view.ts";
import { OAUTH_TARGETS } from "../auth/oauth-targets.ts";
import { resetTwin, type Twin } from "../context.ts";
import { databaseUserState, usersOf } from "../database-users/view.ts";
import { KNOWN_FAULTS, parseFault } from "../faults/parse.ts";
import { isApplicable, type ScriptedFault, type Target } from "../faults/script.ts";
import { clustersOf, flexClusterView } from "../flex-clusters/state.ts";
import { isObject, type Json, type JsonObject, parseJson } from "../json.ts";
import { OPERATIONS } from "../operations.ts";
import { projectState } from "../projects/view.ts";
import { StateFileError } from "../state/file-error.ts";

const TARGETS: readonly Target[] = [
  ...OPERATIONS.map(({ id, changes = [] }) => ({ id, isApi: true, changes })),
  ...OAUTH_TARGETS,
];

// A string is what is wrong with the fault.
const readFault = (item: JsonObject): ScriptedFault | string => {
  const { operation, fault: name, times = 1, ...rest } = item;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) return `has the unknown member "${unknown}"`;
  const targets = TARGETS.filter(({ id }) => operation === "*" || operation === id);
  if (typeof operation !== "string" || targets.length === 0) {
    return `names no known operation: ${JSON.stringify(operation)}`;
  }
  const fault = typeof name === "string" ? parseFault(name) : undefined;
  if (fault === undefined) return `is no known fault: ${JSON.stringify(name)}`;
  if (!targets.some((target) => isApplicable(fault, target))) {
    return `cannot strike ${operation}: ${fault.name}`;
  }
  if (typeof times !== "number" || !Number.isInteger(times) || times < 1) {
    return "needs a whole number of times, 1 or more";
  }
  return { operation, fault, times };
};

const readScript = (body: Json | undefined): ReadScript => {
  if (!Array.isArray(body)) return { problem: "The body must be a JSON array of faults." };
  const faults: ScriptedFault[] = [];
  for (const [index, item] of body.entries()) {
    const read = isObject(item) ? readFault(item) : "is no object";
    if (typeof read === "string") return { problem: `Fault ${index} ${read}.` };
    faults.push(read);
  }
  return { faults };
};

const waitingFaults = (twin: Twin): JsonObject[] =>
  twin.script.waiting.map(({ operation, fault, times }) => ({
    operation,
    fault: fault.name,
    times,
  }));

const stateOf = ({ world, log, script, clock }: Twin): object => {
  const now = clock();
  return {
    organizations: world.organizations,
    projects: world.projects.map((project) => projectState(world, project, now)),
    clusters: world.projects.flatMap(({ id }) =>
      clustersOf(world, id, now).map((cluster) => flexClusterView(world, cluster, now)),
    ),
    users: world.projects.flatMap(({ id }) => usersOf(world, id, now).map(databaseUserState)),
    accessList: world.projects.flatMap(({ id }) => entriesOf(world, id, now).map(entryState)),
    requests: log,
    faultsFired: script.fired,
  };
};

const isLoopback = (hostname: string): boolean =>
  /^(localhost|.+\.localhost|127(\.[0-9]{1,3}){3}|\[::1\])$/.test(hostname);

/** The endpoints below /_sandbox: faults, state, reset. No credentials, but only from this machine. */
export const createControl = (twin: Twin): Hono => {
  const control = new Hono();

  // A web page may reach loopback but cannot hide its Origin; a rebound name cannot pose as loopback.
  control.use(async (c, next) => {
    if (c.req.header("origin") !== undefined || !isLoopback(new URL(c.req.url).hostname)) {
      return c.json({ error: "The control endpoints answer local programs only." }, 403);
    }
    return next();
  });

  control.get("/faults", (c) => c.json({ faults: waitingFaults(twin) }));

  control.post("/faults", async (c) => {
    const read = readScript(parseJson(await c.req.text()));
    if ("problem" in read) {
      const operations = [...TARGETS.map(({ id }) => id), "*"];
      return c.json({ error: read.problem, operations, faults: KNOWN_FAULTS }, 400);
    }
    twin.script.waiting.push(...read.faults);
    return c.json({ faults: waitingFaults(twin) });
  });

  control.get("/state", (c) => c.json(stateOf(twin)));

  control.post("/reset", (c) => {
    try {
      resetTwin(twin);
    } catch (error) {
      if (!(error instanceof StateFileError)) throw error;
      return c.json({ error: error.message }, 500);
    }
    return c.json({ reset: true });
  });

  return control;
};

type ReadScript = { faults: ScriptedFault[] } | { problem: string };
