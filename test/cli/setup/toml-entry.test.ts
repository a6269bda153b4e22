/** A table in TOML, which is appended. */
import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import { addTable } from "../../../src/cli/setup/toml-entry.ts";

const entry = { command: "C:\\node.exe", args: ['a "b"', "é"], env: { X_FILE: "/x" } };
const add = (text: string) => addTable(text, "mcp_servers", "atlas", entry);

describe("a table is added", () => {
  it.each([
    ["to no text", ""],
    ["to other tables", '# mine\nmodel = "x" # so\n\n[mcp_servers.b]\ncommand = "b"\n'],
    ["to a text without a line end", "[[list]]\na = 1979-05-27T07:32:00Z\n[mcp_servers]"],
    ["with the line ends of Windows", '\uFEFFa = 1\r\n[projects."C:\\\\x"]\r\ntrust = true\r\n'],
  ])("%s, which stays as it is", (_where, text) => {
    const added: any = add(text);
    expect(added.text.startsWith(text)).toBe(true);
    expect(added.text.includes("\r\n")).toBe(text.includes("\r\n"));
    expect(/[^\r]\n/.test(added.text) && text.includes("\r\n")).toBe(false);
    const plain = (toml: string): any => parse(toml.replace(/^\uFEFF/, ""));
    const { mcp_servers: before = {}, ...rest } = plain(text);
    expect(plain(added.text)).toEqual({ ...rest, mcp_servers: { ...before, atlas: entry } });
    expect(add(added.text)).toEqual({ kind: "there" });
  });
});

describe("no table is added", () => {
  it.each([
    '[mcp_servers.atlas]\ncommand = "x"',
    '[mcp_servers."atlas"]\ncommand = "x"',
    '[mcp_servers]\natlas.command = "x"',
    'mcp_servers = { atlas = { command = "x" } }',
  ])("where another one has its name: %s", (text) => {
    expect(add(text)).toEqual({ kind: "other", existing: { command: "x" } });
  });

  it.each([
    ["mcp_servers = 1", /has a "mcp_servers" that is not a table/],
    ['mcp_servers = { b = { command = "x" } }', /in braces, to which no table can be added/],
    ["a = \n", /is not valid TOML \(line 1, column \d+: /],
  ])("to %s", (text, says) => {
    expect(() => add(text)).toThrow(says);
  });
});

describe("a table is replaced", () => {
  const old = {
    command: "x",
    args: ["[mcp_servers.b]"],
    env: { A: "1" },
    tools: { t: { on: true } },
  };
  const withOld = (text: string): any => addTable(text, "mcp_servers", "atlas", old);

  it.each([
    ["alone", ""],
    ["after others", '[mcp_servers.b]\ncommand = "b"\n'],
    ["with the line ends of Windows", '\uFEFFa = 1\r\n\r\n[mcp_servers.b]\r\ncommand = "b"\r\n'],
  ])("%s, as if it had been added at once", (_where, text) => {
    const replaced: any = addTable(withOld(text).text, "mcp_servers", "atlas", entry, () => true);
    expect(replaced).toMatchObject({ kind: "replaced", existing: old });
    expect(replaced.text).toBe((add(text) as any).text);
  });

  it("before others, again and again", () => {
    const after = '\n# b\n[mcp_servers.b]\ncommand = "b"\n';
    const first = withOld("").text + after;
    const second: any = addTable(first, "mcp_servers", "atlas", entry, () => true);
    expect(second.text).toBe((add("") as any).text + after);
    const third: any = addTable(second.text, "mcp_servers", "atlas", old, () => true);
    expect(third.text).toBe(first);
  });

  it("unless the text cannot be changed so", () => {
    const dotted = '[mcp_servers]\natlas.command = "x"\nb.command = "b"\n';
    expect(() => addTable(dotted, "mcp_servers", "atlas", entry, () => true)).toThrow(
      "has atlas in a form that cannot be replaced",
    );
  });
});
