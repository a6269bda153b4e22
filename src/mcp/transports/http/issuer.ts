/** Where an issuer keeps its keys, by its own metadata (RFC 8414 and OpenID Connect Discovery). */
import { isLoopback } from "../../../atlas/http.ts";

/** The addresses at which metadata may be, in the order of the MCP specification (authorization, 2025-11-25). */
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

/** The metadata's address of keys, or undefined where it is that of another issuer or of none (RFC 8414, 3.3). */
const keysIn = (metadata: unknown, issuer: string): string | undefined => {
  if (typeof metadata !== "object" || metadata === null) return undefined;
  if (!("issuer" in metadata) || metadata.issuer !== issuer) return undefined;
  const uri = "jwks_uri" in metadata ? metadata.jwks_uri : undefined;
  if (typeof uri !== "string" || !URL.canParse(uri)) return undefined;
  return uri.startsWith("https://") || isLoopback(uri) ? uri : undefined;
};

const keepMs = 3_600_000;
const retryMs = 5000;

/** Finds the address of the keys, keeps it for an hour, and after a failure asks again at most every five seconds. */
export const createDiscovery = (
  issuer: string,
  now: () => number = () => performance.now(),
): (() => Promise<string>) => {
  let found: { uri: Promise<string>; until: number } | undefined;

  const look = async (): Promise<string> => {
    const problems: string[] = [];
    for (const url of metadataUrlsOf(issuer)) {
      try {
        const uri = keysIn(await fetchJson(url), issuer);
        if (uri !== undefined) return uri;
        problems.push(`${url} has no metadata of this issuer`);
      } catch (error) {
        const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
        problems.push(`${url}: ${cause instanceof Error ? cause.message : String(cause)}`);
      }
    }
    throw new Error(problems.join("; "));
  };

  return () => {
    if (found !== undefined && now() < found.until) return found.uri;
    const asked = { uri: look(), until: now() + keepMs };
    found = asked;
    asked.uri.catch(() => {
      asked.until = now() + retryMs;
    });
    return asked.uri;
  };
};
