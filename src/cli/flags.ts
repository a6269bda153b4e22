/** Reads flags that belong to one command, with the same messages for all of them. */
import { errnoOf } from "../common/errno.ts";
import { visible } from "../common/visible.ts";
import { ConfigError, type Flags } from "../config/config.ts";
import { homePath } from "../config/home.ts";
import { given } from "../config/sources.ts";
import { isOfTheSystem } from "./problem.ts";

/** The text of a flag without white space around it; undefined if it is not set or empty. Throws `ConfigError`. */
export const text = (flags: Flags, name: string): string | undefined => flagOf(flags, name)?.value;

/** The path of a flag; `~/` is the user's home. Throws `ConfigError`. */
export const path = (flags: Flags, name: string): string | undefined => {
  const source = flagOf(flags, name, true);
  return source && homePath(source.value, source.from);
};

const flagOf = (flags: Flags, name: string, isPath = false) => {
  const value = flags[name];
  return typeof value === "string" ? given(value, `--${name}`, { path: isPath }, []) : undefined;
};

/** The whole number of a flag, from 0 to `max`. Throws `ConfigError` for anything else. */
export const whole = (flags: Flags, name: string, max: number): number | undefined => {
  const value = text(flags, name);
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value) && Number(value) <= max) return Number(value);
  throw new ConfigError(`--${name} must be a whole number from 0 to ${max}`);
};

/** Where a command listens, from its flags. */
export const addressOf = (flags: Flags, port: number): { host: string; port: number } => ({
  host: text(flags, "host") ?? "127.0.0.1",
  port: whole(flags, "port", 65_535) ?? port,
});

/** The flags that say where to listen begin so: `metrics-` for `--metrics-host` and `--metrics-port`. */
type Prefix = "" | "metrics-";

const whyNot = (code: string, host: string, port: number, prefix: Prefix): string => {
  if (code === "EADDRINUSE") return `port ${port} is in use; --${prefix}port 0 takes a free one`;
  if (code === "EACCES")
    return `port ${port} is not allowed for this user; take one from 1024 to 65535`;
  if (code === "EADDRNOTAVAIL")
    return `--${prefix}host ${visible(host)} is not an address of this machine`;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return `--${prefix}host ${visible(host)} cannot be resolved to an address (${code})`;
  return `cannot listen on ${visible(host)} port ${port} (${code})`;
};

/** Turns an error of `listen` into a `ConfigError`. Returns any other error unchanged. */
export const listenProblem = (
  error: unknown,
  host: string,
  port: number,
  prefix: Prefix = "",
): unknown => {
  const code = errnoOf(error);
  return isOfTheSystem(error) && code !== undefined
    ? new ConfigError(whyNot(code, host, port, prefix))
    : error;
};
