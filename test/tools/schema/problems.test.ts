import { describe, expect, it } from "vitest";
import { inputSchemaOf, normalizeArguments } from "../../../src/tools/schema/normalize.ts";
import { groupId, orgId } from "../../support/atlas.ts";
import { problemsWith, toolNamed, withValueAt } from "../arguments.ts";

const createProject = toolNamed("create_project");
const createFlexCluster = toolNamed("create_flex_cluster");

const project = { name: "shop", orgId };
const providerSettings = { backingProviderName: "AWS", regionName: "US_EAST_1" };
const cluster = { groupId, name: "c-0", providerSettings };
const tag = { key: "environment", value: "test" };

const pathsOf = (tool: typeof createProject, raw: unknown) =>
  problemsWith(tool, raw).map((one) => one.path);

describe("null for an argument", () => {
  it("that is optional means that it is absent", () => {
    const nulls = { tags: null, withDefaultAlertsSettings: null, ifExists: null, dryRun: null };
    expect(problemsWith(createProject, { ...project, ...nulls })).toEqual([]);
  });

  it("nested in an object means that it is absent", () => {
    const given = normalizeArguments(
      { ...cluster, providerSettings: { ...providerSettings, regionName: null } },
      inputSchemaOf(createFlexCluster),
    );
    expect(given).toEqual({ ...cluster, providerSettings: { backingProviderName: "AWS" } });
  });

  it("that is required means that it is missing", () => {
    expect(problemsWith(createProject, { ...project, name: null })).toMatchObject([
      { path: "name", problem: "is required" },
    ]);
  });

  it("leaves other falsy values alone", () => {
    const given = { ...project, tags: [], withDefaultAlertsSettings: false };
    expect(normalizeArguments(given, inputSchemaOf(createProject))).toEqual(given);
  });
});

describe("JSON in a string", () => {
  it.each<[what: string, args: object]>([
    ["an object", { ...cluster, providerSettings: JSON.stringify(providerSettings) }],
    ["an array", { ...cluster, tags: JSON.stringify([tag]) }],
    ["an object in an array", { ...cluster, tags: [JSON.stringify(tag)] }],
    ["both", { ...cluster, tags: JSON.stringify([JSON.stringify(tag)]) }],
  ])("is taken for %s", (_what, args) => {
    expect(problemsWith(createFlexCluster, args)).toEqual([]);
  });

  it("is taken for what it says", () => {
    const args = {
      ...cluster,
      tags: JSON.stringify([tag]),
      providerSettings: JSON.stringify(providerSettings),
    };
    expect(normalizeArguments(args, inputSchemaOf(createFlexCluster))).toEqual({
      ...cluster,
      tags: [tag],
    });
  });

  it("is not taken for a string: a name may look like JSON", () => {
    expect(normalizeArguments({ name: '{"a":1}' }, inputSchemaOf(createProject))).toEqual({
      name: '{"a":1}',
    });
  });

  it.each(["AWS", "{", "[]", "7", "null", ""])("%j is no object", (text) => {
    const problems = problemsWith(createFlexCluster, { ...cluster, providerSettings: text });
    expect(problems).toMatchObject([{ path: "providerSettings", problem: "must be an object" }]);
  });
});

