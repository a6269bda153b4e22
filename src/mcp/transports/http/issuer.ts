/** Finds the address of an issuer's keys in its metadata (RFC 8414, OpenID Connect Discovery). */
import { isLoopback } from "../../../atlas/http.ts";
import { messageOf } from "../../../common/errno.ts";

/** Where the metadata may be, in the order of the MCP specification (2025-11-25, basic/authorization). */
const metadataUrlsOf = (issuer: string): string[] => {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, "");
  const names = ["oauth-authorization-server", "openid-configuration"];
  const inserted = names.map((name) => `${origin}/.well-known/${name}${path}`);
  return path === ""
    ? inserted
    : [...inserted, `${origin}${path}/.well-known/openid-configuration`];
};

const fetchJson = async (url: string): Promise<unknown> => {
  const response = await fetch(url, {
    headers: { accept: "application/json" },
    redirect: "error",
    signal: AbortSignal.timeout(5000),
  });
  return response.ok ? response.json() : undefined;
};

/** The address of the keys; undefined unless the metadata belongs to this issuer (RFC 8414, 3.3). */
const keysIn = (metadata: unknown, issuer: string): string | undefined => {
  if (typeof metadata !== "object" || metadata === null) return undefined;
  if (!("issuer" in metadata) || metadata.issuer !== issuer) return undefined;
  const uri = "jwks_uri" in metadata ? metadata.jwks_uri : undefined;
  if (typeof uri !== "string" || !URL.canParse(uri)) return undefined;
  return uri.startsWith("https://") || isLoopback(uri) ? uri : undefined;
};

const problemOf = (error: unknown): string =>
  messageOf(error instanceof Error && error.cause instanceof Error ? error.cause : error);

/** Tries one address: the address of the keys, or why it is not there. */
const readMetadata = async (
  url: string,
  issuer: string,
): Promise<{ keys: string } | { problem: string }> => {
  try {
    const keys = keysIn(await fetchJson(url), issuer);
    return keys === undefined ? { problem: `${url} has no metadata of this issuer` } : { keys };
  } catch (error) {
    return { problem: `${url}: ${problemOf(error)}` };
  }
};

const discover = async (issuer: string): Promise<string> => {
  const problems: string[] = [];
  for (const url of metadataUrlsOf(issuer)) {
    const read = await readMetadata(url, issuer);
    if ("keys" in read) return read.keys;
    problems.push(read.problem);
  }
  throw new Error(problems.join("; "));
};

const cacheMs = 3_600_000;
const retryMs = 5000;

/** Finds the address of the keys. Caches it for an hour; after a failure, tries again after five seconds. */
export const createDiscovery = (
  issuer: string,
  now: () => number = () => performance.now(),
): (() => Promise<string>) => {
  let cached: { uri: Promise<string>; until: number } | undefined;

  return () => {
    if (cached !== undefined && now() < cached.until) return cached.uri;
    const latest = { uri: discover(issuer), until: now() + cacheMs };
    cached = latest;
    latest.uri.catch(() => {
      latest.until = now() + retryMs;
    });
    return latest.uri;
  };
};
