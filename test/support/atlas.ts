/** The real client and operations over real HTTP, with a clock of the test: against the sandbox or a fake Atlas. */

import { createSandbox, type Sandbox, type SandboxOptions } from "@atlas-provision-mcp/sandbox";
import { expect, onTestFinished } from "vitest";
import { createServiceAccountAuth } from "../../src/atlas/auth/service-account.ts";
import { createAtlasClient } from "../../src/atlas/client.ts";
import { createHttp, type Http, type Proxies } from "../../src/atlas/http.ts";
import { systemClock } from "../../src/common/deadline.ts";
import { AtlasToolError, type Failure } from "../../src/common/failure.ts";
import { secret } from "../../src/common/secret.ts";
import { createSingleFlights, type OperationContext } from "../../src/operations/context.ts";
import { createMadeProjects } from "../../src/operations/made-projects.ts";
import { type FakeAtlas, type Responder, startFakeAtlas } from "./fake-atlas.ts";
import { createFakeClock, deadlineOf, type FakeClock } from "./fake-clock.ts";

export const orgId = "32b6e34b3d91647abb20e7b8";
export const groupId = "5e2211c17a3e5a48f5497de3";
export const userAgent = "atlas-provision-mcp/0.0.0 (test)";

/** A fake Atlas that the running test closes. */
export const openFakeAtlas = async (respond: Responder): Promise<FakeAtlas> => {
  const fakeAtlas = await startFakeAtlas(respond);
  onTestFinished(() => fakeAtlas.close());
  return fakeAtlas;
};

/** An HTTP client that the running test closes. */
export const openHttp = (requestTimeoutMs = 5000, proxies?: Proxies): Http => {
  const http = createHttp({ requestTimeoutMs, ...(proxies && { proxies }) });
  onTestFinished(() => http.close());
  return http;
};

type Account = { clientId: string; clientSecret: string };

/** A client for a base URL. Tokens are had on the system's clock, so that the fake one belongs to the test alone. */
export const clientFor = (
  url: string,
  options: {
    clock?: FakeClock;
    account?: Account;
    requestTimeoutMs?: number;
    apiUrl?: string;
  } = {},
) => {
  const clock = options.clock ?? createFakeClock();
  const { send: exchange } = openHttp(options.requestTimeoutMs);
  const { clientId, clientSecret } = options.account ?? { clientId: "id", clientSecret: "secret" };
  const auth = createServiceAccountAuth({
    account: {
      kind: "service_account",
      clientId: secret(clientId),
      clientSecret: secret(clientSecret),
    },
    baseUrl: url,
    sendHttp: exchange,
    clock: systemClock,
    userAgent,
  });
  const target = async () => ({ baseUrl: options.apiUrl ?? url, auth });
  return {
    clock,
    atlas: createAtlasClient({ endpoint: target, sendHttp: exchange, clock, userAgent }),
  };
};

export type Bench = {
  clock: FakeClock;
  /** What operations work with; each has a deadline and a caller of its own. */
  work(options?: { deadlineMs?: number; caller?: AbortSignal }): OperationContext;
  /** What the wait told its caller. */
  told: string[];
};

export const benchFor = (url: string, options: Parameters<typeof clientFor>[1] = {}): Bench => {
  const { clock, atlas } = clientFor(url, options);
  const singleFlights = createSingleFlights(clock);
  const madeProjects = createMadeProjects();
  const told: string[] = [];
  return {
    clock,
    told,
    work: ({ deadlineMs, caller } = {}) => ({
      atlas,
      clock,
      deadline: deadlineOf(clock, deadlineMs, caller),
      scope: {},
      bounds: {},
      singleFlights,
      madeProjects,
      pendingAddresses: Promise.resolve([]),
      recorded: (_change, work) => work(),
      progress: async (_done, message) => {
        told.push(message);
      },
    }),
  };
};

export type SandboxBench = Bench & {
  sandbox: Sandbox;
  script(operation: string, fault: string, times?: number): Promise<void>;
  /** What there is, and every request that arrived. */
  state(): Promise<{
    projects: any[];
    clusters: any[];
    users: any[];
    accessList: any[];
    requests: any[];
  }>;
  /** How many requests of this operation arrived. */
  count(operation: string): Promise<number>;
};

/** A bench on a sandbox with the same clock; both end with the running test. */
export const startSandboxBench = async (options: SandboxOptions = {}): Promise<SandboxBench> => {
  const clock = createFakeClock();
  const sandbox = await createSandbox({ clock: () => clock.now(), ...options });
  onTestFinished(() => sandbox.close());
  const state = async () => (await fetch(`${sandbox.url}/_sandbox/state`)).json() as Promise<any>;
  return {
    ...benchFor(sandbox.url, { clock, account: sandbox, requestTimeoutMs: 500 }),
    sandbox,
    script: async (operation, fault, times = 1) => {
      const answer = await fetch(`${sandbox.url}/_sandbox/faults`, {
        method: "POST",
        body: JSON.stringify([{ operation, fault, times }]),
      });
      expect(await answer.json()).toHaveProperty("faults");
    },
    state,
    count: async (operation) =>
      (await state()).requests.filter((one: any) => one.operation === operation).length,
  };
};

/** The failure that a call ends with. */
export const failureOf = async (call: Promise<unknown>): Promise<Failure> => {
  const error = await call.then(
    (value) => new Error(`no failure, but ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  );
  if (error instanceof AtlasToolError) return error.failure;
  throw error;
};
