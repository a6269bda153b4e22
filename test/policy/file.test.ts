import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { parse } from "jsonc-parser";
import { describe, expect, it } from "vitest";
import { providers as offered } from "../../sandbox/src/regions/table.ts";
import { readPolicy } from "../../src/policy/file.ts";
import { file } from "../support/config.ts";
import { run } from "../support/program.ts";

const read = (text: string) => readPolicy(file(text), "--policy");

const lineOf = (text: string): string => {
  try {
    read(text);
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^--policy: \S+?secret/, "FILE") : "";
  }
  throw new Error("it was accepted");
};

const example = fileURLToPath(new URL("../../examples/policy.jsonc", import.meta.url));
const schema = fileURLToPath(new URL("../../policy.schema.json", import.meta.url));

describe("a policy file", () => {
  it("may have comments, trailing commas and a byte order mark", () => {
    expect(read('\uFEFF{ // why\n "providers": ["AWS",], /* x */ }')).toEqual({
      providers: ["AWS"],
    });
  });

  it.each([
    ["no JSON", "{\n  providers: 1 }", /^FILE:2:3: not JSON/],
    ["an end too early", '{\n "providers": [', /^FILE:2:16: not JSON/],
    ["nothing", "", /^FILE:1:1: not JSON/],
    ["a list", "[]", /^FILE:1:1: the policy must be an object/],
    [
      "an unknown member",
      '{\n  "providres": ["AWS"]\n}',
      /^FILE:2:3: providres is not known here; did you mean providers\?$/,
    ],
    [
      "an unknown member inside",
      '{"limits": {\n "projects": 1}}',
      /^FILE:2:2: limits\.projects is not known/,
    ],
    [
      "a provider that is none",
      '{"providers": ["AWS",\n"ALIBABA"]}',
      /^FILE:2:1: providers\[1\] must be one of AWS/,
    ],
    ["an id that is none", '{"organizations": ["x"]}', /^FILE:1:20: organizations\[0\] must be 24/],
    [
      "a pattern that is none",
      '{"names": {"project": "("}}',
      /^FILE:1:23: names\.project must be a regular expression/,
    ],
    [
      "a limit below zero",
      '{"limits": {"flexClustersPerProject": -1}}',
      /^FILE:1:39: limits\.flexClustersPerProject must be at least 0/,
    ],
    [
      "a cost that is no number",
      '{"limits": {"monthlyUsd": "100"}}',
      /^FILE:1:27: limits\.monthlyUsd must be a whole number/,
    ],
    [
      "consent of another word",
      '{"consent": {"create_project": "maybe"}}',
      /^FILE:1:32: consent\.create_project must be one of ask, allow/,
    ],
    [
      "consent of another tool",
      '{"consent": {"get_account": "ask"}}',
      /^FILE:1:14: consent\.get_account is not known/,
    ],
    [
      "a member in capitals",
      '{"REGIONS": []}',
      /^FILE:1:2: REGIONS is not known here; did you mean regions\?$/,
    ],
    [
      "an unknown member that is near none",
      '{"colour": 1}',
      /^FILE:1:2: colour is not known here; allowed are \$schema, organizations, /,
    ],
    [
      "consent for a tool that is misspelt",
      '{"consent": {"create_projct": "ask"}}',
      /^FILE:1:14: consent\.create_projct is not known here; did you mean create_project\?$/,
    ],
    [
      "a limit in the wrong place",
      '{"flexClustersPerProject": 1}',
      /^FILE:1:2: flexClustersPerProject belongs in limits$/,
    ],
    [
      "an organization that is no list",
      '{"organizations": "32b6e34b3d91647abb20e7b8"}',
      /^FILE:1:19: organizations must be an array, for example \["32b6e34b3d91647abb20e7b8"\]$/,
    ],
    [
      "a region that is no list",
      '{"regions": "US_EAST_1"}',
      /^FILE:1:13: regions must be an array, for example \["US_EAST_1"\]$/,
    ],
    ["an empty region", '{"regions": [""]}', /^FILE:1:14: regions\[0\] must not be empty$/],
    [
      "a limit that is text",
      '{"limits": {"projectsPerOrganization": "3"}}',
      /^FILE:1:40: limits\.projectsPerOrganization must be a whole number$/,
    ],
    ["a member with a line break", '{"a\\nb": 1}', /^FILE:1:2: a b is not known here; [^\n]+$/],
    ["__proto__", '{"__proto__": {"providers": []}}', /^FILE:1:2: /],
  ])("with %s is refused at its place", (_what, text, says) => {
    expect(lineOf(text)).toMatch(says);
  });

  it.each([
    ["{", "1:2", "a } is missing"],
    ['{\n  "a": 1\n', "3:1", "a } is missing"],
    ['{"regions": [1', "1:15", "a ] is missing"],
    ['{"regions": ["A"}', "1:17", "a ] is missing"],
    ['{"names": {"a": 1]', "1:18", "a } is missing"],
    ['{"a": 1 "b": 2}', "1:9", "a , is missing"],
    ['{"a" 1}', "1:6", "a : is missing"],
    ['{"a":}', "1:6", "a value is missing"],
    ['{"a": 1,, "b": 1}', "1:9", "a name in double quotes is missing"],
    ["{'a': 1}", "1:2", "this is not a value; text needs double quotes"],
    ['{"a": yes}', "1:7", "this is not a value; text needs double quotes"],
    ['{"a": "x\n}', "1:7", 'the text has no " at its end'],
    ['{"a": 1.}', "1:7", "the number is not complete"],
    ["{} x", "1:4", "this is not a value; text needs double quotes"],
    ["{}}", "1:3", "there is more after its end"],
    ["{ /* }", "1:3", "the comment has no end"],
    ['{"a": "\\q"}', "1:7", 'after \\ only " \\ / b f n r t u may stand'],
    ['{"a": "\\u12"}', "1:7", "\\u needs four hexadecimal digits"],
    ['{"a": "\t"}', "1:7", "a control character must be written with \\, such as \\n"],
    ["  ", "1:1", "the file is empty"],
    ["// x", "1:5", "a value is missing"],
  ])("%j is no JSON, which is told in words", (text, place, says) => {
    expect(lineOf(text)).toBe(`FILE:${place}: not JSON: ${says}`);
  });

  it.each([
    ["us-east-1", "US_EAST_1"],
    ["us_east_1", "US_EAST_1"],
    ["US-EAST-1", "US_EAST_1"],
    [" US_EAST_1 ", "US_EAST_1"],
    ["eu west 1", "EU_WEST_1"],
    ["eastus2", "US_EAST_2"],
    ["EASTUS2", "US_EAST_2"],
    ["East US 2", "US_EAST_2"],
    ["centralus", "CENTRAL_US or US_CENTRAL"],
    ["Frankfurt", "EU_CENTRAL_1 or EUROPE_WEST_3 or GERMANY_WEST_CENTRAL"],
    ["central_us", "CENTRAL_US"],
    ["us-central1", "CENTRAL_US"],
    ["europe-west1", "WESTERN_EUROPE"],
  ])("with the region %s says which name of Atlas was meant", (region, meant) => {
    expect(lineOf(`{"regions": ["EU_WEST_1", "${region}"]}`)).toBe(
      `FILE:1:27: regions[1] must be Atlas's name of a region; did you mean ${meant}?`,
    );
  });

  it.each(["Atlantis", "us"])("with the region %s shows a name", (region) => {
    expect(lineOf(`{"regions": ["${region}"]}`)).toBe(
      "FILE:1:14: regions[0] must be Atlas's name of a region, for example US_EAST_1",
    );
  });

  it("may have every region that Atlas has, and new ones", () => {
    const named = Object.values(offered).flatMap((sizes) =>
      sizes.flatMap(({ regions }) => regions),
    );
    const regions = [...new Set([...named, "MARS_NORTH_1"])];
    expect(regions.length).toBeGreaterThan(30);
    expect(read(JSON.stringify({ regions }))).toEqual({ regions });
  });

  it("that is not there, or a folder, is refused", () => {
    const path = file("{}");
    expect(() => readPolicy(`${path}x`, "--policy")).toThrow(/does not exist \(ENOENT\)/);
    mkdirSync(join(dirname(path), "folder"));
    expect(() => readPolicy(join(dirname(path), "folder"), "--policy")).toThrow(
      /is a folder, not a file/,
    );
  });

  it("that is bad stops the start with one line and exit code 2", async () => {
    const path = file('{"providers": [1]}');
    for (const command of [[], ["tools"], ["doctor"]]) {
      const { code, stdout, stderr } = await run([...command, "--policy", path]);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toMatch(
        /^atlas-provision-mcp: --policy: \S+:1:16: providers\[0\] must be .*\n$/,
      );
    }
  });
});

describe("the commented example", () => {
  it("is a policy", () => {
    const rules = readPolicy(example, "--policy");
    expect(Object.keys(rules)).toEqual(
      expect.arrayContaining(["organizations", "limits", "consent"]),
    );
  });

  it("is valid against the published schema", () => {
    const ajv = new Ajv({ strict: false });
    const validate = ajv.compile(JSON.parse(readFileSync(schema, "utf8")));
    expect(validate(parse(readFileSync(example, "utf8")))).toBe(true);
    expect(validate({ providers: ["ALIBABA"] })).toBe(false);
    expect(validate({ providres: [] })).toBe(false);
  });
});
