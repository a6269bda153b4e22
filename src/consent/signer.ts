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

/** What a signature is for; it is not valid for another purpose. */
export type Purpose = "form" | "token" | "card";

/**
 * What a signature is worth: `other_subject` is ours, but of another statement; `other_key` is of a process with another
 * key; `not_ours` was changed, made up, or signed for another purpose.
 */
export type Verdict = "valid" | "expired" | "other_subject" | "other_key" | "not_ours";

export type Signer = {
  /** Signs a statement; the signature is valid until `expires` (milliseconds since 1970). */
  sign(purpose: Purpose, statement: unknown, expires: number): string;
  /** What the signature is worth for this statement at `now`. */
  verify(purpose: Purpose, statement: unknown, signature: string, now: number): Verdict;
};

/** Derives a separate key for each use of the shared secret. */
export const keyFor = (use: string, secret: Secret): Buffer =>
  crypto().createHmac("sha256", secret.reveal()).update(use).digest();

// So that the key is of no use for anything else, and the credential cannot be found from it.
const context = "atlas-provision-mcp consent";

/** The key that all processes with this credential have. */
const keyFrom = (credential: Secret): Buffer =>
  Buffer.from(crypto().hkdfSync("sha256", credential.reveal(), "", context, 32));

/** An HMAC, cut to a length that a model copies without mistakes: 128 bits are enough for some minutes. */
const macOf = (key: Buffer, value: unknown, bytes = 16): string =>
  crypto()
    .createHmac("sha256", key)
    .update(canonical(value))
    .digest()
    .subarray(0, bytes)
    .toString("base64url");

const isEqual = (one: string, other: string): boolean => {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && crypto().timingSafeEqual(left, right);
};

/** When a signature expires, as it says (milliseconds since 1970): not yet verified, and NaN for any other text. */
export const expiryOf = (signature: string): number =>
  Number.parseInt(signature.split(".", 1)[0] ?? "", 36);

/** What a signature shares with those of the same question for other purposes: all but its seal. */
export const questionIn = (signature: string): string =>
  signature.slice(0, signature.lastIndexOf("."));

/**
 * Signs with the shared secret, or else with a key from the credential, so that a confirmation from one process of an
 * operator is valid in the next: some hosts start a process for each call.
 *
 * A signature has four parts: when it expires, whose key it is of, what it is for, and the seal over these.
 */
export const createSigner = (shared: Secret | undefined, credential: Secret): Signer => {
  let key: Buffer | undefined;
  const currentKey = (): Buffer => {
    key ??= shared === undefined ? keyFrom(credential) : keyFor("consent", shared);
    return key;
  };
  const keyId = (): string => macOf(currentKey(), ["key"], 4);
  const subjectOf = (statement: unknown): string => macOf(currentKey(), ["statement", statement]);
  const sealOf = (purpose: Purpose, until: string, subject: string): string =>
    macOf(currentKey(), ["seal", purpose, until, subject]);
  return {
    sign: (purpose, statement, expires) => {
      const until = Math.floor(expires).toString(36);
      const subject = subjectOf(statement);
      return [until, keyId(), subject, sealOf(purpose, until, subject)].join(".");
    },
    verify: (purpose, statement, signature, now) => {
      const [until = "", id = "", subject = "", seal = "", ...more] = signature.split(".");
      // As long as ours: else it is not a signature of another key either.
      if (id.length !== keyId().length || seal === "" || more.length > 0) return "not_ours";
      if (id !== keyId()) return "other_key";
      if (!isEqual(seal, sealOf(purpose, until, subject))) return "not_ours";
      if (expiryOf(signature) <= now) return "expired";
      return isEqual(subject, subjectOf(statement)) ? "valid" : "other_subject";
    },
  };
};
