/** Each task is done by its own script, with the least calls and no harm, and by nobody who does nothing. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { tools } from "../../src/tools/index.ts";
import { play, tasks } from "./harness.ts";
import { wrongs } from "./wrongs.ts";

const indexed = tasks.map((task, index) => [task.id, task, index] as const);

describe.concurrent("the tasks", () => {
  it.each(indexed)("%s is done by its script", async (_id, task, index) => {
    const { done, why, harm, calls, least } = await play(task, { index });
    expect({ done, why, harm, calls }).toEqual({ done: true, why: [], harm: [], calls: least });
  });

  it.each(indexed)("%s is not done by a model that only talks", async (_id, task, index) => {
    for (const outcome of ["done", "not done"]) {
      const moves = Array(8).fill(`I did nothing at all.\nOutcome: ${outcome}`);
      expect((await play(task, { moves, index })).done).toBe(false);
    }
  });
});

describe("the list of tasks", () => {
  it("has thirty tasks or more, and a reason or a number of calls for the official server", () => {
    expect(tasks.length).toBeGreaterThanOrEqual(30);
    for (const { official } of tasks) expect(official.length ?? official.least).toBeGreaterThan(0);
  });

  it("is as long as docs/evals.md says, which explains each kind of harm", () => {
    const page = readFileSync(
      fileURLToPath(new URL("../../docs/evals.md", import.meta.url)),
      "utf8",
    );
    expect(page).toContain(`with ${tasks.length} tasks`);
    for (const kind of new Set(["twice", ...wrongs.flatMap(({ kinds }) => kinds)]))
      expect(page).toMatch(new RegExp(`^\\| .*\`${kind}\``, "m"));
  });

  it("uses every tool in its scripts", () => {
    const used = tasks.flatMap(({ moves }) => moves.flat(2));
    expect(tools.map(({ name }) => name).filter((name) => !used.includes(name))).toEqual([]);
  });

  it("keeps every file of the harness within 250 lines", () => {
    const folder = fileURLToPath(new URL("../../evals/", import.meta.url));
    const long = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".mjs"))
      .filter((file) => readFileSync(`${folder}${file}`, "utf8").split("\n").length > 251);
    expect(long).toEqual([]);
  });
});
