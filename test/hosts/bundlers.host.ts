import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { beforeAll, describe, expect, it } from "vitest";
import { installPackage } from "../support/packed.ts";
import { use } from "./bundled-program.ts";
import { node22, node24 } from "./tools.ts";

const esbuild = fileURLToPath(new URL("node_modules/esbuild/bin/esbuild", import.meta.url));

let folder: string;
beforeAll(() => {
  folder = installPackage().consumer("bundled");
  for (const [name, text] of Object.entries(use)) writeFileSync(join(folder, name), text);
}, 120_000);

/** What a program prints. */
const outputOf = (file: string, node: string = process.execPath): string =>
  execFileSync(node, [file], { cwd: folder, encoding: "utf8", timeout: 60_000 });

describe.each(["use.mjs", "use.cjs"])("the package in %s", (file) => {
  it.each([
    ["20", () => process.execPath],
    ["22", node22],
    ["24", node24],
  ])("runs in Node %s as it is", (_release, node) => {
    expect(outputOf(file, node())).toBe("shop true name_conflict\n");
  });
});

describe("a bundle of a program with the package", () => {
  it.each([
    ["ES module", "use.mjs", "esm", "esbuild.mjs"],
    ["CommonJS", "use.cjs", "cjs", "esbuild.cjs"],
  ])("by esbuild (%s) builds without a warning and runs", (_what, entry, format, out) => {
    const flags = ["--bundle", "--platform=node", `--format=${format}`, `--outfile=${out}`];
    const said = execFileSync(esbuild, [entry, ...flags, "--log-level=warning"], {
      cwd: folder,
      encoding: "utf8",
      stdio: "pipe",
    });
    expect(said).toBe("");
    expect(outputOf(out)).toBe("shop true name_conflict\n");
  });

  it.each([
    ["ES module", "use.mjs", "esm", "rolldown.mjs"],
    ["CommonJS", "use.cjs", "cjs", "rolldown.cjs"],
  ] as const)(
    "by rolldown (%s) builds without a warning and runs",
    async (_what, entry, format, out) => {
      const said: string[] = [];
      const build = await rolldown({
        input: join(folder, entry),
        platform: "node",
        onLog: (_level, { message }) => said.push(message),
      });
      await build.write({ file: join(folder, out), format, codeSplitting: false });
      await build.close();
      expect(said).toEqual([]);
      expect(outputOf(out)).toBe("shop true name_conflict\n");
    },
  );
});
