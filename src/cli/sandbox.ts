/** `atlas-provision-mcp sandbox`: the sandbox on its own, for curl, other MCP servers and tests. */
import { readFileSync } from "node:fs";
import { createSandbox, type SandboxOptions, StateFileError } from "@atlas-provision-mcp/sandbox";
import { ConfigError, type Flags } from "../config/config.ts";
import { listenProblem, text, whole } from "./flags.ts";
import { writeStdout } from "./stdout.ts";

const file = (flags: Flags, name: string): string | undefined => {
  const path = text(flags, name);
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new ConfigError(`--${name}: the file cannot be read`);
  }
};

const given = <T>(name: string, value: T | undefined) =>
  value === undefined ? {} : { [name]: value };

const optionsOf = (flags: Flags): SandboxOptions => {
  const orgId = text(flags, "org-id");
  if (orgId !== undefined && !/^[a-f0-9]{24}$/.test(orgId))
    throw new ConfigError("--org-id must be 24 hexadecimal digits in lower case");
  const key = file(flags, "tls-key");
  const cert = file(flags, "tls-cert");
  if ((key === undefined) !== (cert === undefined))
    throw new ConfigError("--tls-key and --tls-cert are needed together");
  return {
    host: text(flags, "host") ?? "127.0.0.1",
    port: whole(flags, "port", 65_535) ?? 8080,
    provisionMs: whole(flags, "provision-ms", 86_400_000) ?? 3000,
    ...given("orgId", orgId),
    ...given("statePath", text(flags, "state")),
    rateLimits: flags["no-rate-limits"] !== true,
    ...(key !== undefined && cert !== undefined ? { tls: { key, cert } } : {}),
    credentials: {
      ...given("clientId", text(flags, "client-id")),
      ...given("clientSecret", text(flags, "client-secret")),
      ...given("publicKey", text(flags, "public-key")),
      ...given("privateKey", text(flags, "private-key")),
    },
  };
};

/** Serves until SIGTERM or SIGINT. The first line on stdout is JSON with the address and the credentials. */
export const runSandbox = async (flags: Flags): Promise<number> => {
  const options = optionsOf(flags);
  const { host = "", port = 0 } = options;
  const sandbox = await createSandbox(options).catch((error: unknown) => {
    if (error instanceof StateFileError) throw new ConfigError(`--state: ${error.message}`);
    throw listenProblem(error, host, port);
  });
  const { url, clientId, clientSecret, publicKey, privateKey, orgId } = sandbox;
  const ended = new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
  });
  await writeStdout(
    `${JSON.stringify({ url, clientId, clientSecret, publicKey, privateKey, orgId })}\n`,
  );
  await ended;
  await sandbox.close();
  return 0;
};
