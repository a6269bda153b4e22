/** The table of docs/connections.md: what each failure looks like under each release of Node. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Problem } from "../../../src/connection/step.ts";
import { repository } from "../tools.ts";
import { failures } from "./failures.ts";

const recordFile = join(repository, "test/hosts/connections/wire.json");
const page = join(repository, "docs/connections.md");

const releases = ["20", "22", "24"] as const;

/** What was seen: by the release of Node, then by what is wrong. */
type Wire = Record<string, Record<string, string>>;

const readWire = (): Wire => JSON.parse(readFileSync(recordFile, "utf8"));

const isUpdate = process.env.UPDATE_DOCS !== undefined;

/** What this release of Node must show of a failure. With UPDATE_DOCS it is what it shows now. */
export const recorded = (what: string, seen: string): string | undefined => {
  const [release = ""] = process.versions.node.split(".");
  const wire = readWire();
  if (isUpdate) {
    wire[release] = { ...wire[release], [what]: seen };
    writeFileSync(recordFile, `${JSON.stringify(wire, null, 2)}\n`);
  }
  return wire[release]?.[what];
};

/** A cause, a code and a message without what differs from run to run and from build to build. */
export const asShown = ({ cause, code, message }: Problem): string => {
  const words = message
    .replaceAll(/(127\.0\.0\.1|\.test):\d{2,}/g, "$1:PORT")
    // The number of OpenSSL's thread, and the line of its source.
    .replace(/^[\dA-F]+:error:/, "error:")
    .replace(/:\.\.\/deps\/[^:]*:\d+/, "");
  return `\`${cause}\`: \`${code}\` ${words}`;
};

const table = (): string => {
  const wire = readWire();
  const rows = failures.map(([what, step]) => {
    const [first, ...others] = releases.map((release) => wire[release]?.[what]);
    const cells = others.map((other) => (other === first ? "the same" : other));
    return `| ${[what, `\`${step}\``, first, ...cells].join(" | ")} |`;
  });
  const heads = ["what is wrong", "failed step", ...releases.map((one) => `Node ${one}`)];
  return [`| ${heads.join(" | ")} |`, `|${"---|".repeat(heads.length)}`, ...rows].join("\n");
};

/** The page as it is, and as it would be with the table of what is recorded. */
export const pages = (): { written: string; wanted: string } => {
  const text = readFileSync(page, "utf8");
  const wanted = text.replace(
    /(<!-- wire: [^\n]*-->\n)[\s\S]*?(<!-- \/wire -->)/,
    (_all, from, to) => `${from}${table()}\n${to}`,
  );
  if (isUpdate) writeFileSync(page, wanted);
  return { written: isUpdate ? wanted : text, wanted };
};
