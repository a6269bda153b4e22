/** An entry in JSON that people and hosts write: the rest of the text stays as it is. */
import fc from "fast-check";
import { type ParseError, parse } from "jsonc-parser";
import { describe, expect, it } from "vitest";
import { addEntry, addInputs } from "../../../src/cli/setup/json-entry.ts";
import { runs } from "../../support/seed.ts";

const entry = { command: "node", args: ["cli.cjs"] };
const add = (text: string) => addEntry(text, "mcpServers", "atlas", entry);

const addedTo = (text: string): string => {
  const added = add(text);
  if (added.kind !== "added") throw new Error(added.kind);
  return added.text;
};

const parsed = (text: string): any => {
  const errors: ParseError[] = [];
  const value = parse(text.replace(/^\uFEFF/, ""), errors, { allowTrailingComma: true });
  expect(errors).toEqual([]);
  return value;
};

const own = `"atlas": {\n      "command": "node",\n      "args": ["cli.cjs"]\n    }`;

describe("an entry is added", () => {
  it.each([
    ["to no text", "", `{\n  "mcpServers": {\n    ${own}\n  }\n}\n`],
    ["to white space", " \n", `{\n  "mcpServers": {\n    ${own}\n  }\n} \n`],
    ["to an empty object", "{}", `{\n  "mcpServers": {\n    ${own}\n  }\n}`],
    ["to no servers", '{\n  "mcpServers": {}\n}\n', `{\n  "mcpServers": {\n    ${own}\n  }\n}\n`],
    [
      "below others",
      '{\n  "a": 1,\n  "mcpServers": {\n    "b": { "command": "b" }\n  },\n  "c": 2\n}\n',
      `{\n  "a": 1,\n  "mcpServers": {\n    "b": { "command": "b" },\n    ${own}\n  },\n  "c": 2\n}\n`,
    ],
    [
      "after a comma at the end",
      '{\n  "mcpServers": {\n    "b": {},\n  },\n}\n',
      `{\n  "mcpServers": {\n    "b": {},\n    ${own}\n  },\n}\n`,
    ],
    [
      "after comments, which stay with what they are about",
      '{\n  // all\n  "mcpServers": {\n    "b": {} // that one, {\n    /* and } more */\n  }\n}\n',
      `{\n  // all\n  "mcpServers": {\n    "b": {}, // that one, {\n    /* and } more */\n    ${own}\n  }\n}\n`,
    ],
    [
      "after a comment that stands alone",
      '{\n  "mcpServers": {\n    // none yet\n  }\n}\n',
      `{\n  "mcpServers": {\n    // none yet\n    ${own}\n  }\n}\n`,
    ],
    [
      "to one line",
      '{"mcpServers":{"b":{}},"c":1}',
      '{"mcpServers":{"b":{},\n  "atlas": {\n    "command": "node",\n    "args": ["cli.cjs"]\n  }\n},"c":1}',
    ],
    [
      "with tabs and the line ends of Windows, after a byte order mark",
      '\uFEFF{\r\n\t"c": 1\r\n}\r\n',
      '\uFEFF{\r\n\t"c": 1,\r\n\t"mcpServers": {\r\n\t\t"atlas": {\r\n\t\t\t"command": "node",\r\n\t\t\t"args": ["cli.cjs"]\r\n\t\t}\r\n\t}\r\n}\r\n',
    ],
  ])("%s", (_where, text, expected) => {
    expect(addedTo(text)).toBe(expected);
    expect(parsed(expected).mcpServers.atlas).toEqual(entry);
    expect(add(expected)).toEqual({ kind: "there" });
  });

  it("to any JSON, in any indentation, of which nothing else changes", () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue());
    const indents = fc.constantFrom(0, 1, 2, 4, "\t");
    fc.assert(
      fc.property(object, object, indents, fc.boolean(), (others, servers, indent, hasServers) => {
        const { mcpServers: _, ...rest } = others;
        const { atlas: __, ...kept } = servers;
        const given = { ...rest, ...(hasServers ? { mcpServers: kept } : {}) };
        const text = JSON.stringify(given, null, indent);
        const before = JSON.parse(text);
        const after = addedTo(text);
        expect(JSON.parse(after)).toEqual({
          ...before,
          mcpServers: { ...before.mcpServers, atlas: entry },
        });
        // Without what was added, it is the text that it was.
        const at = [...text].findIndex((letter, index) => letter !== after[index]);
        const start = at < 0 ? text.length : at;
        expect(after.endsWith(text.slice(start))).toBe(true);
      }),
      { numRuns: runs(60) },
    );
  });
});

