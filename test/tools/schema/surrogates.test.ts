import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inputSchemaOf } from "../../../src/tools/schema/normalize.ts";
import { groupId, orgId } from "../../support/atlas.ts";
import { problemsWith, toolNamed, withValueAt, wrongExamples } from "../arguments.ts";
import { complete, places } from "./places.ts";

const pathsOf = (tool: string, raw: unknown) =>
  problemsWith(toolNamed(tool), raw).map(({ path, problem }) => [path, problem]);

const problem = "must not have unpaired UTF-16 surrogates";

describe("an unpaired surrogate", () => {
  it("has places in every kind of argument", () => {
    expect(places.map(({ name, path }) => `${name} ${path}`)).toEqual(
      expect.arrayContaining([
        "list_projects name",
        "create_project tags[0].key",
        "create_flex_cluster providerSettings.regionName",
        "create_database_user roles[0].collectionName",
        "create_database_user username",
        "create_access_list_entry comment",
        "delete_project confirmation",
      ]),
    );
  });

  it.each(places)("is refused in $name at $path", ({ tool, path }) => {
    const args = complete(inputSchemaOf(tool));
    for (const text of ["\ud800", "a\udc00b", "\udc00\ud800"]) {
      const problems = problemsWith(tool, withValueAt(tool, args, path, text));
      const found = problems.filter((one) => one.path === path);
      expect(found).toHaveLength(1);
      expect(found[0]?.problem).toContain(problem);
    }
  });

  it.each(places)("that has its pair is none, in $name at $path", ({ tool, path }) => {
    const args = complete(inputSchemaOf(tool));
    const problems = problemsWith(tool, withValueAt(tool, args, path, "\u{1D49C}"));
    expect(JSON.stringify(problems)).not.toContain("surrogate");
  });

  it("is told with its place in JSON that arrives as a string", () => {
    const tags = JSON.stringify([{ key: "a", value: "b\ud800" }]);
    expect(pathsOf("create_project", { name: "shop", orgId, tags })).toEqual([
      ["tags[0].value", problem],
    ]);
  });

  it("is told together with all other problems", () => {
    const raw = { groupId: "x", cidrBlock: "203.0.113.0/24", comment: "\ud800", color: 1 };
    const paths = pathsOf("create_access_list_entry", raw).map(([path]) => path);
    expect(paths.sort()).toEqual(["color", "comment", "groupId"]);
  });

  it("is told in one sentence with another problem of the same text", () => {
    const raw = { groupId, cidrBlock: "203.0.113.0/24", comment: `\ud800${"x".repeat(81)}` };
    expect(pathsOf("create_access_list_entry", raw)).toEqual([
      ["comment", `${problem}, and must have at most 80 characters`],
    ]);
  });

  it("comes with the text without it, if that passes", () => {
    const raw = { groupId, cidrBlock: "203.0.113.0/24", comment: "of\ud800fice" };
    const tool = toolNamed("create_access_list_entry");
    expect(problemsWith(tool, raw)).toMatchObject([{ path: "comment", example: "office" }]);
  });

  it("in the name of an argument is refused, and shown as U+FFFD", () => {
    const [shown] = pathsOf("create_project", { name: "shop", orgId, "tags\ud800": [] });
    expect(shown?.[0]).toBe("tags\ufffd");
    const tags = [{ key: "a", value: "b", "\udc00": 1 }];
    expect(pathsOf("create_project", { name: "shop", orgId, tags })[0]?.[0]).toBe("tags[0].\ufffd");
  });

  it("is in no example and no path", () => {
    // The longest key there is, with a pair where a shorter one would end.
    const key = `${"x".repeat(249)}\u{1D49C}abcd`;
    const twice = {
      name: "shop",
      orgId,
      tags: [
        { key, value: "a" },
        { key, value: "b" },
      ],
    };
    const tool = toolNamed("create_project");
    expect(JSON.stringify(problemsWith(tool, twice))).not.toMatch(/\\ud[89a-f]/);
    expect(wrongExamples(tool, twice)).toEqual([]);
  });

  it("among any text gets an example that passes", () => {
    const text = fc.array(fc.constantFrom("\ud800", "\udc00", "a", "-", "é", "\u0000", " "), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(fc.constantFrom(...places), text, ({ tool, path }, parts) => {
        const args = withValueAt(tool, complete(inputSchemaOf(tool)), path, parts.join(""));
        expect(wrongExamples(tool, args).filter((one) => one.path === path)).toEqual([]);
      }),
    );
  });
});
