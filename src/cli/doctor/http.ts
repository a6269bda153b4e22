/** Checks what only `http` starts with: its address, its callers, its secret. */
import { createServer } from "node:net";
import { errnoOf, messageOf } from "../../common/errno.ts";
import type { Log } from "../../common/log.ts";
import type { Config, Flags, NamedFile } from "../../config/config.ts";
import { readNamedFile } from "../../config/named-file.ts";
import type { TokenFile } from "../../mcp/transports/http/token-file.ts";
import { count } from "../count.ts";
import { addressOf, listenProblem } from "../flags.ts";
import { oauthOf, openTokens, refuseUnsafe, withoutSecret } from "../http-access.ts";
import type { Check } from "./check.ts";
import { hasMetrics, readinessAt } from "./own-server.ts";

/** Listens for a moment. Resolves to the error if that is not possible. */
const tryToListen = (host: string, port: number): Promise<unknown> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });

const freeCheck = (check: string, host: string, port: number): Check => ({
  check,
  result: "ok",
  says: port === 0 ? `${host}, a free port` : `${host} port ${port} is free`,
});

/** The port is in use by a server of this program, which may well be the one that is looked at. */
const ownCheck = (check: string, says: string, flag: string): Check => ({
  check,
  result: "warning",
  says,
  fix: `Nothing, if that is the server you mean. To start another one beside it, give it another ${flag}.`,
});

const addressCheck = async (config: Config, host: string, port: number): Promise<Check> => {
  const check = "address";
  try {
    refuseUnsafe(config, host);
  } catch (error) {
    return { check, result: "failed", says: messageOf(error) };
  }
  const error = await tryToListen(host, port);
  if (error === undefined) return freeCheck(check, host, port);
  const readiness = errnoOf(error) === "EADDRINUSE" ? await readinessAt(host, port) : undefined;
  if (readiness !== undefined)
    return ownCheck(
      check,
      `a server of this program runs on ${host} port ${port} (${readiness})`,
      "--port",
    );
  return { check, result: "failed", says: messageOf(listenProblem(error, host, port)) };
};

const metricsCheck = async ({ metricsPort: port, metricsHost: host }: Config): Promise<Check[]> => {
  if (port === undefined) return [];
  const check = "metrics";
  const error = await tryToListen(host, port);
  if (error === undefined) return [freeCheck(check, host, port)];
  if (errnoOf(error) === "EADDRINUSE" && (await hasMetrics(host, port)))
    return [
      ownCheck(
        check,
        `a server of this program has its metrics on ${host} port ${port}`,
        "--metrics-port",
      ),
    ];
  return [
    { check, result: "failed", says: messageOf(listenProblem(error, host, port, "metrics-")) },
  ];
};

const countTokens = (path: string, tokens: ReturnType<TokenFile["entries"]>): Check => {
  const expired = tokens.filter(({ expiresAt }) => expiresAt <= Date.now());
  const says = `${path}: ${count(tokens.length, "token")}`;
  const check = "tokens";
  if (tokens.length === expired.length)
    return {
      check,
      result: "warning",
      says: tokens.length === 0 ? `${says}, so none is let in` : `${says}, all of them expired`,
      fix: "Add the entry that `token NAME` prints.",
    };
  if (expired.length === 0) return { check, result: "ok", says };
  const names = expired.map(({ name }) => name).join(", ");
  return {
    check,
    result: "warning",
    says: `${says}, ${expired.length} of them expired: ${names}`,
    fix: "Remove those entries, or give them a later expiresAt.",
  };
};

const isReadable = (file: NamedFile): boolean => {
  try {
    return readNamedFile(file) !== undefined;
  } catch {
    return false;
  }
};

const tokensCheck = (config: Config, log: Log): Check[] => {
  if (config.tokens === undefined) return [];
  try {
    const opened = openTokens(config, log, () => {});
    opened?.close();
    return [countTokens(config.tokens.path, opened?.entries() ?? [])];
  } catch (error) {
    return [
      {
        check: "tokens",
        result: "failed",
        says: messageOf(error),
        fix: isReadable(config.tokens)
          ? 'The file is {"tokens": [...]} with the entries that `token NAME` prints.'
          : "Name a file that this user can read with --tokens (ATLAS_MCP_TOKENS).",
      },
    ];
  }
};

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

// No key can have signed it, and to find that out the keys have to be fetched.
const unsigned = `${encoded({ alg: "RS256", kid: "doctor" })}.${encoded({})}.AA`;

const issuerCheck = async (config: Config): Promise<Check[]> => {
  const verify = oauthOf(config, () => {});
  if (verify === undefined) return [];
  const check = "issuer";
  const verified = await verify(unsigned);
  if (!("unavailable" in verified))
    return [{ check, result: "ok", says: `${config.issuer}: its metadata and keys can be read` }];
  return [
    {
      check,
      result: "failed",
      says: verified.unavailable,
      fix: "Correct --issuer (ATLAS_MCP_ISSUER): it is compared letter by letter with the issuer's metadata.",
    },
  ];
};

const callersCheck = ({ tokens, issuer }: Config): Check[] =>
  tokens === undefined && issuer === undefined
    ? [{ check: "callers", result: "ok", says: "everybody on this machine, without a token" }]
    : [];

const secretCheck = (config: Config): Check =>
  config.secret === undefined
    ? {
        check: "secret",
        result: "warning",
        says: withoutSecret(config),
        fix: "Set ATLAS_MCP_SECRET, to the same text for all replicas.",
      }
    : { check: "secret", result: "ok", says: "ATLAS_MCP_SECRET is set" };

/** The checks in order. Never rejects but for a wrong flag (`ConfigError`). */
export const httpChecks = async (config: Config, flags: Flags, log: Log): Promise<Check[]> => {
  const { host, port } = addressOf(flags, 3000);
  const [address, metrics, issuer] = await Promise.all([
    addressCheck(config, host, port),
    metricsCheck(config),
    issuerCheck(config),
  ]);
  return [
    address,
    ...metrics,
    ...(address.result === "failed" ? [] : callersCheck(config)),
    ...tokensCheck(config, log),
    ...issuer,
    secretCheck(config),
  ];
};
