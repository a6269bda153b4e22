import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { parse } from "jsonc-parser";
import { describe, expect, it } from "vitest";
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
      /^FILE:2:3: providres is not known here; allowed are /,
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
      "consent of another word",
      '{"consent": {"create_project": "maybe"}}',
      /^FILE:1:32: consent\.create_project must be one of ask, allow/,
    ],
    [
      "consent of another tool",
      '{"consent": {"get_account": "ask"}}',
      /^FILE:1:14: consent\.get_account is not known/,
    ],
    ["__proto__", '{"__proto__": {"providers": []}}', /^FILE:1:2: /],
  ])("with %s is refused at its place", (_what, text, says) => {
    expect(lineOf(text)).toMatch(says);
  });

  it("that is not there, or a folder, is refused", () => {
    const path = file("{}");
    expect(() => readPolicy(`${path}x`, "--policy")).toThrow(/cannot be read \(ENOENT\)/);
    mkdirSync(join(dirname(path), "folder"));
    expect(() => readPolicy(join(dirname(path), "folder"), "--policy")).toThrow(/EISDIR/);
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
