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
