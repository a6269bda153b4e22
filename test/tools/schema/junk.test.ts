import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { tools } from "../../../src/tools/index.ts";
import { inputSchemaOf, normalizeArguments } from "../../../src/tools/schema/normalize.ts";
import { groupId, orgId } from "../../support/atlas.ts";
import { runs } from "../../support/seed.ts";
import { problemsWith, toolNamed, wrongExamples } from "../arguments.ts";

const createProject = toolNamed("create_project");
const createFlexCluster = toolNamed("create_flex_cluster");

const providerSettings = { backingProviderName: "AWS", regionName: "US_EAST_1" };
const tag = { key: "environment", value: "test" };

const pathsOf = (tool: typeof createProject, raw: unknown) =>
  problemsWith(tool, raw).map((one) => one.path);

const words = [
  "name",
  "orgId",
  "groupId",
  "tags",
  "providerSettings",
  "key",
  "value",
  "pageNum",
  "waitSeconds",
  "regionName",
  "constructor",
  "toString",
  "prototype",
];
const nearly = fc.constantFrom<unknown>(
  "",
  "a b",
  "-x-",
  orgId,
  providerSettings,
  [tag],
  [tag, {}],
  [null],
  JSON.stringify(providerSettings),
  "[1]",
  -1,
  1e9,
  null,
);
const junk = fc.oneof(
  fc.dictionary(
    fc.oneof(fc.constantFrom(...words), fc.string()),
    fc.oneof(nearly, fc.jsonValue(), fc.string({ unit: "grapheme" })),
  ),
  fc
    .jsonValue()
    .filter((value) => typeof value === "object" && value !== null && !Array.isArray(value)),
);

afterEach(() => expect(({} as any).polluted).toBeUndefined());

describe("arguments that are junk", () => {
  it.each(tools)(
    "never break $name: what is refused is refused with a path and a sentence",
    (tool) => {
      const schema = inputSchemaOf(tool);
      fc.assert(
        fc.property(junk, (raw) => {
          const refused = !tool.input.safeParse(normalizeArguments(raw, schema)).success;
          const problems = problemsWith(tool, raw);
          expect(problems.length > 0).toBe(refused);
          for (const { path, problem } of problems) {
            expect(typeof path).toBe("string");
            expect(problem).not.toBe("");
          }
        }),
        { numRuns: runs(300) },
      );
    },
  );

  it.each(tools)("get from $name only examples that pass in their place", (tool) => {
    fc.assert(
      fc.property(junk, (raw) => {
        expect(wrongExamples(tool, raw)).toEqual([]);
      }),
      { numRuns: runs(300) },
    );
  });

  it.each(["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"])(
    "named %s are refused by name and change nothing",
    (name) => {
      const raw = JSON.parse(
        `{"name": "shop", "orgId": "${orgId}", "${name}": {"polluted": true}}`,
      );
      expect(pathsOf(createProject, raw)).toEqual([name]);
    },
  );

  it("named __proto__ within an object are refused too", () => {
    const raw = JSON.parse(`{"groupId": "${groupId}", "name": "c-0", "providerSettings":
      {"backingProviderName": "AWS", "regionName": "X", "__proto__": {"polluted": true}}}`);
    expect(pathsOf(createFlexCluster, raw)).toEqual(["providerSettings.__proto__"]);
  });
});
