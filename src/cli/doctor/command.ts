/** `atlas-provision-mcp doctor`: shows the checks as text or as JSON. */

import { type Flags, readConfig } from "../../config/config.ts";
import { createContainer } from "../../container.ts";
import { writeStdout } from "../stdout.ts";
import { type Check, diagnose } from "./diagnose.ts";

const marks: Record<Check["result"], string> = { ok: "ok", warning: "warning", failed: "FAILED" };

const linesOf = ({ check, result, says, fix }: Check): string =>
  `${marks[result].padEnd(9)}${check.padEnd(16)} ${says}${fix === undefined ? "" : `\n${" ".repeat(26)}-> ${fix}`}`;

/** Exit code 0 if no check failed, else 1. */
export const runDoctor = async ({ json, ...flags }: Flags): Promise<number> => {
  const config = readConfig(process.env, flags);
  const container = await createContainer(config);
  const checks = await diagnose(config, container).finally(container.close);
  const healthy = checks.every((one) => one.result !== "failed");
  const text = json ? JSON.stringify({ healthy, checks }, null, 2) : checks.map(linesOf).join("\n");
  const summary = json ? "" : healthy ? "\n\nReady.\n" : "\n\nNot ready: see FAILED above.\n";
  await writeStdout(`${text}${summary || "\n"}`);
  return healthy ? 0 : 1;
};
