/** Finds variables that are almost settings: a misspelt `ATLAS_MCP_READONLY` must not leave a server that writes. */
import { nearest } from "../common/spelling.ts";
import { ConfigError } from "./error.ts";
import { type NamedSetting, settings } from "./settings.ts";
import { isUnset } from "./sources.ts";

const namesOf = ({ env, file }: NamedSetting): string[] =>
  env.flatMap((name) => (file ? [name, `${name}_FILE`] : [name]));

const names = settings.flatMap(namesOf);

const plain = (name: string): string => name.replaceAll("_", "").toUpperCase();

const plainNames = names.map(plain);

const nameOf = (plainName: string | undefined): string | undefined =>
  plainName === undefined ? undefined : names[plainNames.indexOf(plainName)];

/** Whether two texts differ only in two neighbouring letters that changed places, the commonest slip of all. */
const isSwapped = (one: string, other: string): boolean => {
  if (one.length !== other.length) return false;
  const at = [...one].findIndex((letter, index) => letter !== other[index]);
  return (
    at >= 0 &&
    one.slice(at, at + 2) === `${other[at + 1]}${other[at]}` &&
    one.slice(at + 2) === other.slice(at + 2)
  );
};

/** The setting that differs from a name in at most `most` letters, underscores and case aside. A swap counts as one. */
const meantBy = (name: string, most: number): string | undefined => {
  const word = plain(name);
  const swapped = plainNames.find((one) => isSwapped(word, one));
  return nameOf(nearest(word, plainNames, 1) ?? swapped ?? nearest(word, plainNames, most));
};

/** The setting whose name a `_FILE` or `_PATH` was added to that it does not have. */
const withoutFile = (name: string): string | undefined => {
  const [, base] = /^(.+)_?(?:FILE|PATH)$/i.exec(name) ?? [];
  const meant = base === undefined ? undefined : meantBy(base, 1);
  return meant !== undefined && names.includes(`${meant}_FILE`) ? `${meant}_FILE` : meant;
};

// The address of a port, such as tcp://10.0.0.1:80.
const portOfService = /^(tcp|udp|sctp):\/\//;

// What a client keeps its own bearer token in, and what Kubernetes sets for each service (`atlas-mcp`, say).
const isOthers = (name: string, text = ""): boolean =>
  /^ATLAS_MCP_TOKEN(_FILE)?$/.test(name) ||
  /_SERVICE_|_PORT_\d/.test(name) ||
  (name.endsWith("_PORT") && portOfService.test(text));

/** The environment; on Windows with all names in capitals, because names have no case there. */
export const variablesIn = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  process.platform === "win32"
    ? Object.fromEntries(Object.entries(env).map(([name, text]) => [name.toUpperCase(), text]))
    : env;

// Of these parts of each setting, at least one is whole in a name that is a slip off. Most variables have none of them.
const parts = /ATLA|MCP|MONGOD|MD/;

const strangersIn = (env: NodeJS.ProcessEnv): string[] =>
  Object.keys(env).filter(
    (name) => parts.test(plain(name)) && !names.includes(name) && !isUnset(env[name]),
  );

/**
 * Throws `ConfigError` for a variable that is one of these settings without its underscores or case, one letter off, or
 * with a `_FILE` that the setting does not have.
 */
export const refuseMisspelt = (
  env: NodeJS.ProcessEnv,
  of: readonly NamedSetting[] = settings,
): void => {
  const wanted = of.flatMap(namesOf);
  for (const name of strangersIn(env)) {
    const meant = isOthers(name, env[name]) ? undefined : (meantBy(name, 1) ?? withoutFile(name));
    if (meant !== undefined && wanted.includes(meant))
      throw new ConfigError(`${name} is not a setting; did you mean ${meant}?`);
  }
};

/** Whether Kubernetes or Docker has set it for a service: beside a `..._SERVICE_HOST`, or with the address of a port. */
const isOfService = (name: string, env: NodeJS.ProcessEnv): boolean => {
  if (/_PORT(_\d+_(TCP|UDP|SCTP))?$/.test(name) && portOfService.test(env[name] ?? "")) return true;
  const [, service = ""] = /^(.+?)_(?:SERVICE_(?:HOST|PORT)|PORT)/.exec(name) ?? [];
  return env[`${service}_SERVICE_HOST`] !== undefined;
};

const prefix = /^(?:ATLASMCP|MONGODBATLAS|MDBMCP(?:API)?)/;

/** What other programs call a setting, without their prefix. */
const synonyms: Readonly<Record<string, string>> = {
  APIPRIVATEKEY: "MONGODB_ATLAS_PRIVATE_API_KEY",
  APIPUBLICKEY: "MONGODB_ATLAS_PUBLIC_API_KEY",
  GROUPID: "MONGODB_ATLAS_PROJECT_ID",
  ORGANIZATIONID: "MONGODB_ATLAS_ORG_ID",
  SERVICEACCOUNTID: "MONGODB_ATLAS_CLIENT_ID",
  SERVICEACCOUNTSECRET: "MONGODB_ATLAS_CLIENT_SECRET",
};

/** The setting that another program's variable stands for: `MDB_MCP_READ_ONLY` is `ATLAS_MCP_READ_ONLY` here. */
const sameElsewhere = (name: string): string | undefined => {
  const word = plain(name).replace(prefix, "");
  return synonyms[word] ?? names.find((one) => plain(one).replace(prefix, "") === word);
};

const looksLikeAccess =
  /(?:(?:CLIENT|ACCOUNT|ORG\w*|PROJECT|GROUP)_?ID|SECRET|(?:PUBLIC|PRIVATE)\w*KEY|ATLAS_API_KEY|TOKEN)$/i;

/**
 * The variables whose names begin like those of settings, but which are none, as sentences. `probable` are those that
 * are probably mistakes; `possible` may be another program's.
 */
export const unknownIn = (env: NodeJS.ProcessEnv): { probable: string[]; possible: string[] } => {
  const probable: string[] = [];
  const possible: string[] = [];
  for (const name of strangersIn(env).filter((one) => !isOfService(one, env))) {
    const meant = meantBy(name, 2) ?? withoutFile(name) ?? sameElsewhere(name);
    const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
    const says = `${name} is not a setting of this server${hint}`;
    // Who sets ours too has the other for another program.
    const matters = meant === undefined ? looksLikeAccess.test(name) : isUnset(env[meant]);
    if (/^ATLAS_?MCP_/i.test(name)) probable.push(says);
    else if (/^(MONGODB_ATLAS|MDB_MCP)_/i.test(name) && matters) probable.push(says);
    else if (/^MONGODB_ATLAS_/i.test(name)) possible.push(says);
  }
  return { probable, possible };
};
