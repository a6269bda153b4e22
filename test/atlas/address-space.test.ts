import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { publicSpace, sizeOf } from "../../src/atlas/address-space.ts";

const sizeOfAll = (...texts: string[]) => sizeOf(publicSpace(texts));

const allV4 = 2n ** 32n;
const notPublic = 2n ** 24n + 2n ** 20n + 2n ** 16n + 2n ** 22n + 2n ** 24n + 2n ** 16n;
const everyV4 = allV4 - notPublic;

describe("the public addresses that blocks admit", () => {
  it.each<[text: string, size: bigint]>([
    ["203.0.113.7", 1n],
    ["203.0.113.0/24", 256n],
    ["12.0.0.0/8", 2n ** 24n],
    ["0.0.0.0/0", everyV4],
    ["0.0.0.0", everyV4],
    ["0.0.0.0/1", 2n ** 31n - 2n * 2n ** 24n - 2n ** 22n],
    ["2001:db8::1", 1n],
    ["2001:db8::/64", 1n],
    ["2001:db8::/48", 2n ** 16n],
    ["2001:db8::/32", 2n ** 32n],
    ["2002::/16", everyV4],
    ["2002:cb00:7107::/48", 1n],
    ["2002:cb00:7100::/40", 256n],
    ["2002:cb00:7107:1::/64", 1n],
    ["2002:a00::/24", 0n],
    ["64:ff9b::/96", everyV4],
    ["64:ff9b::203.0.113.7", 1n],
    ["64:ff9b::203.0.113.0/120", 256n],
    ["::ffff:0:0/96", everyV4],
    ["::ffff:203.0.113.7", 1n],
    ["office", 0n],
  ])("%s is %d", (text, size) => expect(sizeOfAll(text)).toBe(size));

  it.each([
    "10.0.0.0/8",
    "10.1.0.0/16",
    "172.16.0.0/12",
    "192.168.1.0/24",
    "100.64.0.0/10",
    "127.0.0.1",
    "169.254.0.0/16",
    "fd00::/8",
    "fc00::/7",
    "fe80::/10",
    "::1",
  ])("%s is not public", (text) => expect(sizeOfAll(text)).toBe(0n));

  it("counts what two blocks share once", () => {
    expect(sizeOfAll("203.0.113.0/24", "203.0.113.7", "203.0.113.0/25")).toBe(256n);
    expect(sizeOfAll("2002:cb00:7107::/48", "203.0.113.7", "::ffff:203.0.113.7")).toBe(1n);
    expect(sizeOfAll("2001:db8::1", "2001:db8::2")).toBe(1n);
  });

  it("is everything, piece by piece", () => {
    const pieces = Array.from({ length: 256 }, (_, first) => `${first}.0.0.0/8`);
    expect(sizeOfAll(...pieces)).toBe(everyV4);
    expect(sizeOfAll("::/0")).toBeGreaterThan(2n ** 63n);
    expect(sizeOfAll("::")).toBe(sizeOfAll("::/0"));
    expect(sizeOfAll("::/1", "8000::/1")).toBe(sizeOfAll("::/0"));
  });

  it("never shrinks with one more block, and grows by its size at most", () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const text = fc
      .tuple(octet, octet, octet, octet, fc.integer({ min: 4, max: 32 }))
      .map(([a, b, c, d, prefix]) => `${a}.${b}.${c}.${d}/${prefix}`);
    fc.assert(
      fc.property(fc.array(text, { maxLength: 12 }), text, (texts, more) => {
        const [before, after] = [sizeOfAll(...texts), sizeOfAll(...texts, more)];
        expect(after).toBeGreaterThanOrEqual(before);
        expect(after - before).toBeLessThanOrEqual(sizeOfAll(more));
      }),
    );
  });
});
