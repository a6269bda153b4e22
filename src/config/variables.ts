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

/** The setting that differs from a name in at most `most` letters, underscores and case aside. */
const meantBy = (name: string, most: number): string | undefined => {
  const found = nearest(plain(name), plainNames, most);
  return found === undefined ? undefined : names[plainNames.indexOf(found)];
};

// What a client keeps its own bearer token in, and what Kubernetes sets for each service (`atlas-mcp`, say).
const isOthers = (name: string): boolean =>
  name === "ATLAS_MCP_TOKEN" || /_SERVICE_|_PORT/.test(name);

/** The environment; on Windows with all names in capitals, because names have no case there. */
export const variablesIn = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  process.platform === "win32"
    ? Object.fromEntries(Object.entries(env).map(([name, text]) => [name.toUpperCase(), text]))
    : env;

// Of the words of each setting, at least one is whole in a name that is a letter off. Most variables have none of them.
const words = /ATLAS|MCP|MONGODB|MDB/;

const strangersIn = (env: NodeJS.ProcessEnv): string[] =>
  Object.keys(env).filter(
    (name) => words.test(plain(name)) && !names.includes(name) && !isUnset(env[name]),
  );

/** Throws `ConfigError` for a variable that is one of these settings without its underscores or case, or one letter off. */
export const refuseMisspelt = (
  env: NodeJS.ProcessEnv,
  of: readonly NamedSetting[] = settings,
): void => {
  const wanted = of.flatMap(namesOf);
  for (const name of strangersIn(env)) {
    const meant = isOthers(name) ? undefined : meantBy(name, 1);
    if (meant !== undefined && wanted.includes(meant))
      throw new ConfigError(`${name} is not a setting; did you mean ${meant}?`);
  }
};

/** Whether Kubernetes has set it for a service, for which it always sets `..._SERVICE_HOST`. */
const isOfService = (name: string, env: NodeJS.ProcessEnv): boolean => {
  const [, service = ""] = /^(.+?)_(?:SERVICE_|PORT)/.exec(name) ?? [];
  return env[`${service}_SERVICE_HOST`] !== undefined;
};

/** The variables whose names begin like those of settings, but which are none, as sentences. */
export const unknownIn = (env: NodeJS.ProcessEnv, prefix: RegExp): string[] =>
  strangersIn(env)
    .filter((name) => prefix.test(name) && !isOfService(name, env))
    .map((name) => {
      const meant = meantBy(name, 2);
      const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
      return `${name} is not a setting of this server${hint}`;
    });
