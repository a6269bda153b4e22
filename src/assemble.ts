/** A Config becomes a running whole: client, runner, server factory, and how to end it. Nothing is reached or started before the first call. */
import { homedir } from "node:os";
import { createServiceAccountAuth, type ServiceAccount } from "./atlas/auth.ts";
import { type AtlasClient, createAtlasClient, type Target } from "./atlas/client.ts";
import { createApiKeyAuth } from "./atlas/digest.ts";
import { type Attempt, createHttp, type Exchange } from "./atlas/http.ts";
import type { Config } from "./config/index.ts";
import { createCredentialFiles, credentialsFolder } from "./credentials/files.ts";
import { type Clock, systemClock } from "./deadline.ts";
import { fail } from "./errors.ts";
import { checkAudit, createAudit, noAudit } from "./guard/audit.ts";
import { createGate } from "./guard/gate.ts";
import { operator } from "./guard/principal.ts";
import type { Rules } from "./guard/rules.ts";
import { createSealer } from "./guard/seal.ts";
import { createLog, type Log, type LogTarget } from "./log.ts";
import { createAllFlights } from "./operations/work.ts";
import { createRedactor } from "./redact.ts";
import { type Called, createRunner, type Runner } from "./runner.ts";
import { secret } from "./secret.ts";
import { createStanding } from "./standing.ts";
import type { Standing } from "./tools/define.ts";
import { tools } from "./tools/index.ts";
import { traceHeaders } from "./trace.ts";
import { version } from "./version.ts";

export type Assembly = {
  runner: Runner;
  /** Milliseconds for a user to answer. */
  consentMs: number;
  log: Log;
  switchedOff: Standing["switchedOff"];
  rules: Rules;
  /** The parts below the runner, for the doctor. */
  atlas: AtlasClient;
  exchange: Exchange;
  target(): Promise<Target>;
  close(): Promise<void>;
};

/** Whoever counts: told of each call, each HTTP attempt at Atlas, and each that is a repeat. */
export type Observers = {
  onCall?(call: Called): void;
  onAttempt?(method: string, attempt: Attempt, ms: number): void;
  onRetry?(): void;
};

const userAgent = `atlas-provision-mcp/${version} (node ${process.versions.node}; ${process.platform} ${process.arch})`;

export type AssembleOptions = {
  observers?: Observers;
  /** Callers are on other machines: passwords then go only where the operator says. */
  remote?: boolean;
  /** Default: the system's clock, and stderr. */
  clock?: Clock;
  logTo?: LogTarget;
};

/** The operator's rules; read only where there are any, so that nothing is loaded for them otherwise. */
const readRules = async ({ policy }: Config): Promise<Rules> => {
  if (policy === undefined) return {};
  const { readPolicy } = await import("./guard/policy-file.ts");
  return readPolicy(policy.path, policy.from);
};

/**
 * Puts the parts together. `close` gives the token back and ends the sandbox; it never throws. Rejects with
 * `ConfigError` where a file that the configuration names is not good.
 */
