import { describe, expect, it } from "vitest";
import { invalidInput } from "../../../src/common/failure.ts";
import { inputSchemaOf } from "../../../src/tools/schema/normalize.ts";
import { orgId } from "../../support/atlas.ts";
import { problemsWith, toolNamed, withValueAt, wrongExamples } from "../arguments.ts";
import { complete, places } from "./places.ts";

const createProject = toolNamed("create_project");

const project = { name: "shop", orgId };

const million = 1_000_000;

/** The length of the failure as a host gets it. */
const sizeOf = (problems: ReturnType<typeof problemsWith>) =>
  JSON.stringify(invalidInput(problems)).length;

describe("a text of a megabyte", () => {
  it.each(places)("is refused in $name at $path, and not repeated", ({ tool, path }) => {
    const args = complete(inputSchemaOf(tool));
    for (const letter of ["9", "\ud800"]) {
      const raw = withValueAt(tool, args, path, letter.repeat(million));
      const problems = problemsWith(tool, raw);
      expect(problems.map((one) => one.path)).toContain(path);
      expect(sizeOf(problems)).toBeLessThan(3000);
      expect(wrongExamples(tool, raw)).toEqual([]);
    }
  });

  it.each(places)("of 1024 characters is not too long in $name at $path", ({ tool, path }) => {
    const raw = withValueAt(tool, complete(inputSchemaOf(tool)), path, "\u{1D49C}".repeat(1024));
    expect(JSON.stringify(problemsWith(tool, raw))).not.toContain("1024");
  });

  it("is refused with the limit of all texts, if it has no closer one", () => {
    expect(problemsWith(toolNamed("list_projects"), { name: "x".repeat(1025) })).toEqual([
      { path: "name", problem: "must have at most 1024 characters" },
    ]);
    expect(problemsWith(createProject, { ...project, name: "x".repeat(1025) })).toMatchObject([
      { path: "name", problem: expect.stringContaining("64") },
    ]);
  });

  it("is shortened as the name of an argument", () => {
    const problems = problemsWith(createProject, { ...project, ["k".repeat(million)]: 1 });
    expect(problems.map(({ path }) => path)).toEqual([`${"k".repeat(100)}…`]);
    expect(sizeOf(problems)).toBeLessThan(2000);
  });

  it("is not repeated as a key that is given twice", () => {
    const key = "k".repeat(million);
    const tags = [
      { key, value: "a" },
      { key, value: "b" },
    ];
    expect(sizeOf(problemsWith(createProject, { ...project, tags }))).toBeLessThan(3000);
  });
});

describe("a hundred thousand problems", () => {
  const count = 100_000;

  it.each<[what: string, raw: object]>([
    [
      "arguments that nobody knows",
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 1])),
    ],
    ["bad roles", { roles: Array.from({ length: count }, () => 1) }],
    ["broken texts", { roles: Array.from({ length: count }, () => "\ud800") }],
  ])("are counted, and the first of them are told: %s", (_what, raw) => {
    const args = { groupId: orgId, username: "app", ...raw };
    const failure = invalidInput(problemsWith(toolNamed("create_database_user"), args));
    expect(failure.fields).toHaveLength(50);
    expect(failure.message).toMatch(/^100000 arguments are not valid: .* and 99950 more\./);
    expect(JSON.stringify(failure).length).toBeLessThan(20_000);
  });
});
