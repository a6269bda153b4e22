/** `atlas-provision-mcp http`: from the configuration to a listening server, and to its end. */

import { isLoopback } from "../atlas/http.ts";
import { type Config, ConfigError, type Flags, readConfig } from "../config/config.ts";
import { createContainer } from "../container.ts";
import { createServerFactory } from "../mcp/server.ts";
import { createAuthentication } from "../mcp/transports/http/authentication.ts";
import { serveHttp } from "../mcp/transports/http/listener.ts";
import { createMetrics } from "../mcp/transports/http/metrics.ts";
import { createOAuth, scopes } from "../mcp/transports/http/oauth.ts";
import { createRateLimit } from "../mcp/transports/http/rate-limit.ts";
import { openTokenFile, type TokenFile } from "../mcp/transports/http/token-file.ts";
import { listenProblem, text, whole } from "./flags.ts";
import { writeStdout } from "./stdout.ts";

/** What would make the server unsafe on this address, or leave it undecided whom it lets in. */
const refuseUnsafe = (config: Config, host: string): void => {
  const { tokens, issuer, audience, publicUrl, backendNamed } = config;
  if (issuer !== undefined && audience === undefined && publicUrl === undefined)
    throw new ConfigError(
      "ATLAS_MCP_ISSUER needs ATLAS_MCP_AUDIENCE or ATLAS_MCP_PUBLIC_URL: tokens for others must not be let in",
    );
  if (issuer === undefined && audience !== undefined)
    throw new ConfigError("ATLAS_MCP_AUDIENCE is set, but ATLAS_MCP_ISSUER is not");
  const bracketed = host.includes(":") ? `[${host}]` : host;
  if (!URL.canParse(`http://${bracketed}`)) throw new ConfigError(`--host ${host} is no address`);
  if (isLoopback(`http://${bracketed}`)) return;
  if (tokens === undefined && issuer === undefined)
    throw new ConfigError(
      `--host ${host} can be reached from other machines, so callers have to be known: set ATLAS_MCP_TOKENS or ATLAS_MCP_ISSUER`,
    );
  if (!backendNamed)
    throw new ConfigError(
      `--host ${host} can be reached from other machines, so say what they get: --backend atlas or --backend sandbox`,
    );
};

const openTokens = (path: string, ...rest: [Parameters<typeof openTokenFile>[1], () => void]) => {
  try {
    return openTokenFile(path, ...rest);
  } catch (error) {
    throw new ConfigError(
      `ATLAS_MCP_TOKENS ${path}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
};

/** Serves until SIGTERM or SIGINT. The first line on stdout is JSON: the address of the endpoint. */
export const runHttp = async (flags: Flags): Promise<number> => {
  const config = readConfig(process.env, flags);
  const host = text(flags, "host") ?? "127.0.0.1";
  const port = whole(flags, "port", 65_535) ?? 3000;
  refuseUnsafe(config, host);
  const { tokens, issuer, publicUrl, allowedHosts = [], allowedOrigins = [] } = config;

  const metrics = createMetrics();
  const container = await createContainer(config, { observers: metrics.observers, remote: true });
  const { runner, log } = container;
  const ending = new AbortController();

  let dropStale = () => {};
  const tokenFile: TokenFile | undefined =
    tokens === undefined ? undefined : openTokens(tokens, log, () => dropStale());
  const resourceOf = (request: Request) => publicUrl ?? `${new URL(request.url).origin}/mcp`;
  const oauth = issuer === undefined ? undefined : { issuer, scopes, resourceOf };
  const authentication = createAuthentication({
    verifiers: [
      ...(tokenFile === undefined ? [] : [tokenFile.verify]),
      ...(issuer === undefined
        ? []
        : [
            createOAuth({
              issuer,
              audience: config.audience ?? publicUrl ?? "",
              onProblem: (problem) => log.error({ problem }, "issuer not reached"),
            }),
          ]),
    ],
    scopes: oauth?.scopes,
    resourceOf,
    onRefused: (why) => log.warn({ why }, "caller refused"),
  });
  // Where nobody has to say who they are, there is no one to be protected from another.
  const perMinute = config.rateLimit ?? (authentication.required ? 600 : 0);

  const listening = await serveHttp({
    host,
    port,
    factory: createServerFactory(runner, {
      consentMs: container.consentMs,
      ending: ending.signal,
    }),
    doors: {
      hosts: [...(publicUrl === undefined ? [] : [new URL(publicUrl).hostname]), ...allowedHosts],
      origins: allowedOrigins,
    },
    authentication,
    oauth,
    rateLimit: perMinute === 0 ? undefined : createRateLimit(perMinute),
    needsWrite: ({ principal }, tool) => {
      const names = (one: typeof principal) => runner.forCaller(one).tools.map(({ name }) => name);
      return (
        !names(principal).includes(tool) && names({ ...principal, readOnly: false }).includes(tool)
      );
    },
    metrics,
    log,
    idle: runner.drained,
    hurry: () => ending.abort(),
  }).catch((error: unknown) => {
    throw listenProblem(error, host, port);
  });
  metrics.watch({ sessions: listening.sessions.size, calls: runner.inFlight });
  dropStale = () =>
    void listening.sessions.closeFor(
      (principal) => principal.id.startsWith("token:") && tokenFile?.holds(principal) !== true,
    );

  process.on("SIGHUP", () => tokenFile?.reload());
  const ended = new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
  });
  if (config.secret === undefined)
    process.stderr.write(
      "atlas-provision-mcp: ATLAS_MCP_SECRET is not set, so consent that is given through this process holds in no other one and ends with it\n",
    );
  await writeStdout(`${JSON.stringify({ url: listening.url })}\n`);
  await ended;
  await listening.drain();
  await Promise.race([container.close(), new Promise((resolve) => setTimeout(resolve, 1000))]);
  return 0;
};
