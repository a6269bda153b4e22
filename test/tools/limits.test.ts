import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { groupId, orgId } from "../support/atlas.ts";
import { runs } from "../support/seed.ts";
import { problemsWith, toolNamed, wrongExamples } from "./arguments.ts";

const createProject = toolNamed("create_project");
const createFlexCluster = toolNamed("create_flex_cluster");

const project = (name: unknown) => ({ name, orgId });
const providerSettings = { backingProviderName: "AWS", regionName: "US_EAST_1" };
const cluster = (name: unknown) => ({ groupId, name, providerSettings });

describe("a project name", () => {
  it.each([
    ["one character", "a"],
    ["64 characters", "a".repeat(64)],
    ["64 letters beyond the basic plane", "𝒜".repeat(64)],
    ["every mark that is allowed", "-_.(),:&@+'"],
    ["German", "Größe-Straße"],
    ["Greek", "Έργο"],
    ["Cyrillic", "Проект"],
    ["Arabic", "مشروع"],
    ["Chinese", "项目"],
    ["Japanese", "プロジェクト"],
    ["Devanagari digits", "१२३"],
    ["digits alone", "42"],
    ["a space within", "Project 0"],
    ["spaces around", " shop\n"],
  ])("of %s is accepted", (_what, name) => {
    expect(problemsWith(createProject, project(name))).toEqual([]);
  });

  it.each([
    ["65 characters", "a".repeat(65)],
    ["65 letters beyond the basic plane", "𝒜".repeat(65)],
    ["an emoji", "shop🚀"],
    ["a slash", "a/b"],
    ["a line break", "my\nshop"],
    ["a quote", 'a"b'],
    ["a lone surrogate", "a\uD835"],
  ])("of %s is refused with a mended one that passes", (_what, name) => {
    const [problem, ...others] = problemsWith(createProject, project(name));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ path: "name", example: expect.any(String) });
    expect(problemsWith(createProject, project(problem?.example))).toEqual([]);
  });

  it.each(["🚀", " ", "/", "$1"])(
    "of nothing that Atlas takes, like %j, has no example",
    (name) => {
      const [problem] = problemsWith(createProject, project(name));
      expect(problem?.path).toBe("name");
      expect(problem).not.toHaveProperty("example");
    },
  );

  it("is sent without white space around it, in Unicode's form NFC", () => {
    const parsed = createProject.input.parse(project(" Gro\u0308ße 0\r\n"));
    expect(parsed.name).toBe("Größe 0");
  });

  it("is mended to something alike", () => {
    expect(problemsWith(createProject, project("my\tnew/project"))[0]?.example).toBe(
      "my new-project",
    );
  });

  it("of any junk gets a mended one that passes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 150 }), (name) => {
        expect(wrongExamples(createProject, project(name))).toEqual([]);
      }),
    );
  });
});

describe("a cluster name", () => {
  it.each([
    ["one letter", "a"],
    ["one digit", "7"],
    ["23 characters", "a".repeat(23)],
    ["24 characters", "a".repeat(24)],
    ["64 characters", "a".repeat(64)],
    ["a hyphen at position 22", `${"a".repeat(21)}-b`],
    ["a hyphen at position 24", `${"a".repeat(23)}-b`],
    ["hyphens within", "a--b-c"],
    ["capitals", "MyCluster0"],
    ["white space around it", " MyCluster0\n"],
  ])("with %s is accepted", (_what, name) => {
    expect(problemsWith(createFlexCluster, cluster(name))).toEqual([]);
  });

  it.each([
    ["65 characters", "a".repeat(65)],
    ["a hyphen at the start", "-a"],
    ["a hyphen at the end", "a-"],
    ["a hyphen at the end, 64 characters", `${"a".repeat(63)}-`],
    ["a hyphen at position 23, at the end", `${"a".repeat(22)}-`],
    ["a hyphen at position 23, within", `${"a".repeat(22)}-b`],
    ["hyphens at positions 23 and 24", `${"a".repeat(22)}--b`],
    ["an underscore", "a_b"],
    ["a space", "my cluster"],
    ["a letter that is not ASCII", "größe"],
    ["a line break", "a\nb"],
    ["a path", "../x"],
  ])("with %s is refused with a mended one that passes", (_what, name) => {
    const [problem, ...others] = problemsWith(createFlexCluster, cluster(name));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ path: "name", example: expect.any(String) });
    expect(problemsWith(createFlexCluster, cluster(problem?.example))).toEqual([]);
  });

  it.each(["🚀", " ", "---"])("of nothing that Atlas takes, like %j, has no example", (name) => {
    const [problem] = problemsWith(createFlexCluster, cluster(name));
    expect(problem?.path).toBe("name");
    expect(problem).not.toHaveProperty("example");
  });

  it.each(["a-", `${"a".repeat(22)}-b`])("that exists may be %s", (name) => {
    for (const tool of ["get_flex_cluster", "delete_flex_cluster"])
      expect(problemsWith(toolNamed(tool), { groupId, name })).toEqual([]);
  });

  it("of hyphens, letters and junk gets a mended one that passes", () => {
    const parts = fc.array(fc.constantFrom("a", "B7", "-", "--", "_", " ", "é", "🚀"), {
      maxLength: 50,
    });
    // Hyphens matter around position 23, so many begin just before it.
    const name = fc.tuple(fc.constantFrom("", "a".repeat(21), "a".repeat(22)), parts);
    fc.assert(
      fc.property(name, ([start, rest]) => {
        expect(wrongExamples(createFlexCluster, cluster(`${start}${rest.join("")}`))).toEqual([]);
      }),
      { numRuns: runs(2000) },
    );
  });
});

const tagged = (tags: unknown) => ({ ...project("shop"), tags });
const some = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ key: `key-${index}`, value: "x" }));

describe("tags", () => {
  it.each([
    ["none", []],
    ["50", some(50)],
    ["a key of 255 characters", [{ key: "k".repeat(255), value: "x" }]],
    ["a value of 255 characters", [{ key: "k", value: "x".repeat(255) }]],
    [
      "keys that differ in case",
      [
        { key: "Team", value: "x" },
        { key: "team", value: "x" },
      ],
    ],
    [
      "two keys with one value",
      [
        { key: "a", value: "x" },
        { key: "b", value: "x" },
      ],
    ],
    ["characters that are Atlas's to judge", [{ key: "ünïcode/key", value: "50% #1" }]],
  ])("are accepted: %s", (_what, tags) => {
    expect(problemsWith(createProject, tagged(tags))).toEqual([]);
  });

  it.each<[what: string, path: string, tags: object[]]>([
    ["51", "tags", some(51)],
    ["a key of 256 characters", "tags[0].key", [{ key: "k".repeat(256), value: "x" }]],
    ["a value of 256 characters", "tags[0].value", [{ key: "k", value: "x".repeat(256) }]],
    ["an empty key", "tags[0].key", [{ key: "", value: "x" }]],
    ["an empty value", "tags[0].value", [{ key: "k", value: "" }]],
    ["a key twice", "tags[2].key", [...some(2), { key: "key-0", value: "y" }]],
  ])("are refused: %s", (_what, path, tags) => {
    expect(problemsWith(createProject, tagged(tags)).map((one) => one.path)).toEqual([path]);
  });
});
