import { crypto } from "../common/crypto.ts";

/** A word that nobody else has: for the owner of a command, or an era. */
export const randomWord = (): string => crypto().randomBytes(12).toString("base64url");