export const assemble = async (
  config: Config,
  { observers = {}, remote = false, clock = systemClock, logTo }: AssembleOptions = {},
): Promise<Assembly> => {
  const rules = await readRules(config);
  if (config.audit) checkAudit(config.audit);
  const redactor = createRedactor();
  const log = createLog(config.logLevel, redactor.clean, logTo);
  const http = createHttp({
    requestTimeoutMs: config.requestTimeoutMs,
    ...(config.proxies === undefined ? {} : { proxies: config.proxies }),
  });
  let closeSandbox: () => Promise<void> = async () => {};

  /** Atlas's error texts may echo what was sent to it: secrets are taken out where they come in. */
  const exchange: Exchange = async (wire, signal) => {
    const sentAt = clock.now();
    const headers = { ...wire.headers, ...traceHeaders() };
    const attempt = await http.exchange({ ...wire, headers }, signal);
    observers.onAttempt?.(wire.method, attempt, clock.now() - sentAt);
    if ("broken" in attempt || attempt.reply.status < 400) return attempt;
    const { reply } = attempt;
    const shown = { json: redactor.clean(reply.json), headers: redactor.clean(reply.headers) };
    return { reply: { ...reply, ...shown } };
  };

  const asServiceAccount = (baseUrl: string, account: ServiceAccount): Target => ({
    baseUrl,
    clientId: account.clientId.reveal(),
    auth: createServiceAccountAuth({
      account,
      baseUrl,
      exchange,
      clock,
      userAgent,
      onSecret: redactor.add,
    }),
  });

  /** The credentials themselves, in every form in which they are sent. */
  const keepSecret = (credentials: NonNullable<Config["credentials"]>) => {
    const { publicKey, privateKey, clientId, clientSecret } = {
      publicKey: undefined,
      privateKey: undefined,
      clientId: undefined,
      clientSecret: undefined,
      ...credentials,
    };
    for (const one of [publicKey, privateKey, clientId, clientSecret])
      if (one) redactor.add(one.reveal());
  };

  /** Live Atlas as configured, or a sandbox on a free port of this machine: downstream nothing knows which. */
  const reach = async (): Promise<Target> => {
    const { baseUrl, credentials } = config;
    if (credentials) keepSecret(credentials);
    if (credentials?.kind === "api_key") return { baseUrl, auth: createApiKeyAuth(credentials) };
    if (credentials !== undefined) return asServiceAccount(baseUrl, credentials);
    const { createSandbox, StateFileError } = await import("./sandbox/index.ts");
    const { orgId } = config.scope;
    const sandbox = await createSandbox({
      clock: clock.now,
      ...(orgId === undefined ? {} : { orgId }),
      ...(config.sandboxState === undefined ? {} : { statePath: config.sandboxState.path }),
    }).catch((error: unknown) => {
      if (!(error instanceof StateFileError)) throw error;
      // Met by the first call and not by the start: hosts start a second process just to look.
      return fail("unavailable", `The sandbox cannot keep its state: ${error.message}.`);
    });
    closeSandbox = () => sandbox.close();
    return asServiceAccount(sandbox.url, {
      kind: "service_account",
      clientId: secret(sandbox.clientId),
      clientSecret: secret(sandbox.clientSecret),
    });
  };

  let reached: Promise<Target> | undefined;
  const target = () => {
    reached ??= reach().catch((error: unknown) => {
      reached = undefined;
      throw error;
    });
    return reached;
  };

  const atlas = createAtlasClient({ target, exchange, clock, userAgent, ...observers });
  const own = remote ? undefined : credentialsFolder(process.env, homedir());
  const folder = config.credentialsDir ?? own;
  const standingFor = createStanding(config, rules, tools, folder !== undefined);
  const audit = config.audit ? createAudit(config.audit.path, config.secret, clock) : noAudit;
  const gate = createGate({
    policyFor: (principal) => ({
      backend: config.backend,
      confirm: config.confirm,
      operator: rules,
      principal: principal.rules,
    }),
    sealer: createSealer(config.secret),
    audit,
    log,
    userAgent,
  });
  const runner = createRunner({
    tools,
    atlas,
    flights: createAllFlights(clock),
    clock,
    log,
    scope: config.scope,
    rules,
    gate,
    standingFor,
    deadlineMs: config.deadlineMs,
    ...(folder === undefined ? {} : { credentialFiles: createCredentialFiles(folder) }),
    ...observers,
  });
  return {
    runner,
    log,
    consentMs: config.confirmTimeoutMs,
    switchedOff: standingFor(operator).switchedOff,
    rules,
    atlas,
    exchange,
    target,
    close: async () => {
      await atlas.close();
      await closeSandbox().catch(() => {});
      await http.close().catch(() => {});
      await audit.close().catch(() => {});
    },
  };
};
