/** The real pieces put together in this process against a base URL: everything but the transport, on a clock that runs faster. */
import { createServiceAccountAuth } from "../../src/atlas/auth.ts";
import { createAtlasClient } from "../../src/atlas/client.ts";
import { type Attempt, createHttp, type Exchange } from "../../src/atlas/http.ts";
import type { ConfirmMode } from "../../src/config/index.ts";
import { createCredentialFiles } from "../../src/credentials/files.ts";
import { type Clock, startDeadline } from "../../src/deadline.ts";
import { type Audit, noAudit } from "../../src/guard/audit.ts";
import type { Ask } from "../../src/guard/confirm.ts";
import { createGate } from "../../src/guard/gate.ts";
import { operator, type Principal } from "../../src/guard/principal.ts";
import type { Rules } from "../../src/guard/rules.ts";
import { createSealer } from "../../src/guard/seal.ts";
import type { Log, LogLevel } from "../../src/log.ts";
import { createAllFlights, type Work } from "../../src/operations/work.ts";
import { createRunner } from "../../src/runner.ts";
import { secret } from "../../src/secret.ts";
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
  work(options?: { deadlineMs?: number; caller?: AbortSignal }): Work;
  call(
    tool: string,
    args: object,
    options?: { signal?: AbortSignal; principal?: Principal; ask?: Ask },
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
  const exchange: Exchange = async (wire, signal) => {
    const limited = attemptSignal(clock, requestTimeoutMs, signal);
    const attempt = await http.exchange(wire, limited.signal).finally(limited.done);
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
    exchange,
    clock,
    userAgent,
  });
  const target = async () => ({ baseUrl, auth });
  const atlas = createAtlasClient({ target, exchange, clock, userAgent });
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
  const flights = createAllFlights(clock);
  const runner = createRunner({
    tools,
    atlas,
    flights,
    clock,
    log,
    scope: {},
    rules,
    gate: createGate({
      policyFor: (principal) => ({
        backend: "atlas",
        confirm,
        operator: rules,
        principal: principal.rules,
      }),
      sealer: createSealer(options.secret === undefined ? undefined : secret(options.secret)),
      audit: options.audit ?? noAudit,
      log,
      userAgent,
    }),
    standingFor: () => ({
      backend: "atlas",
      baseUrl,
      government: false,
      policy: { readOnly: false, allowDelete: true, confirm, rules: [] },
      switchedOff: [],
    }),
    deadlineMs,
    ...(options.passwords === undefined
      ? {}
      : { credentialFiles: createCredentialFiles(options.passwords) }),
  });
  return {
    work: ({ deadlineMs: ms = deadlineMs, caller = new AbortController().signal } = {}) => ({
      atlas,
      clock,
      deadline: startDeadline(ms, caller, clock),
      scope: {},
      bounds: {},
      flights,
      progress: async () => {},
    }),
    lines,
    exchanged,
    call: async (name, args, options = {}) => {
      const { signal = new AbortController().signal, principal = operator, ask } = options;
      const tool = tools.find((one) => one.name === name);
      if (tool === undefined) throw new Error(`There is no tool ${name}.`);
      const result = await runner.run(tool, args, {
        principal,
        ask,
        signal,
        progress: async () => {},
      });
      return "answer" in result ? result.answer : { status: "asking", ...result.pending };
    },
    close: async () => {
      await atlas.close();
      await http.close();
    },
  };
};
