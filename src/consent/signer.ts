/** Signed statements: what was shown to somebody, so that a later yes can be held against it. The server keeps nothing. */
import { crypto } from "../common/crypto.ts";
import type { Secret } from "../common/secret.ts";

/** JSON with its members in order, so that equal values have equal texts. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_name, one: unknown) =>
    typeof one === "object" && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );

/** What a signature is good for: none stands in for another. */
export type Purpose = "form" | "token";

export type Signer = {
  /** Signs a statement; the signature is good until `expires` (milliseconds since 1970). */
  sign(purpose: Purpose, statement: unknown, expires: number): string;
  /** Whether the signature is of this statement, unbroken and not expired at `now`. */
  verify(purpose: Purpose, statement: unknown, signature: string, now: number): boolean;
};

/** A key of its own for each use of the one secret. */
export const keyFor = (use: string, secret: Secret): Buffer =>
  crypto().createHmac("sha256", secret.reveal()).update(use).digest();

/** Signs with the shared secret, or with one of this process where none is set. */
export const createSigner = (secret: Secret | undefined): Signer => {
  let key: Buffer | undefined;
  const keyed = (): Buffer => {
    key ??= secret === undefined ? crypto().randomBytes(32) : keyFor("consent", secret);
    return key;
  };
  const sign: Signer["sign"] = (purpose, statement, expires) => {
    const until = Math.floor(expires).toString(36);
    const mac = crypto()
      .createHmac("sha256", keyed())
      .update(canonical([purpose, until, statement]));
    return `${until}.${mac.digest("base64url")}`;
  };
  return {
    sign,
    verify: (purpose, statement, signature, now) => {
      const expires = Number.parseInt(signature.split(".", 1)[0] ?? "", 36);
      if (!Number.isSafeInteger(expires) || expires <= now) return false;
      const mine = Buffer.from(sign(purpose, statement, expires));
      const theirs = Buffer.from(signature);
      return mine.length === theirs.length && crypto().timingSafeEqual(mine, theirs);
    },
  };
};
