/** Signs what was shown to a user, so that a later reply can be checked against it. The server stores nothing. */
import { crypto } from "../common/crypto.ts";
import type { Secret } from "../common/secret.ts";

/** JSON with sorted members, so that equal values have equal texts. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_name, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );

/** What a signature is for; it is not valid for the other purpose. */
export type Purpose = "form" | "token";

export type Signer = {
  /** Signs a statement; the signature is valid until `expires` (milliseconds since 1970). */
  sign(purpose: Purpose, statement: unknown, expires: number): string;
  /** Whether the signature matches this statement and has not expired at `now`. */
  verify(purpose: Purpose, statement: unknown, signature: string, now: number): boolean;
};

/** Derives a separate key for each use of the shared secret. */
export const keyFor = (use: string, secret: Secret): Buffer =>
  crypto().createHmac("sha256", secret.reveal()).update(use).digest();

/** Signs with the shared secret, or with a random key of this process if there is none. */
export const createSigner = (secret: Secret | undefined): Signer => {
  let key: Buffer | undefined;
  const currentKey = (): Buffer => {
    key ??= secret === undefined ? crypto().randomBytes(32) : keyFor("consent", secret);
    return key;
  };
  const sign: Signer["sign"] = (purpose, statement, expires) => {
    const until = Math.floor(expires).toString(36);
    const mac = crypto()
      .createHmac("sha256", currentKey())
      .update(canonical([purpose, until, statement]));
    return `${until}.${mac.digest("base64url")}`;
  };
  return {
    sign,
    verify: (purpose, statement, signature, now) => {
      const expires = Number.parseInt(signature.split(".", 1)[0] ?? "", 36);
      if (!Number.isSafeInteger(expires) || expires <= now) return false;
      const expected = Buffer.from(sign(purpose, statement, expires));
      const actual = Buffer.from(signature);
      return expected.length === actual.length && crypto().timingSafeEqual(expected, actual);
    },
  };
};
