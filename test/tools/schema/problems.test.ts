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
const misspelt = (settings: object) => ({ ...cluster, providerSettings: settings });
const user = { groupId, username: "app" };

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

  it("may be said in JSON", () => {
    const given = { ...project, tags: "null" };
    expect(normalizeArguments(given, inputSchemaOf(createProject))).toEqual(project);
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

  it.each(["AWS", "{", "[]", "7"])("%j is no object", (text) => {
    const problems = problemsWith(createFlexCluster, { ...cluster, providerSettings: text });
    expect(problems).toMatchObject([
      {
        path: "providerSettings",
        problem: "must be an object with backingProviderName and regionName",
      },
    ]);
  });
});

describe("a problem", () => {
  it.each<[what: string, raw: object, path: string, problem: RegExp]>([
    ["a missing argument", { groupId, providerSettings }, "name", /^is required$/],
    [
      "a missing object",
      { groupId, name: "c-0" },
      "providerSettings",
      /^is required: an object with backingProviderName and regionName$/,
    ],
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
      /^is required: one of AWS, AZURE, GCP$/,
    ],
    [
      "a wrong choice",
      { ...cluster, providerSettings: { ...providerSettings, backingProviderName: "amazon" } },
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
    ["a number that is too small", { ...cluster, waitSeconds: -1 }, "waitSeconds", /at least 0/],
    [
      "an empty string",
      { ...cluster, tags: [tag, { key: "", value: "x" }] },
      "tags[1].key",
      /^is required$/,
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
      waitSeconds: -1,
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
    ["providerSettings", { groupId, name: "c-0", ...providerSettings }],
    ["providerSettings.regionName", misspelt({ backingProviderName: "AWS", region_name: "X" })],
    ["groupId", { ...cluster, groupId: undefined, group_id: groupId }],
    ["name", { ...cluster, name: undefined, Name: "c-1" }],
    ["name", { ...cluster, name: 7 }],
    ["groupId", { ...cluster, groupId: ` ${groupId.toUpperCase()}` }],
    ["tags", { ...cluster, tags: { environment: "test" } }],
    ["tags", { ...cluster, tags: tag }],
    ["tags[0].key", { ...cluster, tags: [{ Key: "x", value: "x" }] }],
    ["terminationProtectionEnabled", { ...cluster, terminationProtectionEnabled: 1 }],
    ["waitSeconds", { ...cluster, waitSeconds: "30.0" }],
    ["waitSeconds", { ...cluster, waitSeconds: -1 }],
    ["ifExists", { ...cluster, ifExists: "Return" }],
    ["dryRun", { ...cluster, dryRun: 1 }],
  ])("of %s comes with an example that passes", (path, raw) => {
    const problems = problemsWith(createFlexCluster, raw);
    const problem = problems.find((one) => one.path === path);
    expect(problem?.example).toBeDefined();
    const mended = withValueAt(createFlexCluster, raw, path, problem?.example);
    const left = problemsWith(createFlexCluster, mended);
    expect(left.filter((one) => !/not known|belongs/.test(one.problem))).toEqual([]);
  });

  it("of an argument under a nearly right name has the value that stands there", () => {
    const raw = { ...cluster, groupId: undefined, group_id: groupId };
    expect(problemsWith(createFlexCluster, raw)).toContainEqual({
      path: "groupId",
      problem: "is required",
      example: groupId,
    });
  });

  const soon = () => new Date(Date.now() + 3_600_000).toISOString();

  it.each<[path: string, tool: string, raw: object]>([
    ["groupId", "create_flex_cluster", { ...cluster, groupId: "my-project" }],
    ["groupId", "create_flex_cluster", { ...cluster, groupId: "" }],
    ["groupId", "get_project", {}],
    ["orgId", "create_project", { name: "shop" }],
    ["name", "create_project", { orgId }],
    ["name", "delete_project", { groupId }],
    ["name", "delete_flex_cluster", { groupId, name: "../orders" }],
    ["tags[0].value", "create_project", { ...project, tags: [{ key: "a" }] }],
    ["ipAddress", "create_access_list_entry", { groupId }],
    ["projectOwnerId", "create_project", { ...project, projectOwnerId: "me" }],
    ["tags", "create_flex_cluster", { ...cluster, tags: 1 }],
    ["tags[0]", "create_flex_cluster", { ...cluster, tags: [1] }],
    ["tags[1].key", "create_flex_cluster", { ...cluster, tags: [tag, tag] }],
    ["dryRun", "create_flex_cluster", { ...cluster, dryRun: "maybe" }],
    ["waitSeconds", "create_flex_cluster", { ...cluster, waitSeconds: 1.5 }],
    ["ifExists", "create_flex_cluster", { ...cluster, ifExists: "replace" }],
    ["databaseName", "create_database_user", { ...user, databaseName: "$external" }],
    ["roles", "create_database_user", { ...user, roles: [] }],
    ["roles[0]", "create_database_user", { ...user, roles: ["readWrite"] }],
    ["deleteAfterDate", "create_database_user", { ...user, deleteAfterDate: "tomorrow" }],
    ["deleteAfterDate", "create_database_user", { ...user, deleteAfterDate: "2001-01-01" }],
    ["ipAddress", "create_access_list_entry", { groupId, ipAddress: "office" }],
    ["ipAddress", "create_access_list_entry", { groupId, ipAddress: "203.0.113.0/24" }],
    ["ipAddress", "create_access_list_entry", { groupId, ipAddress: "0.0.0.0" }],
    ["cidrBlock", "create_access_list_entry", { groupId, cidrBlock: "everyone" }],
    ["confirmation", "delete_project", { groupId, name: "a", confirmation: "x".repeat(201) }],
  ])("of %s in %s has no example that means something else: %o", (path, tool, raw) => {
    expect(problemsWith(toolNamed(tool), raw)).toEqual([{ path, problem: expect.any(String) }]);
  });

  it.each<[path: string, tool: string, raw: () => object, example: unknown]>([
    [
      "ipAddress",
      "create_access_list_entry",
      () => ({ ipAddress: "203.0.113.7/32" }),
      "203.0.113.7",
    ],
    [
      "cidrBlock",
      "create_access_list_entry",
      () => ({ cidrBlock: " 203.0.113.7" }),
      "203.0.113.7/32",
    ],
    [
      "deleteAfterDate",
      "create_database_user",
      () => ({ ...user, deleteAfterDate: soon().replace("T", " ").replace("Z", "") }),
      expect.stringMatching(/^\S+T\S+Z$/),
    ],
    [
      "deleteAfterDate",
      "create_database_user",
      () => ({ ...user, deleteAfterDate: ` ${soon()} ` }),
      expect.stringMatching(/^\S+T\S+Z$/),
    ],
  ])("of %s in %s has what was meant as its example", (path, tool, raw, example) => {
    const problems = problemsWith(toolNamed(tool), { groupId, ...raw() });
    expect(problems).toEqual([{ path, problem: expect.any(String), example }]);
  });

  it.each([
    ["group_id", "groupId"],
    ["groupID", "groupId"],
    ["wait-seconds", "waitSeconds"],
    ["nam", "name"],
  ])("of the unknown argument %s asks for %s", (name, meant) => {
    const problems = problemsWith(toolNamed("get_flex_cluster"), { groupId, name: "a", [name]: 1 });
    expect(problems).toEqual([
      { path: name, problem: `is not known here; did you mean ${meant}?` },
    ]);
  });
});
