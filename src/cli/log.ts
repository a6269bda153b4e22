/** The lines of the log about the process itself: where it begins and where it ends. */
import { setImmediate } from "node:timers/promises";
import type { Log } from "../common/log.ts";
import { version } from "../common/version.ts";

/** Logs the start. `ended` logs the end and waits until it is written, since the program exits next. */
export const logLife = (log: Log, fields: Record<string, string>) => {
  log.info?.({ version, ...fields }, "started");
  return {
    ended: async (more: Record<string, string> = {}): Promise<void> => {
      if (log.info === undefined) return;
      log.info({ version, ...fields, ...more }, "ended");
      // The log loads pino with its first line, and writes as soon as it is loaded.
      await import("pino");
      await setImmediate();
    },
  };
};
