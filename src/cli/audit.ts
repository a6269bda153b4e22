/** `audit verify FILE`: whether the record of changes holds together. */

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
  const verdict = findings.length === 0 ? "the lines hold together" : "NOT INTACT";
  return [
    `${file}: ${verdict}. ${lines} lines, ${changes} changes, ${chains} chains.`,
    ...capped(findings.map(({ line, problem }) => `  line ${line}: ${problem}`)),
    ...capped(
      torn.map(
        (line) => `  line ${line} was cut off while it was written (a crash or a full disk)`,
      ),
    ),
    `head: ${head || "none, the file is empty"}`,
    ...(open.length === 0
      ? []
      : [`${open.length} without an outcome (the process ended first; look them up in Atlas):`]),
    ...capped(
      open.map(({ at, tool, id, resource }) => {
        return `  ${at} ${tool} ${nounOf(resource)} (${id})`;
      }),
    ),
    ...(keyed
      ? []
      : [
          "Not keyed: if it was written with ATLAS_MCP_SECRET, set that to check it; without ATLAS_MCP_SECRET whoever can write the file can also rewrite all of it.",
        ]),
    "A cut-off tail shows only against a head that was noted elsewhere (--head).",
  ]
    .map(visible)
    .join("\n");
};

/** Exit code 0 where the file holds together (and has the noted head), 1 where it does not. */
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
  const reached =
    typeof noted !== "string" || noted.split(",").every((one) => report.heads.has(one));
  if (!reached)
    await writeStdout(
      `The noted head ${noted} is not in the file: its tail was cut off or rewritten.\n`,
    );
  return report.findings.length === 0 && reached ? 0 : 1;
};
