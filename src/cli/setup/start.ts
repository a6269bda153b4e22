/** How a host starts this program, with which of its settings. */
import { realpathSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { version } from "../../common/version.ts";
import { type Flags, readOne } from "../../config/config.ts";
import { homePath } from "../../config/home.ts";
import { type NamedSetting, settings } from "../../config/settings.ts";
import { isUnset } from "../../config/sources.ts";
import { program } from "../problem.ts";

/** What is known of the process that runs `setup`. */
export type Running = {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  /** The node that runs it, and the file that node was told to run. */
  node: string;
  script: string;
};

const real = (path: string): string | undefined => {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
};

/** The first node that a shell finds, if it is the one that runs. */
const nodeOnPath = ({ platform, env, node }: Running): string | undefined => {
  const name = platform === "win32" ? "node.exe" : "node";
  const found = (env.PATH ?? env.Path ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => real(path) !== undefined);
  return found !== undefined && real(found) === real(node) ? found : undefined;
};

/** Where npx and pnpm keep what they have fetched to run it once, below a hash. It may be gone tomorrow. */
const fetched = /[\\/](_npx[\\/][0-9a-f]{16}|dlx[\\/][0-9a-z]{20,}.*)[\\/]node_modules[\\/]/;

/** The file that node was told to run, where it really is. */
export const scriptOf = ({ script }: Running): string => real(script) ?? script;

/**
 * The words that start this program. A desktop does not look where a shell looks, so a graphical host gets node by its
 * path: as PATH has it, because that stays when node is updated. Other hosts get the name, as their users write it.
 */
export const startWords = (running: Running, graphical: boolean): readonly string[] => {
  const script = scriptOf(running);
  if (fetched.test(script)) {
    const npx = ["npx", "-y", `${program}@${version}`];
    // npx is a batch file there, which only cmd starts.
    return running.platform === "win32" ? ["cmd", "/c", ...npx] : npx;
  }
  const found = nodeOnPath(running);
  const byPath = found ?? running.node;
  return [graphical || found === undefined ? byPath : "node", script];
};

const serverSettings = settings.filter(({ http }) => http !== true);

/** Whether a flag says something: the server takes an empty one as not set. */
const isSet = (flag: Flags[string]): flag is string | boolean =>
  flag !== undefined && !isUnset(String(flag));

const wordsFor = (setting: NamedSetting, flags: Flags): string[] => {
  const { flag = "", name, path } = setting;
  const given = flags[flag];
  if (!isSet(given)) return [];
  // What the server would refuse is told now, and not by the host.
  readOne(name, {}, flags);
  if (typeof given === "boolean") return [given ? `--${flag}` : `--${flag}=false`];
  const value = path ? resolve(homePath(given.trim(), `--${flag}`)) : given.trim();
  return value.startsWith("-") ? [`--${flag}=${value}`] : [`--${flag}`, value];
};

/** Those of the flags that are the server's. */
export const serverFlags = (flags: Flags): Flags =>
  Object.fromEntries(
    serverSettings.flatMap(({ flag }) => (flag === undefined ? [] : [[flag, flags[flag]]])),
  );

/** The flags for the server. A host starts it in any folder, so that paths are whole. Throws `ConfigError`. */
export const serverWords = (flags: Flags): readonly string[] =>
  serverSettings.flatMap((setting) => (setting.flag === undefined ? [] : wordsFor(setting, flags)));

/** The variables of these that name a file with a secret. The names of the files are no secrets. */
export const secretFiles = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    serverSettings.flatMap(({ env: names, file }) =>
      (file ? names : []).flatMap((name) => {
        const variable = `${name}_FILE`;
        const path = env[variable];
        return path === undefined || isUnset(path)
          ? []
          : [[variable, resolve(homePath(path.trim(), variable, env))] as const];
      }),
    ),
  );

/** Variables that set what no flag has set: the host's server may not get them. Those of accounts have their own sentence. */
export const leftOut = (env: NodeJS.ProcessEnv, flags: Flags): readonly string[] =>
  serverSettings.flatMap(({ env: names, flag, file }) => {
    if (flag === undefined ? !names.some((name) => /^ATLAS_MCP_/.test(name)) : isSet(flags[flag]))
      return [];
    const set = names.filter((name) => !isUnset(env[name]) && isUnset(env[`${name}_FILE`]));
    return set.map((name) => {
      const how = file
        ? `it is a secret, so put it into a file and set ${name}_FILE to that`
        : `--${flag} puts it there`;
      return `${name} is set here and not in the entry: ${how}.`;
    });
  });

const installed = new RegExp(`(^|[\\\\/])${program}(\\.cmd)?$`);
const packaged = new RegExp(`^${program}(@.*)?$`);
const inFolder = new RegExp(`[\\\\/]${program}[\\\\/](.*[\\\\/])?cli\\.cjs$`);

/** Whether an entry of a host starts this program: `script`, another copy of it, or the package. */
export const startsProgram = (entry: unknown, script: string): boolean => {
  const { command, args } = Object(entry) as { command?: unknown; args?: unknown };
  const [first, ...rest] = [command, args].flat().map(String);
  return (
    installed.test(first ?? "") ||
    rest.some((word) => word === script || packaged.test(word) || inFolder.test(word))
  );
};
