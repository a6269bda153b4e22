/** HTTP Digest (RFC 7616) with MD5, as Atlas has it: the challenge, and the check of a client's response to one. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Identifiers } from "../identifiers.ts";
import type { Credentials } from "./credentials.ts";

/** The issued nonces, each with the request counts that were used. */
export type Nonces = Map<string, { issuedAt: number; used: Set<string> }>;

/** `stale`: the key is right, but the nonce is not valid any more. */
export type DigestResult = "valid" | "stale" | "invalid";

const digestRealm = "MMS Public API";

/** Creates the WWW-Authenticate header of a challenge, with a new nonce. */
export const createChallenge = (
  nonces: Nonces,
  ids: Identifiers,
  now: number,
  lifetimeMs: number,
  stale: boolean,
): string => {
  for (const [nonce, { issuedAt }] of nonces) {
    if (now - issuedAt >= lifetimeMs) nonces.delete(nonce);
  }
  const nonce = Buffer.from(`${ids.objectId(now)}${ids.hex(24)}`, "hex").toString("base64");
  nonces.set(nonce, { issuedAt: now, used: new Set() });
  return `Digest realm="${digestRealm}", domain="", nonce="${nonce}", algorithm=MD5, qop="auth", stale=${stale}`;
};

const parseParameters = (header: string): Record<string, string> => {
  const pairs = header.matchAll(/([a-z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/gi);
  return Object.fromEntries(
    Array.from(pairs, ([, name = "", quoted, bare]) => [
      name.toLowerCase(),
      quoted?.replace(/\\(.)/g, "$1") ?? bare ?? "",
    ]),
  );
};

/** Compares two texts in constant time. */
export const isSameText = (a: string, b: string): boolean => {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
};

/**
 * Checks an Authorization header against the key. If the response is right but its nonce is unknown, too old
 * or already used with this count, the result is `stale`: the client has proved the key and may try again.
 */
export const verifyDigest = (
  header: string,
  request: { method: string; url: string },
  { publicKey, privateKey }: Pick<Credentials, "publicKey" | "privateKey">,
  nonces: Nonces,
  now: number,
  lifetimeMs: number,
): DigestResult => {
  const parameters = parseParameters(header);
  const { nonce = "", nc = "", cnonce = "", qop = "", uri = "", response = "" } = parameters;
  const isMd5 = (parameters.algorithm ?? "MD5").toUpperCase() === "MD5";
  if (!isMd5 || qop !== "auth" || uri !== request.url) return "invalid";
  if (parameters.username !== publicKey || parameters.realm !== digestRealm) return "invalid";

  const hash = (text: string): string => createHash("md5").update(text).digest("hex");
  const secret = hash(`${publicKey}:${digestRealm}:${privateKey}`);
  const target = hash(`${request.method}:${uri}`);
  const expected = hash([secret, nonce, nc, cnonce, qop, target].join(":"));
  if (!isSameText(expected, response.toLowerCase())) return "invalid";

  const issued = nonces.get(nonce);
  if (issued === undefined || now - issued.issuedAt >= lifetimeMs) return "stale";
  // A set, not a highest count: parallel requests may arrive out of order.
  if (!/^[0-9a-f]{8}$/i.test(nc) || issued.used.has(nc)) return "stale";
  issued.used.add(nc);
  return "valid";
};
