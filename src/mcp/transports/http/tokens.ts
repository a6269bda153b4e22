/** Bearer tokens that this program mints: 256 random bits. Only their hash is stored. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

// Secret scanners recognize tokens by their prefix.
const prefix = "atlas_mcp_";

/** The name of a token's owner. */
export const tokenName = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/,
  says: "must be 1 to 64 letters, digits and . _ @ -",
};

/** Nobody can guess the token, so its stored hash does not need to be a slow one. */
export const mintToken = (): string => `${prefix}${randomBytes(32).toString("base64url")}`;

export const hashOf = (token: string): string =>
  createHash("sha256").update(token, "utf8").digest("hex");

/** Finds the entry with the token's hash, in a time that does not depend on which entry matches. */
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
