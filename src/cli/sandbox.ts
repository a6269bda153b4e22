/** `atlas-provision-mcp sandbox`: the sandbox on its own, for curl, other MCP servers and tests. */
import {
  checkStateFile,
  createSandbox,
  type Sandbox,
  SandboxError,
  type SandboxOptions,
  StateFileError,
} from "@atlas-provision-mcp/sandbox";
import { createLog, type LogLevel } from "../common/log.ts";
import { ConfigError, type Flags, readOne } from "../config/config.ts";
import type { Tls } from "./certificate.ts";
import { addressOf, listenProblem, path, text, whole } from "./flags.ts";
import { logLife } from "./log.ts";
import { endSignal } from "./signals.ts";
import { writeStderr, writeStdout } from "./stdout.ts";

const optional = <T>(name: string, value: T | undefined) =>
  value === undefined ? {} : { [name]: value };

const tlsOf = async (flags: Flags): Promise<Tls | undefined> => {
  const [key, cert] = [path(flags, "tls-key"), path(flags, "tls-cert")];
  if ((key === undefined) !== (cert === undefined))
    throw new ConfigError("--tls-key and --tls-cert are needed together");
  if (key === undefined || cert === undefined) return undefined;
  return (await import("./certificate.ts")).readTls(key, cert);
};

/** Where `--env` writes; undefined without it. Throws `ConfigError`. */
const envFileOf = (flags: Flags): string | undefined => path(flags, "env");

/** The options of the sandbox. Rejects with `ConfigError`. */
export const optionsOf = async (flags: Flags): Promise<SandboxOptions> => {
  const orgId = text(flags, "org-id");
  if (orgId !== undefined && !/^[a-f0-9]{24}$/.test(orgId))
    throw new ConfigError("--org-id must be 24 hexadecimal digits in lower case");
  const envFile = envFileOf(flags);
  if (envFile !== undefined) (await import("./sandbox-env.ts")).checkEnvFile(envFile);
  return {
    ...addressOf(flags, 8080),
    provisionMs: whole(flags, "provision-ms", 86_400_000) ?? 3000,
    ...optional("orgId", orgId),
    ...optional("statePath", path(flags, "state")),
    rateLimits: flags["no-rate-limits"] !== true,
    ...optional("tls", await tlsOf(flags)),
    credentials: {
      ...optional("clientId", text(flags, "client-id")),
      ...optional("clientSecret", text(flags, "client-secret")),
      ...optional("publicKey", text(flags, "public-key")),
      ...optional("privateKey", text(flags, "private-key")),
    },
  };
};

/** Starts the sandbox. Rejects with `ConfigError` if its state file or its address cannot be used. */
export const startSandbox = (options: SandboxOptions): Promise<Sandbox> =>
  createSandbox(options).catch((error: unknown) => {
    if (error instanceof StateFileError) throw new ConfigError(`--state: ${error.problem}`);
    const cause = error instanceof SandboxError ? (error.cause ?? error) : error;
    throw listenProblem(cause, options.host ?? "", options.port ?? 0);
  });

/** Why a sandbox cannot keep its state in a file; undefined if it can. Changes nothing. */
export const stateProblem = (path: string): Promise<StateFileError | undefined> =>
  checkStateFile(path).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof StateFileError) return error;
      throw error;
    },
  );

/** The only setting of the server that this command has. Throws `ConfigError`. */
export const logLevelOf = (flags: Flags): LogLevel => readOne("logLevel", process.env, flags);

/** The first line on stdout, or the variables in its place. Rejects with `ConfigError`. */
const announce = async (sandbox: Sandbox, envFile: string | undefined): Promise<void> => {
  const { url, clientId, clientSecret, publicKey, privateKey, orgId } = sandbox;
  const line = `${JSON.stringify({ url, clientId, clientSecret, publicKey, privateKey, orgId })}\n`;
  if (envFile === undefined) return writeStdout(line);
  const { envText, toStdout, writeEnvFile } = await import("./sandbox-env.ts");
  const text = envText(sandbox);
  if (envFile === toStdout) return writeStdout(text);
  await writeEnvFile(envFile, text);
  return writeStdout(line);
};

/** Serves until SIGTERM or SIGINT. The first line on stdout is JSON with the address and the credentials. */
export const runSandbox = async (flags: Flags): Promise<number> => {
  const log = createLog(logLevelOf(flags));
  const sandbox = await startSandbox(await optionsOf(flags));
  const { url } = sandbox;
  const life = logLife(log, { command: "sandbox", url });
  const ended = endSignal();
  await announce(sandbox, envFileOf(flags)).catch(async (error: unknown) => {
    await sandbox.close();
    throw error;
  });
  // For people. Who wants lines of the log has the address in the first one.
  if (log.error !== undefined && log.info === undefined)
    await writeStderr(`Sandbox console: ${url}/\n`);
  await ended;
  await sandbox.close();
  await life.ended();
  return 0;
};
