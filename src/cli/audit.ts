/** `audit verify FILE`: checks whether an audit file is intact. */

import { type Report, verifyAudit, type WrongKey } from "../audit/verify.ts";
import type { Secret } from "../common/secret.ts";
import { visible } from "../common/visible.ts";
import { ConfigError, type Flags, readSecret } from "../config/config.ts";
import { homePath } from "../config/home.ts";
import { checkNamedFile, type NamedFile, refusalOf } from "../config/named-file.ts";
import { nounOf } from "../consent/question.ts";
import { count } from "./count.ts";
import { text } from "./flags.ts";
import { writeStdout } from "./stdout.ts";

const capped = (rows: string[], shown = 20): string[] =>
  rows.length <= shown ? rows : [...rows.slice(0, shown), `  and ${rows.length - shown} more`];

const wrongKeys: Record<WrongKey, string> = {
  another: "its lines were written with another ATLAS_MCP_SECRET than the one that is set",
  some: "its lines were written with an ATLAS_MCP_SECRET, and none is set",
  none: "its lines were written without ATLAS_MCP_SECRET, and one is set",
};

const resultOf = ({ lines, findings, torn, wrongKey }: Report): string => {
  if (wrongKey !== undefined) return `NOT CHECKED, because ${wrongKeys[wrongKey]}`;
  if (lines === 0 && findings.length === 0)
    return `NOTHING TO CHECK: ${torn.length > 0 ? "no line is whole" : "the file has no lines; is it the right one?"}`;
  if (findings.length === 0) return "intact";
  return lines === 0 ? "NOT an audit file: no line is one of its lines" : "NOT INTACT";
};

const textOf = (report: Report, file: string, keyed: boolean): string => {
  const { lines, changes, chains, head, torn, open, begunBefore, wrongKey } = report;
  const counts = [count(lines, "line"), count(changes, "change"), count(chains, "chain")];
  const isOurs = lines > 0;
  // Without the key every line has the same finding.
  const findings = wrongKey === undefined ? report.findings : [];
  return [
    `${file}: ${resultOf(report)}.${isOurs ? ` ${counts.join(", ")}.` : ""}`,
    ...capped(
      findings.map(({ line, problem }) => `  line ${line}: ${problem}`),
      isOurs ? undefined : 1,
    ),
    ...capped(
      torn.map(
        (line) => `  line ${line} was cut off while it was written (by a crash or a full disk)`,
      ),
    ),
    ...(isOurs ? [`head: ${head}`] : []),
    ...(open.length === 0
      ? []
      : [
          `${open.length} without an outcome (it is in the file that followed, or the process ended first; check in Atlas):`,
        ]),
    ...capped(
      open.map(({ at, tool, id, resource }) => {
        return `  ${at} ${tool} ${nounOf(resource)} (${id})`;
      }),
    ),
    ...(begunBefore === 0
      ? []
      : [
          `${count(begunBefore, "outcome")} of changes whose intent is in the file before this one.`,
        ]),
    ...(keyed || !isOurs || wrongKey !== undefined
      ? []
      : [
          "The lines have no key, so whoever can write the file can rewrite it; set ATLAS_MCP_SECRET before the next start.",
        ]),
    ...(isOurs
      ? [
          "To find out later whether the end was cut off, note the head elsewhere and pass it with --head.",
        ]
      : []),
  ]
    .map(visible)
    .join("\n");
};

/** The hashes that were noted. A text that is none would accuse the file. */
const notedHeads = (flags: Flags): string[] => {
  // An empty one is no head either: a script that lost it must not take the file for checked.
  const noted = text(flags, "head") ?? flags.head;
  if (typeof noted !== "string") return [];
  const heads = noted.split(",").map((one) => one.trim().toLowerCase());
  if (heads.every((one) => /^[0-9a-f]{64}$/.test(one))) return heads;
  throw new ConfigError(
    "--head must be a head that `audit verify` has shown: 64 hexadecimal digits, several with commas",
  );
};

/** A pipe is allowed, as in `audit verify <(zcat FILE)`, and a file may be of any size. */
const verify = (file: NamedFile, secret: Secret | undefined): Promise<Report> => {
  checkNamedFile(file, { pipe: true });
  return verifyAudit(file.path, secret).catch((error: unknown) => {
    throw refusalOf(file, {}, error);
  });
};

/** Exit code 0 if the file is intact and has the noted heads, else 1. */
export const runAudit = async ([file]: readonly string[], flags: Flags): Promise<number> => {
  if (file === undefined) throw new ConfigError("use: audit verify FILE");
  const heads = notedHeads(flags);
  const secret = readSecret(process.env);
  const from = "audit verify";
  const report = await verify({ path: homePath(file, from), from }, secret);
  const missing = heads.filter((one) => !report.heads.has(one));
  const gone = missing.map(
    (one) => `The noted head ${one} is not in the file: its end was cut off or rewritten.\n`,
  );
  await writeStdout(`${textOf(report, file, secret !== undefined)}\n${gone.join("")}`);
  return report.lines > 0 && report.findings.length === 0 && missing.length === 0 ? 0 : 1;
};
