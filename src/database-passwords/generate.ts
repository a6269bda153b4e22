/** Passwords for database users. */
import { crypto } from "../common/crypto.ts";
import { type Secret, secret } from "../common/secret.ts";

// Letters and digits alone, so that a password stands in a URI as it is.
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

// 32 of 62 characters are 190 bits.
const length = 32;

/** Makes a password that nobody has seen. */
export const generatePassword = (): Secret =>
  secret(Array.from({ length }, () => alphabet[crypto().randomInt(alphabet.length)]).join(""));
