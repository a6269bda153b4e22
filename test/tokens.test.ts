import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const read = (name: string) => readFileSync(root(name), "utf8");

const script: { measure(): any } = await import(root("scripts/tokens.mjs"));
const now = script.measure();
const before = JSON.parse(read("tokens.json"));

/** What the changelog says of the release that is coming. */
const unreleased = read("CHANGELOG.md").split(/^## /m)[1] ?? "";

describe("the catalogue that every model reads", () => {
  it("takes at most 2,400 tokens for input, and 3,600 in all", () => {
    const { input, output } = now.total;
    expect(input).toBeLessThanOrEqual(2400);
    expect(input + output).toBeLessThanOrEqual(3600);
  });

  it("grows only where the changelog says so (npm run tokens -- --write takes the new figures)", () => {
    const grown = (["input", "output"] as const).filter(
      (side) => now.total[side] > before.total[side],
    );
    if (/\btokens\b/.test(unreleased)) return;
    expect(grown).toEqual([]);
  });

  it("is measured tool by tool", () => {
    for (const sizes of Object.values<Record<string, number>>(now.tools)) {
      expect(sizes.input).toBeGreaterThan(50);
      expect(sizes.output).toBeGreaterThan(50);
    }
    expect(Object.keys(before.tools)).toEqual(Object.keys(now.tools));
  });
});
