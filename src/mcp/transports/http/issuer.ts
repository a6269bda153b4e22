/** Finds the address of an issuer's keys in its metadata (RFC 8414, OpenID Connect Discovery). */
import { isLoopback } from "../../../atlas/http.ts";
import { fetchDocument } from "./issuer-document.ts";

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

/** The address of the keys; undefined unless the metadata belongs to this issuer (RFC 8414, 3.3). */
const keysIn = (metadata: unknown, issuer: string): string | undefined => {
  if (typeof metadata !== "object" || metadata === null) return undefined;
  if (!("issuer" in metadata) || metadata.issuer !== issuer) return undefined;
  const uri = "jwks_uri" in metadata ? metadata.jwks_uri : undefined;
  if (typeof uri !== "string" || !URL.canParse(uri)) return undefined;
  return uri.startsWith("https://") || isLoopback(uri) ? uri : undefined;
};

/** Tries one address: the address of the keys, or why it is not there. */
const readMetadata = async (
  url: string,
  issuer: string,
): Promise<{ keys: string } | { problem: string }> => {
  const read = await fetchDocument(url);
  if ("problem" in read) return read;
  const keys = keysIn(read.json, issuer);
  return keys === undefined ? { problem: `${url} has no metadata of this issuer` } : { keys };
};

/** The address of the keys of an issuer. Rejects with the problems of all addresses where its metadata may be. */
export const discoverKeys = async (issuer: string): Promise<string> => {
  const problems: string[] = [];
  for (const url of metadataUrlsOf(issuer)) {
    const read = await readMetadata(url, issuer);
    if ("keys" in read) return read.keys;
    problems.push(read.problem);
  }
  throw new Error(problems.join("; "));
};
