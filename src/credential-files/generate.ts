import { crypto } from "../common/crypto.ts";
import { type Secret, secret } from "../common/secret.ts";

// Only letters and digits, so that a URI can contain the password without percent-encoding.
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

// 32 characters of 62 have 190 bits of entropy.
const length = 32;

/** Generates a password for a database user. */
export const generatePassword = (): Secret =>
  secret(Array.from({ length }, () => alphabet[crypto().randomInt(alphabet.length)]).join(""));
