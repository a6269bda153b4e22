/** The user's home, for paths that begin with `~`. */
import { homedir, userInfo } from "node:os";
import { isAbsolute, join } from "node:path";
import { ConfigError } from "./error.ts";

// Both ask the system for the user, who may be unknown there: a container may run with any uid.
const systemHomes = [() => homedir(), () => userInfo().homedir];

const attempt = (read: () => string): string | undefined => {
  try {
    return read();
  } catch {
    return undefined;
  }
};

/** The user's home; undefined if neither the environment nor the system knows one. */
export const homeFolder = (env: NodeJS.ProcessEnv): string | undefined => {
  const named = env[process.platform === "win32" ? "USERPROFILE" : "HOME"];
  const all = [named, ...systemHomes.map(attempt)];
  return all.find((one) => one !== undefined && isAbsolute(one));
};

/** The path with the user's home for a leading `~/`. `from` is the variable or flag. Throws `ConfigError` if no home is known. */
export const homePath = (
  path: string,
  from: string,
  env: NodeJS.ProcessEnv = process.env,
): string => {
  const leading = process.platform === "win32" ? /^~($|[\\/])/ : /^~($|\/)/;
  if (!leading.test(path)) return path;
  const home = homeFolder(env);
  if (home !== undefined) return join(home, path.slice(1));
  throw new ConfigError(
    `${from}: the user that runs this program has no home folder, so ~ means nothing; write the whole path`,
  );
};
