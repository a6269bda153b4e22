/** `atlas-provision-mcp http`: reads the configuration, listens, and shuts down on a signal. */

import { isLoopback } from "../atlas/http.ts";
import type { Runner } from "../calls/run.ts";
import { messageOf } from "../common/errno.ts";
import type { Log } from "../common/log.ts";
import { type Config, ConfigError, type Flags, readConfig } from "../config/config.ts";
import { type ContainerOptions, type ContainerSettings, createContainer } from "../container.ts";
import { createServerFactory } from "../mcp/server.ts";
import { createAuthentication } from "../mcp/transports/http/authentication.ts";
import { type HttpOptions, serveHttp } from "../mcp/transports/http/listener.ts";
import { createMetrics } from "../mcp/transports/http/metrics.ts";
import { createOAuth, scopes } from "../mcp/transports/http/oauth.ts";
import { createRateLimit } from "../mcp/transports/http/rate-limit.ts";
import { openTokenFile, type TokenFile } from "../mcp/transports/http/token-file.ts";
import type { VerifiedCaller, Verify } from "../mcp/transports/http/verifier.ts";
import type { Caller } from "../policy/caller.ts";
import { listenProblem, text, whole } from "./flags.ts";
import { writeStdout } from "./stdout.ts";

/** The settings that only this command reads. */
export type HttpSettings = Pick<
  Config,
  | "tokens"
  | "issuer"
  | "audience"
  | "publicUrl"
  | "allowedHosts"
  | "allowedOrigins"
  | "rateLimit"
  | "backendNamed"
>;

/** Refuses OAuth settings that do not fit together, and an address that is open to others without authentication. */
const refuseUnsafe = (
  { tokens, issuer, audience, publicUrl, backendNamed }: HttpSettings,
  host: string,
): void => {
  if (issuer !== undefined && audience === undefined && publicUrl === undefined)
    throw new ConfigError(
      "ATLAS_MCP_ISSUER needs ATLAS_MCP_AUDIENCE or ATLAS_MCP_PUBLIC_URL, so that tokens for other servers are refused",
    );
  if (issuer === undefined && audience !== undefined)
    throw new ConfigError("ATLAS_MCP_AUDIENCE is set, but ATLAS_MCP_ISSUER is not");
  const bracketed = host.includes(":") ? `[${host}]` : host;
  if (!URL.canParse(`http://${bracketed}`))
    throw new ConfigError(`--host ${host} is not a host name or address`);
  if (isLoopback(`http://${bracketed}`)) return;
  if (tokens === undefined && issuer === undefined)
    throw new ConfigError(
      `--host ${host} can be reached from other machines, so callers must authenticate: set ATLAS_MCP_TOKENS or ATLAS_MCP_ISSUER`,
    );
  if (!backendNamed)
    throw new ConfigError(
      `--host ${host} can be reached from other machines, so name the backend: --backend atlas or --backend sandbox`,
    );
};

const openTokens = (
  path: string | undefined,
  log: Log,
  onChange: () => void,
): TokenFile | undefined => {
  try {
    return path === undefined ? undefined : openTokenFile(path, log, onChange);
  } catch (error) {
    throw new ConfigError(`ATLAS_MCP_TOKENS ${path}: ${messageOf(error)}`);
  }
};

const verifiersFor = (
  { issuer, audience, publicUrl }: HttpSettings,
  tokenFile: TokenFile | undefined,
  log: Log,
): Verify[] => {
  const oauth =
    issuer &&
    createOAuth({
      issuer,
      audience: audience ?? publicUrl ?? "",
      onProblem: (problem) => log.error?.({ problem }, "issuer not reached"),
    });
  return [...(tokenFile ? [tokenFile.verify] : []), ...(oauth ? [oauth] : [])];
};

const allowedBy = ({ publicUrl, allowedHosts = [], allowedOrigins = [] }: HttpSettings) => ({
  hosts: [...(publicUrl === undefined ? [] : [new URL(publicUrl).hostname]), ...allowedHosts],
  origins: allowedOrigins,
});

