/** The report of the doctor, as text or as JSON. */
import { visible } from "../../common/visible.ts";
import { hang } from "../wrap.ts";
import type { Check } from "./check.ts";

const marks: Record<Check["result"], string> = { ok: "ok", warning: "warning", failed: "FAILED" };

export const isHealthy = (checks: readonly Check[]): boolean =>
  checks.every(({ result }) => result !== "failed");

const jsonOf = (checks: readonly Check[]): string =>
  `${JSON.stringify({ healthy: isHealthy(checks), checks }, null, 2)}\n`;

const rowOf = ({ check, result, says, fix }: Check, width: number | undefined): string => {
  const prefix = `${marks[result].padEnd(9)}${check.padEnd(16)} `;
  // Names in it come from Atlas and from files.
  const row = hang(prefix, visible(says), width);
  if (fix === undefined) return row;
  return `${row}\n${hang(`${" ".repeat(prefix.length)}-> `, visible(fix), width)}`;
};

const summaryOf = (checks: readonly Check[]): string => {
  if (!isHealthy(checks)) return "Not ready: see FAILED above.";
  const warned = checks.some(({ result }) => result === "warning");
  return warned ? "Ready, with warnings: see above." : "Ready.";
};

const textOf = (checks: readonly Check[], width: number | undefined): string =>
  `${checks.map((check) => rowOf(check, width)).join("\n")}\n\n${summaryOf(checks)}\n`;

export const reportOf = (
  checks: readonly Check[],
  asJson: boolean,
  width: number | undefined,
): string => (asJson ? jsonOf(checks) : textOf(checks, width));

/** The report where a setting is wrong, so that nothing else could be looked at. */
export const textOfMistake = (says: string): string =>
  jsonOf([{ check: "configuration", result: "failed", says }]);
