/** Reads flags that belong to one command, with the same messages for all of them. */
import { errnoOf } from "../common/errno.ts";
import { ConfigError, type Flags } from "../config/config.ts";

/** The text of a flag, or undefined if it is not set. */
export const text = (flags: Flags, name: string): string | undefined => {
  const value = flags[name];
  return typeof value === "string" ? value : undefined;
};

/** The whole number of a flag, from 0 to `max`. Throws `ConfigError` for anything else. */
export const whole = (flags: Flags, name: string, max: number): number | undefined => {
  const value = text(flags, name);
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value) && Number(value) <= max) return Number(value);
  throw new ConfigError(`--${name} must be a whole number from 0 to ${max}`);
};

/** Turns an error of `listen` into a `ConfigError`. Returns any other error unchanged. */
export const listenProblem = (error: unknown, host: string, port: number): unknown => {
  const code = errnoOf(error);
  if (code === "EADDRINUSE")
    return new ConfigError(`port ${port} is in use; --port 0 takes a free one`);
  if (code === "EACCES" || code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return new ConfigError(`cannot listen on ${host} port ${port} (${code})`);
  return error;
};
