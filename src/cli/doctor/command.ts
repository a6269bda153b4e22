/** `atlas-provision-mcp doctor`: the findings for a person, or as JSON; exit code 1 where something has to be fixed. */

import { type Flags, readConfig } from "../../config/config.ts";
import { createContainer } from "../../container.ts";
import { writeStdout } from "../stdout.ts";
import { type Check, diagnose } from "./diagnose.ts";

const marks: Record<Check["result"], string> = { ok: "ok", warning: "warning", failed: "FAILED" };

const lines = ({ check, result, says, fix }: Check): string =>
  `${marks[result].padEnd(9)}${check.padEnd(16)} ${says}${fix === undefined ? "" : `\n${" ".repeat(26)}-> ${fix}`}`;

/** Prints what was found; 0 where nothing failed. */
export const runDoctor = async ({ json, ...flags }: Flags): Promise<number> => {
  const config = readConfig(process.env, flags);
  const container = await createContainer(config);
  const checks = await diagnose(config, container).finally(() => container.close());
  const healthy = checks.every((one) => one.result !== "failed");
  const text = json ? JSON.stringify({ healthy, checks }, null, 2) : checks.map(lines).join("\n");
  const verdict = json ? "" : healthy ? "\n\nReady.\n" : "\n\nNot ready: see FAILED above.\n";
  await writeStdout(`${text}${verdict || "\n"}`);
  return healthy ? 0 : 1;
};
