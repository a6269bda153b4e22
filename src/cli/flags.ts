/** Flags that one command alone has, read with the same sentences everywhere. */
import { errnoOf } from "../common/errno.ts";
import { ConfigError, type Flags } from "../config/config.ts";

/** A flag's text, or undefined where it was not given. */
export const text = (flags: Flags, name: string): string | undefined => {
  const value = flags[name];
  return typeof value === "string" ? value : undefined;
};

/** A flag's whole number from 0 to `max`. Throws `ConfigError` for anything else. */
export const whole = (flags: Flags, name: string, max: number): number | undefined => {
  const value = text(flags, name);
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value) && Number(value) <= max) return Number(value);
  throw new ConfigError(`--${name} must be a whole number from 0 to ${max}`);
};

/** Why a port could not be taken, as one line; anything else is thrown as it came. */
export const listenProblem = (error: unknown, host: string, port: number): unknown => {
  const code = errnoOf(error);
  if (code === "EADDRINUSE")
    return new ConfigError(`port ${port} is taken; --port 0 takes a free one`);
  if (code === "EACCES" || code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return new ConfigError(`cannot listen on ${host} port ${port} (${code})`);
  return error;
};
