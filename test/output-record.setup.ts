/** After the whole run: no secret that any test used is in anything that the program said to any test. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { leaksIn } from "./support/leaks.ts";
import { recordFolder } from "./support/output-record.ts";

export default () => {
  const folder = mkdtempSync(join(tmpdir(), "output-record-"));
  process.env[recordFolder] = folder;
  return () => {
    const files = readdirSync(folder);
    const read = (name: string) => readFileSync(join(folder, name), "utf8");
    const secrets = files
      .filter((name) => name.endsWith(".secrets"))
      .flatMap((name) => read(name).split("\n"));
    const texts = files.filter((name) => name.endsWith(".output")).map(read);
    rmSync(folder, { recursive: true });
    const leaks = texts.flatMap((text) => leaksIn(text, secrets));
    const size = texts.reduce((sum, text) => sum + text.length, 0);
    console.log(
      `${new Set(secrets).size} secrets looked for in ${(size / 1e6).toFixed(1)} MB that the program said: ${leaks.length} found.`,
    );
    if (leaks.length === 0) return;
    console.error(`Secrets were said:\n${leaks.slice(0, 20).join("\n----\n")}`);
    // An error thrown here would be printed, and the run would still count as passed.
    process.exitCode = 1;
  };
};
