/** The credentials that a sandbox accepts: a service account and an API key. */
import type { Identifiers } from "../identifiers.ts";

/** The credentials of a service account and of an API key. */
export type Credentials = {
  clientId: string;
  clientSecret: string;
  publicKey: string;
  privateKey: string;
};

/** The credentials as the sandbox stores them: the API key has an identifier too. */
export type StoredCredentials = Credentials & { apiKeyId: string };

const lowerLetters = "abcdefghijklmnopqrstuvwxyz";
const secretCharacters = `${lowerLetters}${lowerLetters.toUpperCase()}0123456789_-`;

/** Creates the id of a service account. */
export const createClientId = (ids: Identifiers): string => `mdb_sa_id_${ids.hex(24)}`;

/** Creates a secret of a service account. */
export const createClientSecret = (ids: Identifiers): string =>
  `mdb_sa_sk_${ids.text(secretCharacters, 40)}`;

/** Creates random credentials in Atlas's formats. */
export const createCredentials = (ids: Identifiers, now: number): StoredCredentials => ({
  clientId: createClientId(ids),
  clientSecret: createClientSecret(ids),
  publicKey: ids.text(lowerLetters, 8),
  privateKey: ids.uuid(),
  apiKeyId: ids.objectId(now),
});