describe("an entry is replaced", () => {
  it.each([
    ["alone", '{"mcpServers":{"atlas":OLD}}'],
    [
      "among others",
      '{\n  "mcpServers": {\n    "a": 1, // a\n    "atlas": OLD, // atlas\n  },\n}\n',
    ],
    [
      "with tabs and the line ends of Windows",
      '\uFEFF{\r\n\t"mcpServers": {\r\n\t\t"atlas": OLD\r\n\t}\r\n}\r\n',
    ],
  ])("%s, and nothing else", (_where, text) => {
    const before = text.replace("OLD", '{"command": "x", /* "y" */ "env": {}}');
    const replaced: any = addEntry(before, "mcpServers", "atlas", entry, () => true);
    expect(replaced).toMatchObject({ kind: "replaced", existing: { command: "x", env: {} } });
    const [start = "", end = ""] = text.split("OLD");
    expect(replaced.text.startsWith(start) && replaced.text.endsWith(end)).toBe(true);
    expect(parsed(replaced.text).mcpServers.atlas).toEqual(entry);
    expect(/[^\r]\n/.test(replaced.text) && text.includes("\r\n")).toBe(false);
    expect(add(replaced.text)).toEqual({ kind: "there" });
  });
});

describe("nothing is added", () => {
  it("where the entry is there, in another order", () => {
    const text = '{"mcpServers": {"atlas": {"args": ["cli.cjs"], /* c */ "command": "node"}}}';
    expect(add(text)).toEqual({ kind: "there" });
  });

  it.each([
    '{"mcpServers": {"atlas": {"command": "other"}}}',
    '{"mcpServers": {"atlas": {"command": "node", "args": ["cli.cjs"], "env": {}}}}',
    '{"mcpServers": {"atlas": null}}',
  ])("where another one has its name: %s", (text) => {
    expect(add(text)).toMatchObject({ kind: "other" });
  });

  it.each([
    ["[]", /is not a JSON object/],
    ["{", /is not valid JSON \(line 1, column 2: /],
    ['{\n  "a": 1\n  "b": 2\n}', /is not valid JSON \(line 3, column 3: a , is missing\)/],
    ['{"a": 1} x', /is not valid JSON/],
    ['{"mcpServers": []}', /has a "mcpServers" that is not an object/],
    ['{"mcpServers": {}, "mcpServers": {"atlas": {}}}', /has "mcpServers" twice/],
    ['{"mcpServers": {"atlas": {}, "atlas": {}}}', /has "atlas" twice/],
  ])("to %s", (text, says) => {
    expect(() => add(text)).toThrow(says);
  });
});

describe("what a host asks for", () => {
  const inputs = [{ id: "one" }, { id: "two", password: true }];

  it("is added as a list", () => {
    const added = addInputs('{\n  "servers": {}\n}\n', inputs);
    expect(added).toMatchObject({ kind: "added" });
    expect(parsed((added as any).text)).toEqual({ servers: {}, inputs });
  });

  it("is added to a list, of which one with the same id stays", () => {
    const text = '{\n  "inputs": [\n    { "id": "two", "x": 1 }, // mine\n  ]\n}\n';
    const added: any = addInputs(text, inputs);
    expect(added.text).toBe(
      '{\n  "inputs": [\n    { "id": "two", "x": 1 }, // mine\n    {\n      "id": "one"\n    }\n  ]\n}\n',
    );
    expect(addInputs(added.text, inputs)).toEqual({ kind: "there" });
  });

  it("is not added to what is no list", () => {
    expect(() => addInputs('{"inputs": {}}', inputs)).toThrow(/has "inputs" that are not a list/);
  });
});
