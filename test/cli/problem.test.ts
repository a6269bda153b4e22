import { statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { problemOf } from "../../src/cli/problem.ts";
import { version } from "../../src/common/version.ts";
import { ConfigError } from "../../src/config/config.ts";

const thrownBy = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
};

describe("an error that ends the program", () => {
  it("is one line if a setting is wrong", () => {
    expect(problemOf(new ConfigError("--org is\nwrong"), true)).toEqual({
      text: "--org is wrong",
      code: 2,
    });
  });

  it("is one line with the system's code if the system refused", () => {
    const { text, code } = problemOf(
      thrownBy(() => statSync("/nowhere")),
      false,
    );
    expect([text, code]).toEqual([expect.stringMatching(/^the system .*ENOENT.*\/nowhere'$/), 1]);
  });

  it("is a bug with its stack if it is anything else", () => {
    const { text, code } = problemOf(
      thrownBy(() => Reflect.get(Object(null), "a").b),
      false,
    );
    const [first, ...stack] = text.split("\n");
    expect(first).toBe(
      `this is a bug in version ${version}; please report it with the lines below`,
    );
    expect(stack.join("\n")).toMatch(/^TypeError: .*\n {4}at /);
    expect(code).toBe(1);
  });

  it("is a bug without a stack if no error was thrown", () => {
    expect(problemOf("nonsense", false).text).toMatch(/bug[^\n]*\nnonsense$/);
  });
});
