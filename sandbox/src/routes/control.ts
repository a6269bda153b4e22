/** The control endpoints below /_sandbox: script faults, read and watch the state, reset, move the clock. */
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono } from "hono";
import { advanceClock } from "../clock.ts";
import type { Watchers } from "../console/watchers.ts";
import type { SandboxContext } from "../context.ts";
import {
  addFaults,
  faultsOf,
  removeFaults,
  requestsOf,
  resetSandbox,
  snapshotOf,
} from "../controls.ts";
import { SandboxError, shown } from "../error.ts";
import { knownFaults } from "../faults/parse.ts";
import type { NodeEnv } from "../http/request.ts";
import { isObject, type Json, parseJson } from "../json.ts";
import { faultOperations } from "../read-faults.ts";
import { StateFileError } from "../state/file-error.ts";
import { localOnly } from "./local-only.ts";

/** Reads the body of a request to move the clock. */
const readAdvance = (body: Json | undefined): unknown => {
  const refuse = (problem: string): never => {
    throw new SandboxError("invalid_argument", `The body ${problem}.`);
  };
  if (!isObject(body)) return refuse('must be a JSON object with "advanceMs"');
  const { advanceMs, ...rest } = body;
  const [unknown] = Object.keys(rest);
  return unknown === undefined ? advanceMs : refuse(`has the unknown member "${unknown}"`);
};

const readScript = (body: Json | undefined): Json[] => {
  if (Array.isArray(body)) return body;
  throw new SandboxError("invalid_fault", "The body must be a JSON array of faults.");
};

/** Reads which faults to remove. What is misspelled must not remove all of them. */
const readFilter = (query: Record<string, string>): { operation?: string; fault?: string } => {
  const { operation, fault, ...rest } = query;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined)
    throw new SandboxError("invalid_argument", `There is no parameter ${shown(unknown)}.`);
  return {
    ...(operation === undefined ? {} : { operation }),
    ...(fault === undefined ? {} : { fault }),
  };
};

const clockView = ({ clock }: SandboxContext) => ({ now: new Date(clock()).toISOString() });

/** Creates the endpoints. They need no credentials, but serve only programs on this machine. */
export const createControl = (sandbox: SandboxContext): Hono<NodeEnv> => {
  const control = new Hono<NodeEnv>();
  let watchers: Promise<Watchers> | undefined;

  control.use(localOnly);

  control.get("/faults", (c) => c.json({ faults: faultsOf(sandbox) }));

  control.post("/faults", async (c) => {
    addFaults(sandbox, readScript(parseJson(await c.req.text())));
    return c.json({ faults: faultsOf(sandbox) });
  });

  control.delete("/faults", (c) => {
    removeFaults(sandbox, readFilter(c.req.query()));
    return c.json({ faults: faultsOf(sandbox) });
  });

  control.get("/state", (c) => {
    const { faultsFired, ...resources } = snapshotOf(sandbox);
    return c.json({ ...resources, requests: requestsOf(sandbox), faultsFired });
  });

  control.get("/events", async (c) => {
    if (c.env.incoming.method !== "GET") return c.body(null);
    watchers ??= import("../console/watchers.ts").then((code) => code.createWatchers(sandbox));
    if ((await watchers).add(c.env.outgoing)) return RESPONSE_ALREADY_SENT;
    const error = "So many pages watch this sandbox that no other one can.";
    return c.json({ error }, 503);
  });

  control.post("/reset", (c) => {
    resetSandbox(sandbox);
    return c.json({ reset: true });
  });

  control.get("/clock", (c) => c.json(clockView(sandbox)));

  control.post("/clock", async (c) => {
    advanceClock(sandbox, readAdvance(parseJson(await c.req.text())));
    return c.json(clockView(sandbox));
  });

  control.onError((error, c) => {
    if (!(error instanceof SandboxError)) throw error;
    const { code, message } = error;
    const lists = { operations: faultOperations, faults: knownFaults };
    const body = { error: message, code, ...(code === "invalid_fault" ? lists : {}) };
    return c.json(body, error instanceof StateFileError ? 500 : 400);
  });

  return control;
};
