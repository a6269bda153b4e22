/** Files about Atlas that lie beside the project and are not part of it: the official document, recordings, life cycles. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const beside = fileURLToPath(new URL("../../../shared/atlas", import.meta.url));
const given = process.env.ATLAS_REFERENCES;

/** The path of a file in the folder that ATLAS_REFERENCES names, or in the one beside the project; undefined if there is none. */
export const referencePath = (name: string): string | undefined => {
  const path = join(given ?? beside, name);
  if (existsSync(path)) return path;
  if (given !== undefined) throw new Error(`ATLAS_REFERENCES: ${path} is not there`);
  return undefined;
};

/** What such a file has; undefined if there is none. */
export const referenceJson = (name: string): any => {
  const path = referencePath(name);
  return path === undefined ? undefined : JSON.parse(readFileSync(path, "utf8"));
};

/** Says aloud that a file is missing, which is an error where CI runs. `loss` is what is not tested then. */
export const reportMissing = (name: string, loss: string): void => {
  console.warn(
    `\nNo ${name}: ${loss} in this run. ATLAS_REFERENCES names the folder that has it.\n`,
  );
  it(`${name} is there where CI runs`, () => {
    expect(process.env.CI).toBeUndefined();
  });
};
