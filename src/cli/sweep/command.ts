/** `atlas-provision-mcp sweep`: deletes projects and flex clusters whose lease is over. */
import { boundsOf } from "../../calls/scope.ts";
import { systemClock } from "../../common/deadline.ts";
import { ConfigError, type Flags, readConfig } from "../../config/config.ts";
import { createContainer } from "../../container.ts";
import type { Judged } from "../../operations/sweep-verdicts.ts";
import { operator } from "../../policy/caller.ts";
import { whole } from "../flags.ts";
import { untilAskedToEnd } from "../signals.ts";
import { writeStdout } from "../stdout.ts";
import { terminalWidth } from "../wrap.ts";
import type { Ended } from "./deletes.ts";
import { sweep } from "./passes.ts";
import { jsonOf, jsonOfError, type Report, reportOf } from "./report.ts";
import { rowOf, textOf } from "./text.ts";

const defaultWait = 120;
const longestWait = 3600;

const width = (): number => terminalWidth() ?? 80;

const markOf = (ended: Ended): string => {
  if ("failed" in ended) return "not deleted";
  if (ended.outcome === "not_found") return "not found";
  return ended.outcome === "absent" ? "was gone" : ended.outcome;
};

/** Tells on stderr what has been done. Whoever does not read it any more does not end a sweep. */
const tell = (judged: Judged, ended: Ended): Promise<void> =>
  new Promise((resolve) => {
    const reason = "failed" in ended ? ended.failed : undefined;
    process.stderr.write(`${rowOf(markOf(ended), judged, reason, width())}\n`, () => resolve());
  });

const ignore = () => {};

type Options = { apply: boolean; waitMs: number };

const run = async (flags: Flags, { apply, waitMs }: Options): Promise<Report> => {
  const config = readConfig(process.env, flags);
  if (apply && config.readOnly)
    throw new ConfigError(
      "--apply deletes, and the settings allow only reads (--read-only, ATLAS_MCP_READ_ONLY)",
    );
  // The operator who says --apply has agreed.
  const container = await createContainer({ ...config, allowDelete: true, confirm: "never" });
  const { runner, rules, atlas, notice, close } = container;
  const { scope } = runner;
  const swept = await untilAskedToEnd((signal) =>
    sweep({
      atlas,
      clock: systemClock,
      scope,
      bounds: boundsOf(scope, [rules]),
      caller: runner.forCaller(operator),
      signal,
      apply,
      waitMs,
      onEnd: tell,
    }),
  ).finally(close);
  return reportOf(swept, { apply, backend: config.backend, note: notice });
};

/**
 * Exit code 0 if nothing that is over remains, 3 if something does, 1 if Atlas could not be looked at. Rejects with
 * `ConfigError` if a setting is wrong.
 */
export const runSweep = async (given: Flags): Promise<number> => {
  const { apply, json, wait, ...flags } = given;
  const seconds = whole({ wait: wait ?? "" }, "wait", longestWait) ?? defaultWait;
  const options = { apply: apply === true, waitMs: seconds * 1000 };
  process.stderr.on("error", ignore);
  const report = await run(flags, options).catch(async (error: unknown) => {
    if (json === true && !(error instanceof ConfigError))
      await writeStdout(jsonOfError(options.apply, "internal", String(error), 1));
    throw error;
  });
  process.stderr.off("error", ignore);
  await writeStdout(json === true ? jsonOf(report) : textOf(report, width()));
  return report.exitCode;
};
