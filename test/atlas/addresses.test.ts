import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressText, blockOf, blockText, isSameBlock } from "../../src/atlas/addresses.ts";

describe("blocks of addresses", () => {
  it.each<[one: string, other: string]>([
    ["203.0.113.7", "203.0.113.7/32"],
    ["10.0.0.5/24", "10.0.0.0/24"],
    ["10.1.2.3/0", "0.0.0.0/0"],
    ["2001:DB8::1", "2001:db8:0:0:0:0:0:1/128"],
    ["2001:db8::ff/64", "2001:0db8:0000::/64"],
    ["::", "0:0:0:0:0:0:0:0"],
    ["::ffff:1.2.3.4", "::ffff:102:304"],
    ["::1.2.3.4/128", "0:0:0:0:0:0:102:304"],
  ])("%s and %s are the same", (one, other) => {
    expect(isSameBlock(one, other)).toBe(true);
  });

  it.each<[one: string, other: string]>([
    ["10.0.0.0/24", "10.0.0.0/25"],
    ["10.0.1.0/24", "10.0.0.0/24"],
    ["1.2.3.4", "::ffff:1.2.3.4"],
    ["1.2.3.4", "::1.2.3.4"],
    ["::/0", "0.0.0.0/0"],
    ["2001:db8::1", "2001:db8:1::"],
  ])("%s and %s are not", (one, other) => {
    expect(isSameBlock(one, other)).toBe(false);
  });

  it.each([
    "",
    "10.0.0",
    "10.0.0.256",
    "010.0.0.1",
    "10.0.0.1/33",
    "10.0.0.1/",
    "10.0.0.1/-1",
    "10.0.0.1/8/8",
    "::1/129",
    "1::2::3",
    "fe80::1%eth0",
    "example.com",
    "sg-0123",
    " 10.0.0.1",
  ])("%j is none, and equal to nothing", (text) => {
    expect(blockOf(text)).toBeUndefined();
    expect(isSameBlock(text, text)).toBe(false);
  });

  it("are written as Atlas documents them", () => {
    const texts = ["10.0.0.5/24", "2001:DB8::1/32", "203.0.113.7", "::"].map((text) => {
      const block = blockOf(text);
      return block && blockText(block);
    });
    expect(texts).toEqual([
      "10.0.0.0/24",
      "2001:db8:0:0:0:0:0:0/32",
      "203.0.113.7/32",
      "0:0:0:0:0:0:0:0/128",
    ]);
  });

  it("are the same in every spelling of an address", () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const block = blockOf(text);
        expect(block).toBeDefined();
        if (block === undefined) return;
        expect(isSameBlock(text, addressText(block))).toBe(true);
        expect(isSameBlock(text.toUpperCase(), blockText(block))).toBe(true);
      }),
    );
  });
});