const needsWriteIn =
  (runner: Runner) =>
  ({ caller }: VerifiedCaller, tool: string): boolean => {
    const isOffered = (one: Caller) =>
      runner.forCaller(one).tools.some(({ name }) => name === tool);
    return !isOffered(caller) && isOffered({ ...caller, readOnly: false });
  };

/** For tests: another clock, another place for the log, and shorter limits. */
export type StartOptions = Pick<ContainerOptions, "clock" | "logTarget"> &
  Pick<HttpOptions, "limits">;

export type StartedHttp = {
  /** Address of the endpoint. */
  url: string;
  /** Reads the token file again. */
  reload(): void;
  /** Answers what is under way, then frees the port and gives the token back. */
  end(): Promise<void>;
};

/** Starts the server. Throws `ConfigError`. */
export const startHttp = async (
  config: HttpSettings & ContainerSettings,
  flags: Flags,
  { limits = {}, ...options }: StartOptions = {},
): Promise<StartedHttp> => {
  const host = text(flags, "host") ?? "127.0.0.1";
  const port = whole(flags, "port", 65_535) ?? 3000;
  refuseUnsafe(config, host);
  const { tokens, issuer, publicUrl, rateLimit } = config;

  const metrics = createMetrics();
  const { observers } = metrics;
  const container = await createContainer(config, { ...options, observers, remote: true });
  const { runner, log, consentMs } = container;
  const ending = new AbortController();

  let closeStaleSessions = () => {};
  const tokenFile = openTokens(tokens, log, () => closeStaleSessions());
  const resourceOf = (request: Request) => publicUrl ?? `${new URL(request.url).origin}/mcp`;
  const oauth = issuer === undefined ? undefined : { issuer, scopes, resourceOf };
  const authentication = createAuthentication({
    verifiers: verifiersFor(config, tokenFile, log),
    scopes: oauth?.scopes,
    resourceOf,
    onRefused: (why, code) => log.warn?.({ code, why }, "caller refused"),
  });
  // The limit protects callers from each other. Without authentication all requests count as one caller's.
  const perMinute = rateLimit ?? (authentication.required ? 600 : 0);

  const listening = await serveHttp({
    host,
    port,
    factory: createServerFactory(runner, { consentMs, ending: ending.signal }),
    allowed: allowedBy(config),
    authentication,
    oauth,
    rateLimit: perMinute === 0 ? undefined : createRateLimit(perMinute),
    needsWrite: needsWriteIn(runner),
    metrics,
    limits,
    log,
    drained: runner.drained,
    interrupt: () => ending.abort(),
  }).catch((error: unknown) => {
    throw listenProblem(error, host, port);
  });
  metrics.watch({ sessions: listening.sessions.size, calls: runner.inFlight });
  closeStaleSessions = () =>
    void listening.sessions.closeFor(
      (caller) => caller.id.startsWith("token:") && tokenFile?.holds(caller) !== true,
    );
  return {
    url: listening.url,
    reload: () => tokenFile?.reload(),
    end: async () => {
      await listening.drain();
      tokenFile?.close();
      await Promise.race([container.close(), new Promise((resolve) => setTimeout(resolve, 1000))]);
    },
  };
};

/** Serves until SIGTERM or SIGINT. The first line on stdout is JSON with the address of the endpoint. */
export const runHttp = async (flags: Flags): Promise<number> => {
  const config = readConfig(process.env, flags);
  const server = await startHttp(config, flags);
  process.on("SIGHUP", server.reload);
  const ended = new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
  });
  if (config.secret === undefined)
    process.stderr.write(
      "atlas-provision-mcp: ATLAS_MCP_SECRET is not set, so confirmations are valid only in this process and while it runs\n",
    );
  await writeStdout(`${JSON.stringify({ url: server.url })}\n`);
  await ended;
  await server.end();
  return 0;
};
