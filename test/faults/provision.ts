/** The real pieces put together in this process against a base URL: everything but the transport, on a clock that runs faster. */
import { createServiceAccountAuth } from "../../src/atlas/auth/service-account.ts";
import { createAtlasClient } from "../../src/atlas/client.ts";
import { type Attempt, createHttp, type SendHttp } from "../../src/atlas/http.ts";
import type { Audit } from "../../src/audit/log.ts";
import { createRunner } from "../../src/calls/run.ts";
import { boundsOf } from "../../src/calls/scope.ts";
import { type Clock, startDeadline } from "../../src/common/deadline.ts";
import type { Log, LogLevel } from "../../src/common/log.ts";
import { createRedactor } from "../../src/common/redact.ts";
import { secret } from "../../src/common/secret.ts";
import type { ConfirmMode } from "../../src/config/config.ts";
import type { PendingQuestion, UserResponse } from "../../src/consent/consent.ts";
import { createSigner } from "../../src/consent/signer.ts";
import { createEphemeralFiles } from "../../src/credential-files/ephemeral.ts";
import { createPasswordFiles } from "../../src/credential-files/files.ts";
import { createSingleFlights, type OperationContext } from "../../src/operations/context.ts";
import { createMadeProjects } from "../../src/operations/made-projects.ts";
import { type Caller, operator } from "../../src/policy/caller.ts";
import { createReservations } from "../../src/policy/reservations.ts";
import type { Rules } from "../../src/policy/rules.ts";
import type { Setup } from "../../src/tools/define.ts";
import { tools } from "../../src/tools/index.ts";

export const userAgent = "atlas-provision-mcp/0.0.0 (faults)";

/** A signal that aborts with another or when the time of one attempt is over, as `createHttp` has it, but on the clock. */
const attemptSignal = (clock: Clock, ms: number, signal: AbortSignal) => {
  const [late, answered] = [new AbortController(), new AbortController()];
  void clock
    .sleep(ms, answered.signal)
    .then(() => answered.signal.aborted || late.abort(new DOMException("", "TimeoutError")));
  return { signal: AbortSignal.any([signal, late.signal]), done: () => answered.abort() };
};

export type Answer = Record<string, any>;

/** What a host does with a question: comes back with a reply and a state, or leaves it open. */
export type Host = (
  question: PendingQuestion,
) => UserResponse | undefined | Promise<UserResponse | undefined>;

type Line = { level: LogLevel; fields: Record<string, unknown>; message: string };

/** One exchange with Atlas as the client saw it; `name` is that of what a post makes, `password` a user's. */
export type Exchanged = {
  method: string;
  path: string;
  name?: string;
  password?: string;
  attempt: Attempt;
};

/** What a post makes, by the name that it has in Atlas. */
const namedIn = (body = ""): Pick<Exchanged, "name" | "password"> => {
  const [, name = ""] = /"(?:name|username|ipAddress|cidrBlock)":"([^"]*)"/.exec(body) ?? [];
  const [, password] = /"password":"([^"]*)"/.exec(body) ?? [];
  return { name, ...(password === undefined ? {} : { password }) };
};

export type Provision = {
  /** What operations work with, for a call that no tool makes. */
  work(options?: { deadlineMs?: number; caller?: AbortSignal }): OperationContext;
  call(
    tool: string,
    args: object,
    options?: { signal?: AbortSignal; caller?: Caller; host?: Host; showsCard?: boolean },
  ): Promise<Answer>;
  /** What was logged, and what was exchanged with the Admin API, in order. */
  lines: Line[];
  exchanged: Exchanged[];
  close(): Promise<void>;
};

export type ProvisionOptions = {
  baseUrl: string;
  account: { clientId: string; clientSecret: string };
  clock: Clock;
  /** On the clock, both. */
  deadlineMs?: number;
  requestTimeoutMs?: number;
  confirm?: ConfirmMode;
  rules?: Rules;
  secret?: string;
  audit?: Audit;
  /** Where passwords of database users go. */
  passwords?: string;
};

