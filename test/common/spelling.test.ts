import { describe, expect, it } from "vitest";
import { nearest } from "../../src/common/spelling.ts";

const commands = ["http", "sandbox", "doctor", "tools", "token", "audit"];

describe("the name that was meant", () => {
  it.each([
    ["docter", "doctor"],
    ["DOCTOR", "doctor"],
    ["sandbx", "sandbox"],
    ["tool", "tools"],
    ["htpp", "http"],
  ])("%s means %s", (word, meant) => expect(nearest(word, commands)).toBe(meant));

  it.each(["", "x", "serve", "certificate"])("%j means none of them", (word) =>
    expect(nearest(word, commands)).toBeUndefined(),
  );

  it("differs in no more letters than is allowed", () => {
    expect(nearest("dokter", commands, 2)).toBe("doctor");
    expect(nearest("dokter", commands, 1)).toBeUndefined();
  });
});
