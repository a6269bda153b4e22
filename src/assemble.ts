/** A Config becomes a running whole: client, runner, server factory, and how to end it. Nothing is reached or started before the first call. */
import { createServiceAccountAuth, type ServiceAccount } from "./atlas/auth.ts";
import { type AtlasClient, createAtlasClient, type Target } from "./atlas/client.ts";
import { createApiKeyAuth } from "./atlas/digest.ts";
import { type Attempt, createHttp, type Exchange } from "./atlas/http.ts";
import type { Config } from "./config.ts";
import { systemClock } from "./deadline.ts";
import { createLog, type Log } from "./log.ts";
import { createFlights } from "./operations/flights.ts";
import { createRedactor } from "./redact.ts";
import { type Called, createRunner, type Runner } from "./runner.ts";
import { secret } from "./secret.ts";
import type { Standing, Tool } from "./tools/define.ts";
import { tools } from "./tools/index.ts";
import { traceHeaders } from "./trace.ts";
import { version } from "./version.ts";

export type Assembly = {
  runner: Runner;
  log: Log;
  switchedOff: Standing["switchedOff"];
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

/** Why a tool is not offered, or undefined where it is. */
const offReason = (tool: Tool, config: Config): string | undefined => {
  if (config.readOnly && tool.access !== "read")
    return "the server is read-only (ATLAS_MCP_READ_ONLY)";
  if (config.backend === "atlas" && !config.allowDelete && tool.access === "delete")
    return "deletes are off on live Atlas (ATLAS_MCP_ALLOW_DELETE)";
  if (
    config.scope.groupId !== undefined &&
    ["create_project", "delete_project"].includes(tool.name)
  )
    return "the server is fixed to one project (MONGODB_ATLAS_PROJECT_ID)";
  return undefined;
};

const userAgent = `atlas-provision-mcp/${version} (node ${process.versions.node}; ${process.platform} ${process.arch})`;

/** Puts the parts together. `close` gives the token back and ends the sandbox; it never throws. */
export const assemble = (config: Config, observers: Observers = {}): Assembly => {
  const clock = systemClock;
  const redactor = createRedactor();
  const log = createLog(config.logLevel, redactor.clean);
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
    const { createSandbox } = await import("./sandbox/index.ts");
    const { orgId } = config.scope;
    const sandbox = await createSandbox(orgId === undefined ? {} : { orgId });
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
  const reasons = tools.flatMap((tool) => {
    const reason = offReason(tool, config);
    return reason === undefined ? [] : [{ tool: tool.name, reason }];
  });
  const off = new Set(reasons.map((one) => one.tool));
  const standing: Standing = {
    backend: config.backend,
    baseUrl: config.backend === "sandbox" ? "embedded sandbox" : config.baseUrl,
    government: new URL(config.baseUrl).hostname.endsWith(".mongodbgov.com"),
    policy: {
      readOnly: config.readOnly,
      allowDelete: config.backend === "sandbox" || config.allowDelete,
    },
    switchedOff: reasons,
  };
  const runner = createRunner({
    tools: tools.filter((tool) => !off.has(tool.name)),
    atlas,
    flights: { projects: createFlights(clock), flexClusters: createFlights(clock) },
    clock,
    log,
    scope: config.scope,
    standing,
    deadlineMs: config.deadlineMs,
    userAgent,
    ...observers,
  });
  return {
    runner,
    log,
    switchedOff: reasons,
    atlas,
    exchange,
    target,
    close: async () => {
      await atlas.close();
      await closeSandbox().catch(() => {});
      await http.close().catch(() => {});
    },
  };
};
