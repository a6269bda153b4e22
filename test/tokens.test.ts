import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const read = (name: string) => readFileSync(root(name), "utf8");

const script: { measure(): any } = await import(root("scripts/tokens.mjs"));
const now = script.measure();
const before = JSON.parse(read("tool-sizes.json"));

/** What the changelog says of the release that is coming. */
const unreleased = read("CHANGELOG.md").split(/^## /m)[1] ?? "";

type Sizes = { tools: Record<string, { input: number; output: number }> };

/** Which sides of which tools have grown without a word about tokens. */
const unexplained = (before: Sizes, now: Sizes, unreleased: string | undefined): string[] =>
  /\btokens\b/.test(unreleased ?? "")
    ? []
    : Object.entries(now.tools).flatMap(([name, size]) =>
        (["input", "output"] as const)
          .filter((side) => size[side] > (before.tools[name]?.[side] ?? 0))
          .map((side) => `${name}: ${side}`),
      );

describe("the catalogue that every model reads", () => {
  it("takes at most 4,350 tokens for input, and 5,800 in all", () => {
    const { input, output } = now.total;
    expect(input).toBeLessThanOrEqual(4350);
    expect(input + output).toBeLessThanOrEqual(5800);
  });

  it("grows only where the changelog says so (npm run tokens -- --write takes the new figures)", () => {
    expect(unexplained(before, now, unreleased)).toEqual([]);
  });

  it.each([
    ["input", { input: 101, output: 50 }],
    ["output", { input: 100, output: 51 }],
  ])(
    "is found to have grown in one tool on the side of %s, unless that is explained",
    (side, tool) => {
      const old = { tools: { one: { input: 100, output: 50 } } };
      const grown = { tools: { one: tool } };
      expect(unexplained(old, grown, "- Ten more tools.")).toEqual([`one: ${side}`]);
      expect(unexplained(old, grown, "- Roles are explained, for 1 of the tokens.")).toEqual([]);
      expect(unexplained(grown, old, "")).toEqual([]);
      expect(unexplained({ tools: {} }, old, "")).toEqual(["one: input", "one: output"]);
    },
  );

  it("is measured tool by tool", () => {
    for (const sizes of Object.values<Record<string, number>>(now.tools)) {
      expect(sizes.input).toBeGreaterThan(50);
      expect(sizes.output).toBeGreaterThan(30);
    }
    expect(Object.keys(before.tools)).toEqual(Object.keys(now.tools));
  });
});
