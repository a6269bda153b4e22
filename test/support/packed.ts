/** The package as npm installs it, in a folder that goes with the tests of a file. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const npm = (args: string[], cwd: string) => execFileSync("npm", args, { cwd, encoding: "utf8" });

export type Packed = {
  folder: string;
  archive: {
    filename: string;
    size: number;
    unpackedSize: number;
    files: { path: string }[];
  };
  /** Makes a folder beside it, with the package and others of this repository as its dependencies. */
  consumer(name: string, others?: string[]): string;
};

/** Packs and installs it; or the file of a folder of the project, which a release tests and publishes. */
export const installPackage = (given?: string): Packed => {
  const folder = mkdtempSync(join(tmpdir(), "package-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const [archive] = JSON.parse(npm(["pack", "--json", "--pack-destination", folder], root));
  writeFileSync(join(folder, "package.json"), '{"private":true}');
  const file = join(given === undefined ? folder : join(root, given), archive.filename);
  // What is told of the one that was packed just now holds for the one that is tested.
  expect(readFileSync(file)).toEqual(readFileSync(join(folder, archive.filename)));
  npm(["install", "--offline", "--no-audit", "--no-fund", file], folder);
  const consumer = (name: string, others: string[] = []): string => {
    const modules = join(folder, name, "node_modules");
    mkdirSync(modules, { recursive: true });
    const link = (from: string, one: string) =>
      symlinkSync(join(from, "node_modules", one), join(modules, one));
    link(folder, "atlas-provision-mcp");
    for (const one of others) link(root, one);
    return join(folder, name);
  };
  return { folder, archive, consumer };
};
