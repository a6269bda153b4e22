/** What an application needs to log in as a database user. */
import type { Secret } from "../../common/secret.ts";
import { isReservedName } from "../../connection/reserved.ts";
import type { User } from "../../credential-files/paths.ts";

/** `notes` are what a person has to know about them, as sentences. */
export type Credentials = User & {
  password: Secret;
  uri?: Secret | undefined;
  notes: readonly string[];
};

/** The variables for the environment of an application, by their names. */
export const variablesOf = ({ username, password, uri }: Credentials): Record<string, string> => ({
  MONGODB_USERNAME: username,
  MONGODB_PASSWORD: password.reveal(),
  ...(uri === undefined ? {} : { MONGODB_URI: uri.reveal() }),
});

/** The hosts in a connection string, which has a user and a password. */
const hostsIn = (uri: string): string[] => {
  const [, hosts = ""] = /^[^:]+:\/\/(?:[^@/]*@)?([^/?]*)/.exec(uri) ?? [];
  return hosts.split(",").map((host) => host.replace(/:\d+$/, ""));
};

/** What a person has to know about credentials of the sandbox. */
const onSandbox =
  "This is the sandbox: no database is behind its address, so the application cannot connect. Real ones need credentials for Atlas, or --ephemeral.";

/** The credentials with what is to be said about where they lead. */
export const withPlace = (credentials: Credentials): Credentials => {
  const { uri, notes } = credentials;
  const isSandbox = hostsIn(uri?.reveal() ?? "").some(isReservedName);
  return isSandbox ? { ...credentials, notes: [...notes, onSandbox] } : credentials;
};

/** What to do where nobody knows an address for the connection string. */
export const withoutUri =
  'No MONGODB_URI is known for this user: once the project has one running cluster that the user reaches, create_database_user with ifExists "return" adds it to the user\'s file. Where the user reaches several, take the address of one from the connectionStrings of get_flex_cluster.';
