/** The text of a credential file: lines of an `.env` file, with a connection string as soon as one is known. */
import { parseEnv } from "node:util";
import { type Secret, secret } from "../common/secret.ts";

export type Credential = { username: string; password: Secret };

// What RFC 3986 would let stand, and a quoted value or a shell would not.
const percent = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const form = /^(mongodb(?:\+srv)?:\/\/)([A-Za-z0-9.:,-]+)(\/[A-Za-z0-9]*)?(\?[A-Za-z0-9=&%._-]*)?$/;

/** The whole connection string of a user; undefined where Atlas's is of no form that is known. */
const connectionString = (
  { username, password }: Credential,
  standardSrv: string,
): string | undefined => {
  const [, scheme, hosts, path = "/", query = "?retryWrites=true&w=majority"] =
    form.exec(standardSrv) ?? [];
  if (scheme === undefined || hosts === undefined) return undefined;
  return `${scheme}${percent(username)}:${percent(password.reveal())}@${hosts}${path}${query}`;
};

const noUri = "# MONGODB_URI is completed here once the connection string of a cluster is known.";

const pending = "# Atlas has not confirmed this user yet.\n";

/** Whether the file still waits for Atlas to accept its password. */
export const isPending = (text: string): boolean => text.includes(pending);

/** The text of a file whose password Atlas has accepted. */
export const confirmedText = (text: string): string => text.replace(pending, "");

const usernameLine = (username: string): string =>
  username.includes("'")
    ? "# The user name has a quote and stands in MONGODB_URI only, in percent-encoding."
    : `MONGODB_USERNAME='${username}'`;

const uriLine = (credential: Credential, standardSrv: string | undefined): string => {
  const uri = standardSrv === undefined ? undefined : connectionString(credential, standardSrv);
  return uri === undefined ? noUri : `MONGODB_URI='${uri}'`;
};

/** A new file's text, which waits for Atlas. */
export const credentialText = (
  groupId: string,
  credential: Credential,
  standardSrv: string | undefined,
): string =>
  [
    `# A database user of MongoDB Atlas, project ${groupId}. Whoever has this file can use it.`,
    pending.trimEnd(),
    usernameLine(credential.username),
    `MONGODB_PASSWORD='${credential.password.reveal()}'`,
    uriLine(credential, standardSrv),
    "",
  ].join("\n");

/** The line with a connection string, if it is one of those that are written here: a person's own stays as it is. */
const ownUriLine = (text: string, { username, password }: Credential): string | undefined => {
  const login = `${percent(username)}:${percent(password.reveal())}@`;
  return text.split("\n").find((line) => {
    const [, scheme = "", rest = ""] =
      /^MONGODB_URI='(mongodb(?:\+srv)?:\/\/)(.*)'$/.exec(line) ?? [];
    return rest.startsWith(login) && form.test(scheme + rest.slice(login.length));
  });
};

/** Whether there is a connection string in a file's text. */
export const hasUri = (text: string): boolean => parseEnv(text).MONGODB_URI !== undefined;

/**
 * The text with the connection string that is known: where it had none, or one of another cluster that was written here.
 * Whatever else stands there stays.
 */
export const completedText = (
  text: string,
  credential: Credential,
  standardSrv: string | undefined,
): string => {
  const line = uriLine(credential, standardSrv);
  if (line === noUri) return text;
  const old = ownUriLine(text, credential);
  if (old !== undefined) return text.replace(old, () => line);
  if (hasUri(text)) return text;
  if (text.includes(noUri)) return text.replace(noUri, () => line);
  return `${text.replace(/\n?$/, "\n")}${line}\n`;
};

/** The password in a file's text; undefined where there is none that Atlas would take, or it is another user's. */
export const passwordIn = (text: string, username: string): Secret | undefined => {
  const { MONGODB_USERNAME: name, MONGODB_PASSWORD: password } = parseEnv(text);
  if (password === undefined || password.length < 8) return undefined;
  return name === undefined || name === username ? secret(password) : undefined;
};
