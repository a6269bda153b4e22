/** The control endpoints below /_sandbox: script faults, read the state, reset, move the clock. */
import { Hono } from "hono";
import { advanceClock } from "../clock.ts";
import type { SandboxContext } from "../context.ts";
import { addFaults, faultsOf, requestsOf, resetSandbox, snapshotOf } from "../controls.ts";
import { SandboxError } from "../error.ts";
import { knownFaults } from "../faults/parse.ts";
import type { NodeEnv } from "../http/request.ts";
import { isObject, type Json, parseJson } from "../json.ts";
import { faultOperations } from "../read-faults.ts";
import { StateFileError } from "../state/file-error.ts";

/** Whether a Host header names this machine. */
const isLoopback = (host: string): boolean =>
  URL.canParse(`http://${host}`) &&
  /^(localhost|.+\.localhost|127(\.[0-9]{1,3}){3}|\[::1\])$/.test(
    new URL(`http://${host}`).hostname,
  );

/** Whether the other side of a connection is this machine. */
const isLocalPeer = (address: string): boolean =>
  address === "::1" || /^(::ffff:)?127(\.[0-9]{1,3}){3}$/i.test(address);

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

const clockView = ({ clock }: SandboxContext) => ({ now: new Date(clock()).toISOString() });

/** Creates the endpoints. They need no credentials, but serve only programs on this machine. */
export const createControl = (sandbox: SandboxContext): Hono<NodeEnv> => {
  const control = new Hono<NodeEnv>();

  // A web page can reach loopback, but its requests carry an Origin, or a host name that is not loopback (DNS rebinding).
  // Another machine can send any header, but not from a loopback address.
  control.use(async (c, next) => {
    const isLocal = isLocalPeer(c.env.incoming.socket.remoteAddress ?? "");
    if (
      !isLocal ||
      c.req.header("origin") !== undefined ||
      !isLoopback(c.req.header("host") ?? "")
    ) {
      return c.json({ error: "The control endpoints serve only programs on this machine." }, 403);
    }
    return next();
  });

  control.get("/faults", (c) => c.json({ faults: faultsOf(sandbox) }));

  control.post("/faults", async (c) => {
    addFaults(sandbox, readScript(parseJson(await c.req.text())));
    return c.json({ faults: faultsOf(sandbox) });
  });

  control.get("/state", (c) => {
    const { faultsFired, ...resources } = snapshotOf(sandbox);
    return c.json({ ...resources, requests: requestsOf(sandbox), faultsFired });
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
