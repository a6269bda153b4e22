/** Logs JSON lines on stderr. The first line loads pino. */
import { traceFields } from "./trace.ts";

export const logLevels = ["silent", "error", "warn", "info", "debug"] as const;

export type LogLevel = (typeof logLevels)[number];

type Write = (fields: Record<string, unknown>, message: string) => void;

/** Takes the lines of a log. */
export type LogTarget = { write(line: string): void };

/** Writes lines by level. A level that is off has no function, so `log.info?.(...)` builds nothing for it. */
export type Log = { [Level in Exclude<LogLevel, "silent">]: Write | undefined };

/** A line without characters that change the order in which a terminal shows it, as JSON escapes them. */
const inOrder = (line: string): string =>
  line.replace(
    /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** A log that writes lines of `level` and above, by default to stderr. `clean` removes secrets from the fields. */
export const createLog = (
  level: LogLevel,
  clean: <T>(value: T) => T = (value) => value,
  target?: LogTarget,
): Log => {
  let loading: Promise<import("pino").Logger> | undefined;
  const load = () => {
    loading ??= import("pino").then(({ pino }) =>
      pino(
        { level, base: { name: "atlas-provision-mcp" }, hooks: { streamWrite: inOrder } },
        target ?? pino.destination({ fd: 2, sync: true }),
      ),
    );
    return loading;
  };
  const writer = (at: Exclude<LogLevel, "silent">): Write | undefined => {
    if (logLevels.indexOf(at) > logLevels.indexOf(level)) return undefined;
    return (fields, message) => {
      const all = { ...traceFields(), ...fields };
      // All lines wait for the same promise, so they keep their order.
      void load().then((logger) => logger[at](clean(all), message));
    };
  };
  return {
    error: writer("error"),
    warn: writer("warn"),
    info: writer("info"),
    debug: writer("debug"),
  };
};
