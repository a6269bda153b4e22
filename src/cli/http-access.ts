/** Who may reach `http`: the checks of its settings, its token file and its issuer. The doctor uses them too. */

import { isLoopback } from "../atlas/http.ts";
import type { Log } from "../common/log.ts";
import { isHost, urlHost } from "../common/url-host.ts";
import { type Config, ConfigError } from "../config/config.ts";
import { createOAuth } from "../mcp/transports/http/oauth.ts";
import { openTokenFile, type TokenFile } from "../mcp/transports/http/token-file.ts";
import type { Verify } from "../mcp/transports/http/verifier.ts";

/** The settings that only `http` reads. */
export type HttpSettings = Pick<
  Config,
  | "tokens"
  | "issuer"
  | "audience"
  | "publicUrl"
  | "allowedHosts"
  | "allowedOrigins"
  | "rateLimit"
  | "connectionsEach"
  | "metricsPort"
  | "metricsHost"
  | "backendNamed"
>;

/** What it means that no secret is set. */
export const withoutSecret = ({
  credentials,
  ephemeral,
}: Pick<Config, "credentials" | "ephemeral">): string => {
  const own = ephemeral ? "a key of this process alone" : "a key that all sandboxes have";
  const key = credentials === undefined ? own : "a key from the Atlas credential";
  return `ATLAS_MCP_SECRET is not set: confirmations are signed with ${key}, and an audit file has no key`;
};

/** Refuses OAuth settings that do not fit together, and an address that is open to others without authentication. */
export const refuseUnsafe = (
  { tokens, issuer, audience, publicUrl, backendNamed }: HttpSettings,
  host: string,
): void => {
  if (issuer !== undefined && audience === undefined && publicUrl === undefined)
    throw new ConfigError(
      "--issuer (ATLAS_MCP_ISSUER) needs --audience or --public-url (ATLAS_MCP_AUDIENCE or ATLAS_MCP_PUBLIC_URL), so that tokens for other servers are refused",
    );
  if (issuer === undefined && audience !== undefined)
    throw new ConfigError(
      "--audience (ATLAS_MCP_AUDIENCE) is set, but --issuer (ATLAS_MCP_ISSUER) is not",
    );
  if (!isHost(host)) throw new ConfigError(`--host ${host} is not a host name or address`);
  if (isLoopback(`http://${urlHost(host)}`)) return;
  if (tokens === undefined && issuer === undefined)
    throw new ConfigError(
      `--host ${host} can be reached from other machines, so callers must authenticate: use --tokens or --issuer (ATLAS_MCP_TOKENS or ATLAS_MCP_ISSUER)`,
    );
  if (!backendNamed)
    throw new ConfigError(
      `--host ${host} can be reached from other machines, so name the backend: --backend atlas or --backend sandbox (ATLAS_MCP_BACKEND)`,
    );
};

/** Opens the token file, if one is set. Throws `ConfigError`. */
export const openTokens = (
  { tokens }: HttpSettings,
  log: Log,
  onChange: () => void,
): TokenFile | undefined => tokens && openTokenFile(tokens, log, onChange);

/** Checks access tokens of the issuer, if one is set. */
export const oauthOf = (
  { issuer, audience, publicUrl }: HttpSettings,
  onProblem: (problem: string) => void,
): Verify | undefined =>
  issuer === undefined
    ? undefined
    : createOAuth({ issuer, audience: audience ?? publicUrl ?? "", onProblem });
