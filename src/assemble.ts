/** A Config becomes a running whole: client, runner, server factory, and how to end it. Nothing is reached or started before the first call. */
import { createServiceAccountAuth, type ServiceAccount } from "./atlas/auth.ts";
import { type AtlasClient, createAtlasClient, type Target } from "./atlas/client.ts";
import { createApiKeyAuth } from "./atlas/digest.ts";
import { createHttp, type Exchange } from "./atlas/http.ts";
import type { Config } from "./config.ts";
import { systemClock } from "./deadline.ts";
import { fail } from "./errors.ts";
import { checkAudit, createAudit, noAudit } from "./guard/audit.ts";
import { createGate } from "./guard/gate.ts";
import { operator, type Principal } from "./guard/principal.ts";
import type { Rules } from "./guard/rules.ts";
import { createSealer } from "./guard/seal.ts";
import { createLog } from "./log.ts";
import { createAllFlights } from "./operations/work.ts";
import { createRedactor } from "./redact.ts";
import { createRunner, type Runner } from "./runner.ts";
import { secret } from "./secret.ts";
import type { Standing, Tool } from "./tools/define.ts";
import { tools } from "./tools/index.ts";
import { version } from "./version.ts";

export type Assembly = {
  runner: Runner;
  /** Milliseconds for a user to answer. */
  consentMs: number;
  switchedOff: Standing["switchedOff"];
  /** The parts below the runner, for the doctor. */
  atlas: AtlasClient;
  exchange: Exchange;
  target(): Promise<Target>;
  close(): Promise<void>;
};

/** Why a tool is not offered to a caller, or undefined where it is. */
const offReason = (
  { access, name }: Tool,
  config: Config,
  rules: Rules,
  principal: Principal,
): string | undefined => {
  if (config.readOnly && access !== "read") return "the server is read-only (ATLAS_MCP_READ_ONLY)";
  if (principal.readOnly && access !== "read") return "this caller may only read";
  if (config.backend === "atlas" && !config.allowDelete && access === "delete")
    return "deletes are off on live Atlas (ATLAS_MCP_ALLOW_DELETE)";
  if (principal.noDelete && access === "delete") return "this caller may not delete";
  if (config.scope.groupId !== undefined && ["create_project", "delete_project"].includes(name))
    return "the server is fixed to one project (MONGODB_ATLAS_PROJECT_ID)";
  const listed = rules.projects ?? principal.rules.projects;
  if (listed !== undefined && name === "create_project")
    return "the operator names the projects that may be used (rule projects)";
  return undefined;
};

const userAgent = `atlas-provision-mcp/${version} (node ${process.versions.node}; ${process.platform} ${process.arch})`;

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
export const assemble = async (config: Config): Promise<Assembly> => {
  const rules = await readRules(config);
  if (config.audit) checkAudit(config.audit);
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
    const attempt = await http.exchange(wire, signal);
    if ("broken" in attempt || attempt.reply.status < 400) return attempt;
    const { json, headers } = attempt.reply;
    const shown = { json: redactor.clean(json), headers: redactor.clean(headers) };
    return { reply: { ...attempt.reply, ...shown } };
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

  const atlas = createAtlasClient({ target, exchange, clock, userAgent });
  const standingFor = (principal: Principal): Standing => ({
    backend: config.backend,
    baseUrl: config.backend === "sandbox" ? "embedded sandbox" : config.baseUrl,
    government: new URL(config.baseUrl).hostname.endsWith(".mongodbgov.com"),
    policy: {
      readOnly: config.readOnly || principal.readOnly,
      allowDelete: (config.backend === "sandbox" || config.allowDelete) && !principal.noDelete,
      confirm: config.confirm,
      rules: [rules, principal.rules].filter((one) => Object.keys(one).length > 0),
    },
    switchedOff: tools.flatMap((tool) => {
      const reason = offReason(tool, config, rules, principal);
      return reason === undefined ? [] : [{ tool: tool.name, reason }];
    }),
  });
  const gate = createGate({
    policyFor: (principal) => ({
      backend: config.backend,
      confirm: config.confirm,
      operator: rules,
      principal: principal.rules,
    }),
    sealer: createSealer(config.secret),
    audit: config.audit ? createAudit(config.audit.path, config.secret, clock) : noAudit,
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
  });
  return {
    runner,
    consentMs: config.confirmTimeoutMs,
    switchedOff: standingFor(operator).switchedOff,
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
