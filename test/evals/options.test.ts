/** What is wrong with the options, or with a task, is said in one sentence. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chooseTasks, isUsage, readOptions } from "../../evals/options.mjs";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "evals-options-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const task = {
  id: "own",
  about: "a task of somebody else",
  turns: ["Which region is the cluster orders in?"],
  least: 1,
  moves: ["I do not know.\nOutcome: not done"],
  official: "not tried",
};

/** What the options choose, or the sentence that refuses them. */
const chosen = async (...args: string[]): Promise<string[] | string> => {
  try {
    return (await chooseTasks(readOptions(args))).map(({ id }: { id: string }) => id);
  } catch (error) {
    if (!isUsage(error)) throw error;
    return (error as Error).message;
  }
};

let files = 0;
const inFile = (text: string): Promise<string[] | string> => {
  files += 1;
  const path = join(folder, `${files}.mjs`);
  writeFileSync(path, text);
  return chosen("--tasks", path);
};

const declared = (changes: object) =>
  inFile(`export default ${JSON.stringify({ ...task, ...changes })};`);

describe("the options of the evals", () => {
  it("choose tasks by id, by a pattern, and from a file", async () => {
    expect(await chosen("--task", "policy", "--task", "read-only")).toEqual([
      "read-only",
      "policy",
    ]);
    const injected = await chosen("--tasks", "injected-*");
    expect(injected).toEqual(["injected-name", "injected-description", "injected-error"]);
    expect(await declared({})).toEqual(["own"]);
  });

  it.each([
    [["--task", "none"], "There is no task none; --list shows those there are."],
    [["--tasks", "none-*"], "No task is called none-*; --list shows those there are."],
    [["--server", "other"], "--server is other; it can be ours or official."],
    [["--repeat", "0"], "--repeat is 0; it must be a whole number from 1."],
    [["--timeout", "1.5"], "--timeout is 1.5; it must be a whole number from 1."],
    [["--bogus"], "Unknown option '--bogus'"],
    [["--beside", "missing.json"], "--beside missing.json cannot be read: "],
    [["--beside", "package.json"], "--beside package.json is no report that --json wrote."],
    [["--tasks", "missing.mjs"], "missing.mjs cannot be loaded: "],
  ])("%j are refused", async (args, sentence) => {
    expect(await chosen(...args)).toContain(sentence);
  });
});

describe("a task that is wrong", () => {
  it.each([
    [{ turns: [] }, "The task own is wrong at turns: "],
    [{ answr: ["x"] }, 'The task own is wrong: Unrecognized key: "answr".'],
    [{ id: "Two words" }, "The task Two words is wrong at id: small letters, digits and hyphens."],
    [{ id: undefined }, "The task without an id is wrong at id: "],
    [{ least: 0 }, "The task own is wrong at least: "],
    [{ moves: [["get_account"]] }, "The task own is wrong at moves.0: "],
    [{ settings: { MONGODB_ATLAS_BASE_URL: "https://x" } }, "The task own is wrong at settings"],
    [{ after: { created: [{ region: "X" }] } }, "it must name one resource: project, cluster, "],
    [
      { before: { projects: [{ name: "a", clusters: [{}] }] } },
      "at before.projects.0.clusters.0.name",
    ],
  ])("is refused: %j", async (changes, sentence) => {
    expect(await declared(changes)).toContain(sentence);
  });

  it("is refused as a file without one, and as two of one name", async () => {
    expect(await inFile("export const task = {};")).toContain("has no default export with a task");
    expect(await inFile("export default nothing;")).toContain("nothing is not defined");
    const two = `export default [${JSON.stringify(task)}, ${JSON.stringify(task)}];`;
    expect(await inFile(two)).toBe("Two tasks have the id own.");
  });
});
