/** `atlas-provision-mcp http`: reads the configuration, listens, and shuts down on a signal. */

import type { Credentials } from "../calls/credentials.ts";
import type { Runner } from "../calls/run.ts";
import type { Log } from "../common/log.ts";
import { type Flags, readConfig } from "../config/config.ts";
import {
  type Container,
  type ContainerOptions,
  type ContainerSettings,
  createContainer,
} from "../container.ts";
import { createServerFactory } from "../mcp/server.ts";
import { createAuthentication } from "../mcp/transports/http/authentication.ts";
import { type HttpOptions, serveHttp } from "../mcp/transports/http/listener.ts";
import { createMetrics, type Metrics } from "../mcp/transports/http/metrics.ts";
import { type MetricsListening, serveMetrics } from "../mcp/transports/http/metrics-listener.ts";
import { credentialsScope, scopes } from "../mcp/transports/http/oauth.ts";
import { createRateLimit, createSharedRateLimit } from "../mcp/transports/http/rate-limit.ts";
import { createRefusalLog, type OnRefused } from "../mcp/transports/http/refusal-log.ts";
import type { VerifiedCaller } from "../mcp/transports/http/verifier.ts";
import type { Caller } from "../policy/caller.ts";
import { addressOf, listenProblem } from "./flags.ts";
import {
  type HttpSettings,
  oauthOf,
  openTokens,
  refuseUnsafe,
  withoutSecret,
} from "./http-access.ts";
import { logLife } from "./log.ts";
import { endSignal } from "./signals.ts";
import { writeStdout } from "./stdout.ts";

const allowedBy = ({ publicUrl, allowedHosts = [], allowedOrigins = [] }: HttpSettings) => ({
  hosts: [...(publicUrl === undefined ? [] : [new URL(publicUrl).hostname]), ...allowedHosts],
  origins: allowedOrigins,
});

/** Gives callers their passwords, and counts that as running calls. Undefined where nobody could tell them apart. */
const credentialsFor = (
  { credentials, runner }: Container,
  isRequired: boolean,
): Credentials | undefined =>
  credentials && isRequired
    ? { ...credentials, fetch: (...given) => runner.track(credentials.fetch(...given)) }
    : undefined;

/** The limit of requests a minute; 0 for none. */
const rateLimitOf = (perMinute: number, { store }: Container) => {
  if (perMinute === 0) return undefined;
  return store === undefined ? createRateLimit(perMinute) : createSharedRateLimit(perMinute, store);
};

/** Shows the metrics on a port of their own, if one is set. */
const openMetrics = async (
  config: HttpSettings,
  { render }: Metrics,
  onRefused: OnRefused,
): Promise<MetricsListening | undefined> => {
  const { metricsPort: port, metricsHost: host } = config;
  if (port === undefined) return undefined;
  const allowed = allowedBy(config);
  return serveMetrics({ host, port, allowed, onRefused, render }).catch((error: unknown) => {
    throw listenProblem(error, host, port, "metrics-");
  });
};

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
  /** Address of the metrics, where they have a port of their own. */
  metricsUrl: string | undefined;
  log: Log;
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
  const { host, port } = addressOf(flags, 3000);
  refuseUnsafe(config, host);
  const { issuer, publicUrl, rateLimit, connectionsEach } = config;

  const metrics = createMetrics();
  const { observers } = metrics;
  const container = await createContainer(config, { ...options, observers, remote: true });
  const { runner, log, consentMs } = container;
  // For the log: a store that does not answer keeps changes from being made, and nothing from the start.
  void container.store?.check().catch(() => {});
  const ending = new AbortController();

  let endStale = () => {};
  const tokenFile = openTokens(config, log, () => endStale());
  const verifyOAuth = oauthOf(config, (problem) => log.error?.({ problem }, "issuer not reached"));
  const resourceOf = (request: Request) => publicUrl ?? `${new URL(request.url).origin}/mcp`;
  const onRefused = createRefusalLog(log);
  const authentication = createAuthentication({
    verifiers: [tokenFile?.verify, verifyOAuth].filter((verify) => verify !== undefined),
    scopes: issuer === undefined ? undefined : scopes,
    resourceOf,
    onRefused,
  });
  const credentials = credentialsFor(container, authentication.required);
  const offered = credentials === undefined ? scopes : [...scopes, credentialsScope];
  const oauth = issuer === undefined ? undefined : { issuer, scopes: offered, resourceOf };
  // The limit protects callers from each other. Without authentication all requests count as one caller's.
  const perMinute = rateLimit ?? (authentication.required ? 600 : 0);

  const scraped = await openMetrics(config, metrics, onRefused);
  const listening = await serveHttp({
    host,
    port,
    factory: createServerFactory(runner, { consentMs, ending: ending.signal }),
    allowed: allowedBy(config),
    authentication,
    oauth,
    checkStore: container.store?.check,
    rateLimit: rateLimitOf(perMinute, container),
    needsWrite: needsWriteIn(runner),
    credentials,
    metrics: scraped === undefined ? metrics : { onResponse: metrics.onResponse },
    limits: { ...(connectionsEach === undefined ? {} : { connectionsEach }), ...limits },
    log,
    onRefused,
    drained: runner.drained,
    interrupt: () => ending.abort(),
  }).catch(async (error: unknown) => {
    await scraped?.close();
    throw listenProblem(error, host, port);
  });
  metrics.watch({ sessions: listening.sessions.size, calls: runner.inFlight });
  endStale = () => {
    listening.checkTokens();
    void listening.sessions.closeFor(
      (caller) => caller.id.startsWith("token:") && tokenFile?.holds(caller) !== true,
    );
  };
  return {
    url: listening.url,
    metricsUrl: scraped?.url,
    log,
    reload: () => tokenFile?.reload(),
    end: async () => {
      await listening.drain();
      await scraped?.close();
      tokenFile?.close();
      await Promise.race([container.close(), new Promise((resolve) => setTimeout(resolve, 1000))]);
    },
  };
};

/** Serves until SIGTERM or SIGINT. The first line on stdout is JSON with the address of the endpoint. */
export const runHttp = async (flags: Flags): Promise<number> => {
  const config = readConfig(process.env, flags);
  const server = await startHttp(config, flags);
  const { url, metricsUrl, log } = server;
  process.on("SIGHUP", server.reload);
  const ended = endSignal();
  const life = logLife(log, { transport: "http", backend: config.backend, url });
  if (config.secret === undefined) log.warn?.({}, withoutSecret(config));
  await writeStdout(`${JSON.stringify({ url, metricsUrl })}\n`);
  await ended;
  await server.end();
  await life.ended();
  return 0;
};
