/** Logs: JSON lines on stderr, never on stdout. pino is loaded by the first line that is written. */
import { traceFields } from "./trace.ts";

export const logLevels = ["silent", "error", "warn", "info", "debug"] as const;

export type LogLevel = (typeof logLevels)[number];

type Write = (fields: Record<string, unknown>, message: string) => void;

/** Takes the lines of a log. */
export type LogTarget = { write(line: string): void };

export type Log = { error: Write; warn: Write; info: Write; debug: Write };

/** A log that writes lines of `level` and above to stderr, or where `to` says; `clean` takes secrets out of the fields. */
export const createLog = (
  level: LogLevel,
  clean: <T>(value: T) => T = (value) => value,
  to?: LogTarget,
): Log => {
  let loading: Promise<import("pino").Logger> | undefined;
  const load = () => {
    loading ??= import("pino").then(({ pino }) =>
      pino(
        { level, base: { name: "atlas-provision-mcp" } },
        to ?? pino.destination({ fd: 2, sync: true }),
      ),
    );
    return loading;
  };
  const writer = (at: Exclude<LogLevel, "silent">): Write => {
    if (logLevels.indexOf(at) > logLevels.indexOf(level)) return () => {};
    return (fields, message) => {
      const all = { ...traceFields(), ...fields };
      // Lines keep their order: each waits for the same promise.
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