/** One process's worth of the server. */
export const provision = (options: ProvisionOptions): Provision => {
  const { baseUrl, clock, deadlineMs = 45_000, requestTimeoutMs = 10_000 } = options;
  const { confirm = "never", rules = {} } = options;
  const http = createHttp({ requestTimeoutMs: 600_000 });
  const lines: Line[] = [];
  const exchanged: Exchanged[] = [];
  const exchange: SendHttp = async (wire, signal) => {
    const limited = attemptSignal(clock, requestTimeoutMs, signal);
    const attempt = await http.send(wire, limited.signal).finally(limited.done);
    const path = wire.url.slice(baseUrl.length);
    const named = wire.method === "POST" ? namedIn(wire.body) : {};
    if (path.startsWith("/api/atlas/"))
      exchanged.push({ method: wire.method, path, ...named, attempt });
    return attempt;
  };
  const auth = createServiceAccountAuth({
    account: {
      kind: "service_account",
      clientId: secret(options.account.clientId),
      clientSecret: secret(options.account.clientSecret),
    },
    baseUrl,
    sendHttp: exchange,
    clock,
    userAgent,
  });
  const target = async () => ({ baseUrl, auth });
  const atlas = createAtlasClient({ endpoint: target, sendHttp: exchange, clock, userAgent });
  const write =
    (level: LogLevel): Log["info"] =>
    (fields, message) => {
      lines.push({ level, fields, message });
    };
  const log: Log = {
    error: write("error"),
    warn: write("warn"),
    info: write("info"),
    debug: write("debug"),
  };
  const singleFlights = createSingleFlights(clock);
  const madeProjects = createMadeProjects();
  const policyOf = (caller: Caller) => ({
    backend: "atlas" as const,
    confirm,
    operator: rules,
    caller: caller.rules,
  });
  const setup: Setup = {
    backend: "atlas",
    baseUrl,
    government: false,
    policy: { readOnly: false, allowDelete: true, confirm, rules: [] },
    ephemeral: { on: true, backend: "atlas" },
    switchedOff: [],
  };
  const runner = createRunner({
    atlas,
    unauthenticated: atlas,
    shared: {
      clock,
      scope: {},
      singleFlights,
      madeProjects,
      passwordFiles:
        options.passwords === undefined ? undefined : createPasswordFiles(options.passwords),
      ephemeralFiles:
        options.passwords === undefined ? undefined : createEphemeralFiles(options.passwords),
      ephemeralAddress: baseUrl,
      isRemote: false,
      redactor: createRedactor(),
    },
    log,
    changes: {
      consent: {
        signer: createSigner(undefined, secret(options.secret ?? crypto.randomUUID())),
        formMs: 900_000,
      },
      audit: options.audit,
      log,
      userAgent,
      reservations: createReservations(),
      confirmations: undefined,
      checkStore: undefined,
    },
    availabilityFor: (caller) => {
      const own = { setup, policy: policyOf(caller) };
      return {
        caller,
        tools,
        ...own,
        ofEphemeral: own,
        bounds: boundsOf({}, [rules, caller.rules]),
        isBounded: true,
      };
    },
    deadlineMs,
  });
  return {
    work: ({ deadlineMs: ms = deadlineMs, caller = new AbortController().signal } = {}) => ({
      atlas,
      clock,
      deadline: startDeadline(ms, caller, clock),
      scope: {},
      bounds: {},
      singleFlights,
      madeProjects,
      pendingAddresses: Promise.resolve([]),
      recorded: (_change, work) => work(),
      progress: async () => {},
    }),
    lines,
    exchanged,
    call: async (name, args, options = {}) => {
      const { signal = new AbortController().signal, caller = operator, host } = options;
      const { showsCard = false } = options;
      const tool = tools.find((one) => one.name === name);
      if (tool === undefined) throw new Error(`There is no tool ${name}.`);
      const { run } = runner.forCaller(caller);
      const about = {
        canElicit: host !== undefined,
        showsCard,
        signal,
        progress: async () => {},
      };
      let end = await run(tool, args, about);
      while ("question" in end) {
        const response = await host?.(end.question);
        if (response === undefined) return { status: "asking", ...end.question };
        end = await run(tool, args, { ...about, response });
      }
      // What a host gives to its card and not to its model.
      return end.card === undefined ? end.result : { ...end.result, card: end.card };
    },
    close: async () => {
      await atlas.close();
      await http.close();
    },
  };
};
