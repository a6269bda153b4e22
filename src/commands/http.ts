/** `atlas-provision-mcp http`: from the configuration to a listening server, and to its end. */
import { type AssembleOptions, assemble } from "../assemble.ts";
import { isLoopback } from "../atlas/http.ts";
import { listenProblem, text, whole } from "../config/flags.ts";
import { type Config, ConfigError, type Flags, readConfig } from "../config/index.ts";
import { createMetrics } from "../metrics.ts";
import type { Runner } from "../runner.ts";
import { createServerFactory } from "../server.ts";
import { createAuthentication } from "../transports/http/authentication.ts";
import { createOAuth, scopes } from "../transports/http/oauth.ts";
import { createRateLimit } from "../transports/http/rate-limit.ts";
import { openTokenFile, type TokenFile } from "../transports/http/token-file.ts";
import { type HttpOptions, serveHttp } from "../transports/http.ts";
import { write } from "../write.ts";

/** What would make the server unsafe on this address, or leave it undecided whom it lets in. */
const refuseUnsafe = ({ http }: Config, host: string): void => {
  const { tokens, issuer, audience, publicUrl, backendNamed } = http;
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

/** The same runner, whose calls and questions also end when the server does. */
const endingWith = (runner: Runner, ending: AbortSignal): Runner => {
  const ended = new Promise<"unanswered">((resolve) =>
    ending.addEventListener("abort", () => resolve("unanswered"), { once: true }),
  );
  return {
    ...runner,
    run: (tool, args, { ask, ...call }) =>
      runner.run(tool, args, {
        ...call,
        ask: ask && ((form) => Promise.race([ask(form), ended])),
        signal: AbortSignal.any([call.signal, ending]),
      }),
  };
};

export type HttpStartOptions = Pick<AssembleOptions, "clock" | "logTo"> &
  Pick<HttpOptions, "limits">;

export type StartedHttp = {
  /** Address of the endpoint. */
  url: string;
  /** Reads the token file again. */
  reload(): void;
  /** Answers what is under way, then frees the port and gives the token back. */
  end(): Promise<void>;
};

/** Starts the server of this configuration. */
export const startHttp = async (
  config: Config,
  flags: Flags,
  { limits = {}, ...options }: HttpStartOptions = {},
): Promise<StartedHttp> => {
  const host = text(flags, "host") ?? "127.0.0.1";
  const port = whole(flags, "port", 65_535) ?? 3000;
  refuseUnsafe(config, host);
  const { tokens, issuer, publicUrl, allowedHosts = [], allowedOrigins = [] } = config.http;

  const metrics = createMetrics();
  const assembly = await assemble(config, {
    ...options,
    observers: metrics.observers,
    remote: true,
  });
  const { runner, log } = assembly;
  const ending = new AbortController();

  let dropStale = () => {};
  const tokenFile: TokenFile | undefined =
    tokens === undefined ? undefined : openTokens(tokens, log, () => dropStale());
  const resourceOf = (request: Request) => publicUrl ?? `${new URL(request.url).origin}/mcp`;
  const oauth = issuer === undefined ? undefined : { issuer, scopes, resourceOf };
  const authentication = createAuthentication({
    ways: [
      ...(tokenFile === undefined ? [] : [tokenFile.verify]),
      ...(issuer === undefined
        ? []
        : [
            createOAuth({
              issuer,
              audience: config.http.audience ?? publicUrl ?? "",
              onProblem: (problem) => log.error({ problem }, "issuer not reached"),
            }),
          ]),
    ],
    scopes: oauth?.scopes,
    resourceOf,
    onRefused: (why) => log.warn({ why }, "caller refused"),
  });
  // Where nobody has to say who they are, there is no one to be protected from another.
  const perMinute = config.http.rateLimit ?? (authentication.required ? 600 : 0);

  const listening = await serveHttp({
    host,
    port,
    factory: createServerFactory(endingWith(runner, ending.signal), assembly.consentMs),
    doors: {
      hosts: [...(publicUrl === undefined ? [] : [new URL(publicUrl).hostname]), ...allowedHosts],
      origins: allowedOrigins,
    },
    authentication,
    oauth,
    rateLimit: perMinute === 0 ? undefined : createRateLimit(perMinute),
    needsWrite: ({ principal }, tool) => {
      const names = (one: typeof principal) => runner.offered(one).map(({ name }) => name);
      return (
        !names(principal).includes(tool) && names({ ...principal, readOnly: false }).includes(tool)
      );
    },
    metrics,
    limits,
    log,
    idle: runner.idle,
    hurry: () => ending.abort(),
  }).catch((error: unknown) => {
    throw listenProblem(error, host, port);
  });
  metrics.watch({ sessions: listening.sessions.size, calls: runner.underWay });
  dropStale = () =>
    void listening.sessions.closeFor(
      (principal) => principal.id.startsWith("token:") && tokenFile?.holds(principal) !== true,
    );

  return {
    url: listening.url,
    reload: () => tokenFile?.reload(),
    end: async () => {
      await listening.drain();
      tokenFile?.close();
      await Promise.race([assembly.close(), new Promise((resolve) => setTimeout(resolve, 1000))]);
    },
  };
};

/** Serves until SIGTERM or SIGINT. The first line on stdout is JSON: the address of the endpoint. */
export const runHttp = async (flags: Flags): Promise<number> => {
  const config = readConfig(process.env, flags);
  const server = await startHttp(config, flags);
  process.on("SIGHUP", server.reload);
  const ended = new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
  });
  if (config.secret === undefined)
    process.stderr.write(
      "atlas-provision-mcp: ATLAS_MCP_SECRET is not set, so consent that is given through this process holds in no other one and ends with it\n",
    );
  await write(`${JSON.stringify({ url: server.url })}\n`);
  await ended;
  await server.end();
  return 0;
};
