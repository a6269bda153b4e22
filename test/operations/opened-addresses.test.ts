import { describe, expect, it } from "vitest";
import { isWide, openedBy } from "../../src/operations/opened-addresses.ts";

/** How often somebody is asked while a list grows entry by entry. */
const questions = (...blocks: string[]): string[] =>
  blocks.filter((block, index) => {
    const entries = blocks.slice(0, index).map((cidrBlock) => ({ cidrBlock }));
    return isWide(openedBy(block, entries));
  });

const ci = Array.from({ length: 30 }, (_, index) => `198.51.${index}.0/24`);
const homes = ["203.0.113.7/32", "203.0.113.99", "2001:db8:1:2::3", "2001:db8:9:9::/64"];
const vpc = ["10.0.0.0/16", "172.31.0.0/16", "192.168.0.0/16", "100.64.0.0/10", "fd00::/8"];

describe("what an ordinary person opens", () => {
  it.each<[what: string, blocks: string[]]>([
    ["homes", homes],
    ["a private network", vpc],
    ["thirty blocks of a CI service", ci],
    ["all of these", [...vpc, ...homes, ...ci]],
  ])("is not asked about: %s", (_what, blocks) => expect(questions(...blocks)).toEqual([]));

  it("is asked about once, with a company's /16", () => {
    const company = "192.0.0.0/16";
    const orders = [
      [company, ...homes, ...ci, ...vpc],
      [...homes, ...ci, ...vpc, company],
      [...ci, company, ...homes],
    ];
    for (const blocks of orders) expect(questions(...blocks)).toEqual([company]);
  });
});

describe("the internet, piece by piece", () => {
  it("is asked about with every /8", () => {
    const pieces = Array.from({ length: 200 }, (_, index) => `${index + 20}.0.0.0/8`);
    const asked = questions(...pieces);
    expect(asked).toHaveLength(199);
    expect(pieces.filter((piece) => !asked.includes(piece))).toEqual(["127.0.0.0/8"]);
  });

  it.each(["2002::/16", "64:ff9b::/96", "::ffff:0:0/96", "::/0", "0.0.0.0/0", "0.0.0.0"])(
    "is asked about as %s",
    (block) => expect(questions(block)).toEqual([block]),
  );

  it("is asked about at every step, in pieces that are small each", () => {
    const pieces = Array.from(
      { length: 1024 },
      (_, index) => `44.${index >> 6}.${(index & 63) * 4}.0/22`,
    );
    // 2^10 addresses each: at 2^16 and at 2^20 in all.
    expect(questions(...pieces)).toEqual([pieces[63], pieces[1023]]);
  });

  it("is not asked about where it is open already", () => {
    expect(questions("0.0.0.0/0", "12.0.0.0/8", "0.0.0.0/1")).toEqual(["0.0.0.0/0"]);
  });
});
