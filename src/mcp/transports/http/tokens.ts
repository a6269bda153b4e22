/** Bearer tokens of our own making: 256 random bits, of which only the hash is kept. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

// Lets a scanner of repositories and logs tell what it has found.
const prefix = "atlas_mcp_";

/** A token that nobody can guess, so that a plain hash of it is as good as a slow one. */
export const mintToken = (): string => `${prefix}${randomBytes(32).toString("base64url")}`;

/** What the token file keeps. */
export const hashOf = (token: string): string =>
  createHash("sha256").update(token, "utf8").digest("hex");

/** The one whose hash is that of the token; takes the same time whichever it is, and whether there is one. */
export const findByToken = <T extends { sha256: string }>(
  entries: readonly T[],
  token: string,
): T | undefined => {
  const hash = Buffer.from(hashOf(token), "hex");
  let found: T | undefined;
  for (const entry of entries)
    if (timingSafeEqual(Buffer.from(entry.sha256, "hex"), hash)) found = entry;
  return found;
};
