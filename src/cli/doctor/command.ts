/** `atlas-provision-mcp doctor [http | sandbox]`: checks what that command would start with. */

import { type Flags, readConfig } from "../../config/config.ts";
import { createContainer } from "../../container.ts";
import { writeStdout } from "../stdout.ts";
import { terminalWidth } from "../wrap.ts";
import type { Check } from "./check.ts";
import { diagnose } from "./diagnose.ts";
import { isHealthy, reportOf } from "./report.ts";

export type Target = "stdio" | "http" | "sandbox";

const checksOf = async (target: Target, flags: Flags): Promise<Check[]> => {
  if (target === "sandbox") return (await import("./sandbox.ts")).diagnoseSandbox(flags);
  const config = readConfig(process.env, flags);
  const remote = target === "http";
  const { stateCheck, withStateCopy } = await import("./state.ts");
  const state = await stateCheck(config.sandboxState?.path, true);
  return withStateCopy(isHealthy(state) ? config.sandboxState : undefined, async (sandboxState) => {
    // The report has its warnings. Who asks for a log gets one.
    const quiet = flags["log-level"] === undefined ? { logLevel: "silent" as const } : {};
    const container = await createContainer({ ...config, ...quiet, sandboxState }, { remote });
    const own = remote
      ? (await import("./http.ts")).httpChecks(config, flags, container.log)
      : Promise.resolve([]);
    return diagnose(config, container, { state, own, remote }).finally(container.close);
  });
};

/** Exit code 0 if no check failed, else 1. Rejects with `ConfigError` if a setting is wrong. */
export const runDoctor = async (target: Target, { json, ...flags }: Flags): Promise<number> => {
  const checks = await checksOf(target, flags);
  await writeStdout(reportOf(checks, json === true, terminalWidth()));
  return isHealthy(checks) ? 0 : 1;
};
