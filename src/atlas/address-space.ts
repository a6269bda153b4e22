/** How many public addresses the blocks of an access list admit together (docs/atlas.md#ip-access-list). */
import { type Block, blockOf, blockText, isEveryone, isWithin } from "./addresses.ts";

/** From the first number to the one after the last. */
type Range = readonly [from: bigint, to: bigint];

/** IPv4 by addresses, IPv6 by networks of /64: one such network is what one line gets. Sorted, without overlaps. */
export type Space = { v4: readonly Range[]; v6: readonly Range[] };

const half = 64;

const block = (text: string): Block => {
  const parsed = blockOf(text);
  if (parsed === undefined) throw new Error(`${text} is not a block.`);
  return parsed;
};

const v4RangeOf = ({ value, prefix }: Pick<Block, "value" | "prefix">): Range => [
  value,
  value + (1n << BigInt(32 - prefix)),
];

const v6RangeOf = ({ value, prefix }: Block): Range => {
  const first = value >> BigInt(128 - half);
  return [first, first + (1n << BigInt(Math.max(0, half - prefix)))];
};

// Nobody reaches Atlas from these over the internet: private (RFC 1918), shared (RFC 6598), loopback, link-local.
const privateV4 = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
].map((text) => v4RangeOf(block(text)));

// IPv6 blocks that stand for IPv4: 6to4 (RFC 3056), NAT64 (RFC 6052), IPv4-mapped (RFC 4291). The address begins at bit `prefix`.
const embedding = ["2002::/16", "64:ff9b::/96", "::ffff:0:0/96"].map(block);

// Unique local (RFC 4193), link-local, and ::/64, which has the loopback; what stands for IPv4 is counted as that.
const privateV6 = [
  ...["fc00::/7", "fe80::/10", "::/64"].map((text) => v6RangeOf(block(text))),
  ...embedding.map(v6RangeOf),
];

const allV4: Range = [0n, 1n << 32n];
const allV6: Range = [0n, 1n << BigInt(half)];

const union = (ranges: readonly Range[]): Range[] => {
  const sorted = [...ranges].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const merged: Range[] = [];
  for (const [from, to] of sorted) {
    const last = merged.at(-1);
    if (last === undefined || from > last[1]) merged.push([from, to]);
    else merged[merged.length - 1] = [last[0], to > last[1] ? to : last[1]];
  }
  return merged;
};

const without = (ranges: readonly Range[], holes: readonly Range[]): Range[] =>
  holes.reduce<Range[]>(
    (left, [from, to]) =>
      left.flatMap((range): Range[] => {
        if (range[1] <= from || to <= range[0]) return [range];
        const parts: Range[] = [
          [range[0], from],
          [to, range[1]],
        ];
        return parts.filter(([first, end]) => first < end);
      }),
    [...ranges],
  );

const contains = (outer: Block, inner: Block): boolean =>
  isWithin(blockText(inner), blockText(outer));

/** The IPv4 addresses that an IPv6 block stands for, besides its own. */
const embeddedIn = (given: Block): Range[] =>
  embedding.flatMap((outer): Range[] => {
    if (contains(given, outer)) return [allV4];
    if (!contains(outer, given)) return [];
    const prefix = Math.min(32, given.prefix - outer.prefix);
    const value = (given.value >> BigInt(128 - outer.prefix - 32)) & 0xffffffffn;
    return [v4RangeOf({ value, prefix })];
  });

const rangesOf = (given: Block): Space => {
  // Atlas treats the addresses 0.0.0.0 and :: as every address.
  const isWhole = isEveryone(given) && given.value === 0n;
  if (given.bits === 32) return { v4: [isWhole ? allV4 : v4RangeOf(given)], v6: [] };
  if (isWhole) return { v4: [allV4], v6: [allV6] };
  return { v4: embeddedIn(given), v6: [v6RangeOf(given)] };
};

/** The public addresses that these blocks admit; a text that is no block admits none. */
export const publicSpace = (texts: readonly string[]): Space => {
  const spaces = texts.flatMap((text) => blockOf(text) ?? []).map(rangesOf);
  return {
    v4: without(union(spaces.flatMap(({ v4 }) => v4)), privateV4),
    v6: without(union(spaces.flatMap(({ v6 }) => v6)), privateV6),
  };
};

const length = (ranges: readonly Range[]): bigint =>
  ranges.reduce((sum, [from, to]) => sum + (to - from), 0n);

/** The number of IPv4 addresses and of IPv6 networks of /64. */
export const sizeOf = ({ v4, v6 }: Space): bigint => length(v4) + length(v6);

const every = publicSpace(["0.0.0.0/0", "::/0"]);

/** Whether it has every public address of IPv4 or of IPv6. */
export const isEverything = ({ v4, v6 }: Space): boolean =>
  length(v4) === length(every.v4) || length(v6) === length(every.v6);
