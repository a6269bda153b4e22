/** docs/hosts.md, from which the tests take what `setup` does not write: what they show holds for what is copied from there. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "../../support/bundle.ts";
import { repository } from "../tools.ts";
import { tap } from "./wire.ts";

const page = readFileSync(join(repository, "docs/hosts.md"), "utf8");

const path = "/path/to/atlas-provision-mcp/dist/cli.cjs";

/** The first block of a host's section, in any language if none is named, which starts this server with the tap in it. */
export const entryOf = (host: string, language = "\\w+"): string => {
  const [, section = ""] = page.split(`\n## ${host}\n`);
  const own = section.split("\n## ")[0] ?? "";
  const [, block] = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\\n\`\`\``).exec(own) ?? [];
  if (block === undefined) throw new Error(`docs/hosts.md has no entry for ${host}`);
  return block
    .replace(`"${path}"`, ["--require", tap, bundle].map((word) => JSON.stringify(word)).join(", "))
    .replace(path, `--require ${tap} ${bundle}`);
};

/** The words of an entry that is a line for a shell, with an option for each variable of the environment. */
export const wordsOf = (host: string, option: string, env: Record<string, string>): string[] => {
  const [line, command] = entryOf(host, "sh").split(" -- ");
  const variables = Object.entries(env).flatMap(([name, value]) => [option, `${name}=${value}`]);
  return [...`${line}`.split(" ").slice(1), ...variables, "--", ...`${command}`.split(" ")];
};

/** The row of a host in the table, by the heads of its columns. */
export const rowOf = (host: string): Record<string, string> => {
  const cellsOf = (line: string) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
  const lines = page.split("\n").filter((line) => line.startsWith("|"));
  const row = lines
    .map(cellsOf)
    .find(([first]) => first?.replace(/^\[(.*)\]\(.*\)$/, "$1") === host);
  if (row === undefined) throw new Error(`docs/hosts.md has no row for ${host}`);
  return Object.fromEntries(cellsOf(lines[0] ?? "").map((head, index) => [head, row[index] ?? ""]));
};
