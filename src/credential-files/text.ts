/** The text of a credential file: an `.env` file, with a connection string as soon as one is known. */
import { parseEnv } from "node:util";
import { type Secret, secret } from "../common/secret.ts";
import type { User } from "./paths.ts";

export type Credential = { username: string; password: Secret };

/**
 * The text percent-encoded for a URI. `encodeURIComponent` leaves some characters as they are (RFC 3986) that end a quoted
 * value or mean something to a shell.
 */
export const percent = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const form = /^(mongodb(?:\+srv)?:\/\/)([A-Za-z0-9.:,-]+)(\/[A-Za-z0-9]*)?(\?[A-Za-z0-9=&%._-]*)?$/;

/** The connection string with the user's credentials; undefined if Atlas's string has an unknown form. */
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
const shared = "# More than one call has used this password.\n";
const unclear = "# Atlas has this user, but has not confirmed this password.\n";
const refused = "# Atlas has refused this password.\n";
const beforeForm = /^# The password before this one is in (\S+)\.\n/m;

// The second line of the file and no other: what follows may contain text that a caller chose, such as the user's name.
const ownerForm = /^#[^\n]*\n# Its password was generated for (\S*)\.\n/;

/** An owner as one word of ASCII, different for different texts: a subject of OAuth may be any text, also half a character. */
const encodedOwner = (owner: string): string =>
  owner.replace(
    /[^A-Za-z0-9._~:@/#-]/g,
    (unit) => `%${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** Whether the password was generated for this owner; the operator's has no owner. */
export const isOwnedBy = (text: string, owner: string | undefined): boolean =>
  ownerForm.exec(text)?.[1] === (owner === undefined ? undefined : encodedOwner(owner));

/** Whether a create may use the password of this file: Atlas has not accepted it, and no look-up has shown the user. */
export const isPending = (text: string): boolean => text.includes(pending);

/** Whether the user is there and its password may be another one than that of the file. */
export const isUnclear = (text: string): boolean => text.includes(unclear);

/** Whether a call uses the password that another call generated. */
export const isShared = (text: string): boolean => text.includes(shared);

/** Whether Atlas has refused the password, while another call had replaced the file. */
export const isRefused = (text: string): boolean => text.includes(refused);

/** The text once Atlas has refused the password. */
export const refusedText = (text: string): string =>
  unclearText(text).replace(unclear, `${unclear}${refused}`);

/** The text of a pending file whose password one more call uses. */
export const sharedText = (text: string): string =>
  isShared(text) ? text : text.replace(pending, `${pending}${shared}`);

/** The text once a look-up has shown the user: nobody knows whether its password is the pending one. */
export const unclearText = (text: string): string => text.replace(pending, unclear);

/** The text once Atlas has accepted the password. */
export const confirmedText = (text: string): string =>
  [pending, shared, unclear, refused].reduce((rest, line) => rest.replace(line, ""), text);

/** The name of the file with the password before this one, if that is kept. */
export const beforeIn = (text: string): string | undefined => beforeForm.exec(text)?.[1];

export const withoutBefore = (text: string): string => text.replace(beforeForm, "");

/** The line with the name of a user, in this file and in that of an application. */
export const usernameLine = (username: string): string =>
  username.includes("'")
    ? "# The user name contains a quote, so only MONGODB_URI has it, percent-encoded."
    : `MONGODB_USERNAME='${username}'`;

const uriLine = (credential: Credential, standardSrv: string | undefined): string => {
  const uri = standardSrv === undefined ? undefined : connectionString(credential, standardSrv);
  return uri === undefined ? noUri : `MONGODB_URI='${uri}'`;
};

/** The text of a new file, before Atlas has accepted the password. `before` is the name of the file with the password before it. */
export const credentialText = (
  { groupId, owner, ...credential }: User & Credential,
  standardSrv: string | undefined,
  before?: string,
): string =>
  [
    `# A database user of MongoDB Atlas, project ${groupId}. Anyone who has this file can log in as this user.`,
    ...(owner === undefined ? [] : [`# Its password was generated for ${encodedOwner(owner)}.`]),
    pending.trimEnd(),
    ...(before === undefined ? [] : [`# The password before this one is in ${before}.`]),
    usernameLine(credential.username),
    `MONGODB_PASSWORD='${credential.password.reveal()}'`,
    uriLine(credential, standardSrv),
    "",
  ].join("\n");

/** The line with a connection string that this server wrote. One that a person wrote is not changed. */
const ownUriLine = (text: string, { username, password }: Credential): string | undefined => {
  const login = `${percent(username)}:${percent(password.reveal())}@`;
  return text.split("\n").find((line) => {
    const [, scheme = "", rest = ""] =
      /^MONGODB_URI='(mongodb(?:\+srv)?:\/\/)(.*)'$/.exec(line) ?? [];
    return rest.startsWith(login) && form.test(scheme + rest.slice(login.length));
  });
};

/** Whether the text has a connection string. */
export const hasUri = (text: string): boolean => parseEnv(text).MONGODB_URI !== undefined;

/**
 * Adds the connection string, or replaces one that this server wrote for another cluster. The rest of the text is not
 * changed.
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

/** The password in the text; undefined if there is none of this user, or one that Atlas would not accept. */
export const passwordIn = (text: string, username: string): Secret | undefined => {
  const { MONGODB_USERNAME: name, MONGODB_PASSWORD: password } = parseEnv(text);
  if (password === undefined || password.length < 8) return undefined;
  return name === undefined || name === username ? secret(password) : undefined;
};

const names = ["MONGODB_USERNAME", "MONGODB_PASSWORD", "MONGODB_URI"] as const;

/** What a program needs to connect, as the file has it. */
export type Variables = Partial<Record<(typeof names)[number], string>>;

/** The variables in the text, without any that a person has added. */
export const variablesIn = (text: string): Variables => {
  const all = parseEnv(text);
  return Object.fromEntries(
    names.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])),
  );
};
