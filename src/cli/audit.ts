/** `audit verify FILE`: checks whether an audit file is intact. */

import { type Report, verifyAudit } from "../audit/verify.ts";
import { errnoOf } from "../common/errno.ts";
import { ConfigError, type Flags, readSecret } from "../config/config.ts";
import { nounOf, visible } from "../consent/question.ts";
import { writeStdout } from "./stdout.ts";

const shown = 20;

const capped = (rows: string[]): string[] =>
  rows.length <= shown ? rows : [...rows.slice(0, shown), `  and ${rows.length - shown} more`];

const textOf = (report: Report, file: string, keyed: boolean): string => {
  const { lines, changes, chains, head, findings, torn, open } = report;
  const result = findings.length === 0 ? "intact" : "NOT INTACT";
  return [
    `${file}: ${result}. ${lines} lines, ${changes} changes, ${chains} chains.`,
    ...capped(findings.map(({ line, problem }) => `  line ${line}: ${problem}`)),
    ...capped(
      torn.map(
        (line) => `  line ${line} was cut off while it was written (by a crash or a full disk)`,
      ),
    ),
    `head: ${head || "none: the file has no lines"}`,
    ...(open.length === 0
      ? []
      : [`${open.length} without an outcome (the process ended first; check them in Atlas):`]),
    ...capped(
      open.map(({ at, tool, id, resource }) => {
        return `  ${at} ${tool} ${nounOf(resource)} (${id})`;
      }),
    ),
    ...(keyed
      ? []
      : [
          "Not keyed: set ATLAS_MCP_SECRET to check a file that was written with it. Without ATLAS_MCP_SECRET, anyone who can write the file can rewrite all of it.",
        ]),
    "To find out later whether the end was cut off, note the head elsewhere and pass it with --head.",
  ]
    .map(visible)
    .join("\n");
};

/** Exit code 0 if the file is intact and has the noted head, else 1. */
export const runAudit = async (words: readonly string[], flags: Flags): Promise<number> => {
  const [verb, file, ...more] = words;
  if (verb !== "verify" || file === undefined || more.length > 0)
    throw new ConfigError("use: audit verify FILE");
  const secret = readSecret(process.env);
  const report = await verifyAudit(file, secret).catch((error: unknown) => {
    const code = errnoOf(error) ?? "unreadable";
    throw new ConfigError(`${file} cannot be read (${code})`);
  });
  await writeStdout(`${textOf(report, file, secret !== undefined)}\n`);
  const noted = flags.head;
  const hasHead =
    typeof noted !== "string" || noted.split(",").every((one) => report.heads.has(one));
  if (!hasHead)
    await writeStdout(
      `The noted head ${noted} is not in the file: its end was cut off or rewritten.\n`,
    );
  return report.findings.length === 0 && hasHead ? 0 : 1;
};