describe("a problem", () => {
  it.each<[what: string, raw: object, path: string, problem: RegExp]>([
    ["a missing argument", { groupId, providerSettings }, "name", /^is required$/],
    ["a missing object", { groupId, name: "c-0" }, "providerSettings", /^is required$/],
    [
      "a missing member",
      { ...cluster, providerSettings: { backingProviderName: "AWS" } },
      "providerSettings.regionName",
      /^is required$/,
    ],
    [
      "a missing choice",
      { ...cluster, providerSettings: { regionName: "X" } },
      "providerSettings.backingProviderName",
      /^is required$/,
    ],
    [
      "a wrong choice",
      { ...cluster, providerSettings: { ...providerSettings, backingProviderName: "aws" } },
      "providerSettings.backingProviderName",
      /AWS, AZURE, GCP/,
    ],
    ["a number for a string", { ...cluster, name: 7 }, "name", /^must be a string$/],
    [
      "a string for a boolean",
      { ...cluster, terminationProtectionEnabled: "yes" },
      "terminationProtectionEnabled",
      /^must be true or false$/,
    ],
    ["a string for a list", { ...cluster, tags: "environment=test" }, "tags", /^must be an array$/],
    ["a fraction", { ...cluster, waitSeconds: 1.5 }, "waitSeconds", /^must be a whole number$/],
    ["a number that is too big", { ...cluster, waitSeconds: 41 }, "waitSeconds", /at most 40/],
    ["a number that is too small", { ...cluster, waitSeconds: -1 }, "waitSeconds", /at least 0/],
    [
      "an empty string",
      { ...cluster, tags: [tag, { key: "", value: "x" }] },
      "tags[1].key",
      /^must not be empty$/,
    ],
    [
      "an id that is none",
      { ...cluster, groupId: "my-project" },
      "groupId",
      /24 hexadecimal digits/,
    ],
    ["an unknown argument", { ...cluster, colour: "red" }, "colour", /not known.*providerSettings/],
    [
      "an unknown member",
      { ...cluster, tags: [{ ...tag, colour: "red" }] },
      "tags[0].colour",
      /not known.*key, value/,
    ],
    [
      "a stray member",
      { ...cluster, regionName: "US_EAST_1" },
      "regionName",
      /belongs in providerSettings/,
    ],
  ])("is found with its path: %s", (_what, raw, path, problem) => {
    const found = problemsWith(createFlexCluster, raw);
    expect(found).toHaveLength(1);
    expect(found[0]?.path).toBe(path);
    expect(found[0]?.problem).toMatch(problem);
  });

  it("does not hide the others", () => {
    const raw = {
      groupId: "x",
      name: "-",
      regionName: "US_EAST_1",
      waitSeconds: 99,
      tags: [{ key: "a" }],
      ifExists: "maybe",
    };
    expect(pathsOf(createFlexCluster, raw).sort()).toEqual([
      "groupId",
      "ifExists",
      "name",
      "providerSettings",
      "regionName",
      "tags[0].value",
      "waitSeconds",
    ]);
  });

  it.each<[path: string, raw: object]>([
    ["name", { ...cluster, name: undefined }],
    ["groupId", { ...cluster, groupId: undefined }],
    ["providerSettings", { ...cluster, providerSettings: undefined }],
    [
      "providerSettings.regionName",
      { ...cluster, providerSettings: { backingProviderName: "AWS" } },
    ],
    ["providerSettings.backingProviderName", { ...cluster, providerSettings: { regionName: "X" } }],
    ["tags", { ...cluster, tags: 1 }],
    ["tags[0]", { ...cluster, tags: [1] }],
    ["tags[0].key", { ...cluster, tags: [{ value: "x" }] }],
    ["tags[0].value", { ...cluster, tags: [{ key: "x" }] }],
    ["tags[1].key", { ...cluster, tags: [tag, tag] }],
    ["terminationProtectionEnabled", { ...cluster, terminationProtectionEnabled: 1 }],
    ["waitSeconds", { ...cluster, waitSeconds: "30" }],
    ["ifExists", { ...cluster, ifExists: 1 }],
    ["dryRun", { ...cluster, dryRun: 1 }],
  ])("of %s comes with an example that passes", (path, raw) => {
    const [problem] = problemsWith(createFlexCluster, raw);
    expect(problem?.path).toBe(path);
    expect(problem?.example).toBeDefined();
    const mended = withValueAt(createFlexCluster, raw, path, problem?.example);
    expect(problemsWith(createFlexCluster, mended)).toEqual([]);
  });
});
