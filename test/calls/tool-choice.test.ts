import { describe, expect, it } from "vitest";
import { checkOffered, checkToolChoice, isChosen } from "../../src/calls/tool-choice.ts";
import { ConfigError } from "../../src/config/config.ts";
import { tools } from "../../src/tools/index.ts";

const choice = (...names: string[]) => ({ names, from: "--tools" });

const chosenBy = (...names: string[]): string[] =>
  tools.filter((tool) => isChosen(tool, choice(...names))).map(({ name }) => name);

const problemOf = (check: () => void): string => {
  try {
    check();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return "";
};

describe("a choice of tools", () => {
  it("that is not made leaves all", () => {
    expect(tools.filter((tool) => isChosen(tool, undefined))).toEqual(tools);
  });

  it.each(["read", "create", "update", "delete"])("of the group %s has that access", (access) => {
    const wanted = tools.filter((tool) => tool.access === access).map(({ name }) => name);
    expect(chosenBy(access)).toEqual(wanted);
  });

  it("of the group connect has what one needs to reach a cluster that exists", () => {
    expect(chosenBy("connect")).toEqual(
      expect.arrayContaining([
        "get_flex_cluster",
        "create_database_user",
        "create_access_list_entry",
      ]),
    );
    expect(chosenBy("connect").filter((name) => /project|delete|create_flex/.test(name))).toEqual(
      [],
    );
  });

  it("may mix groups and names, and keeps the order of the tools", () => {
    expect(chosenBy("delete_project", "get_account", "connect")).toEqual(
      tools
        .map(({ name }) => name)
        .filter((name) => [...chosenBy("connect"), "get_account", "delete_project"].includes(name)),
    );
  });

  it.each(["read", "create", "update", "delete", "connect", "get_account"])(
    "of %s is known",
    (name) => {
      expect(problemOf(() => checkToolChoice(choice(name), tools))).toBe("");
    },
  );

  it.each([
    ["reads", "read"],
    ["conect", "connect"],
    ["create-project", "create_project"],
    ["get_acount", "get_account"],
  ])("of %s is refused with the name that is meant", (name, meant) => {
    expect(problemOf(() => checkToolChoice(choice("read", name), tools))).toBe(
      `--tools: "${name}" is neither a tool nor one of the groups read, create, update, delete, connect; did you mean ${meant}?`,
    );
  });

  it.each(["all", "drop_database", "__proto__"])("of %s is refused without a guess", (name) => {
    expect(problemOf(() => checkToolChoice(choice(name), tools))).toMatch(
      /^--tools: "\w+" is neither .* delete, connect$/,
    );
  });

  it("shows only the beginning of a long name", () => {
    const problem = problemOf(() => checkToolChoice(choice("x".repeat(5000)), tools));
    expect(problem.length).toBeLessThan(200);
  });
});

describe("a choice of which nothing is left", () => {
  const off = (reason: string, names = tools.map(({ name }) => name)) => ({
    switchedOff: names.map((tool) => ({ tool, reason })),
  });

  it("is refused with the reasons why the chosen tools are off, once each", () => {
    const setup = off("the server is read-only");
    expect(problemOf(() => checkOffered(choice("create"), tools, setup))).toBe(
      "--tools leaves no tool: the server is read-only",
    );
  });

  it("is refused where a group has no tool yet", () => {
    const setup = off("the operator chose other tools");
    expect(problemOf(() => checkOffered(choice("nothing"), tools, setup))).toBe(
      "--tools leaves no tool: there is none in nothing",
    );
  });

  it("is no choice that leaves one", () => {
    const setup = off("deletes are off", ["delete_project"]);
    expect(problemOf(() => checkOffered(choice("delete"), tools, setup))).toBe("");
    expect(problemOf(() => checkOffered(undefined, tools, off("x")))).toBe("");
  });
});
