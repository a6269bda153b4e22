/** Parses IP addresses and CIDR blocks, and compares them whatever their spelling. */
import { isIPv4, isIPv6 } from "node:net";

/** A CIDR block; a single address has the longest prefix. `value` is the first address as a number. */
export type Block = { bits: 32 | 128; value: bigint; prefix: number };

const groupsOf = (text: string): string[] => (text === "" ? [] : text.split(":"));

const addressOf = (text: string): Omit<Block, "prefix"> | undefined => {
  if (isIPv4(text))
    return {
      bits: 32,
      value: text.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n),
    };
  // A zone (fe80::1%eth0) has a meaning only on one machine.
  if (!isIPv6(text) || text.includes("%")) return undefined;
  // URL rewrites a dotted tail (::ffff:1.2.3.4) as groups.
  const [head = "", tail = ""] = new URL(`http://[${text}]`).hostname.slice(1, -1).split("::");
  const [front, back] = [groupsOf(head), groupsOf(tail)];
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => "0");
  const groups = [...front, ...zeros, ...back];
  return {
    bits: 128,
    value: groups.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n),
  };
};

/** Parses an address or a block in any spelling; undefined if it is neither. Drops bits beyond the prefix. */
export const blockOf = (text: string): Block | undefined => {
  const [, address = "", length] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const parsed = addressOf(address);
  if (parsed === undefined) return undefined;
  const { bits, value } = parsed;
  const prefix = length === undefined ? bits : Number(length);
  if (prefix > bits) return undefined;
  const hostBits = BigInt(bits - prefix);
  return { bits, value: (value >> hostBits) << hostBits, prefix };
};

/** Whether two texts name the same addresses. */
export const isSameBlock = (one: string | undefined, other: string | undefined): boolean => {
  const [a, b] = [blockOf(one ?? ""), blockOf(other ?? "")];
  return a !== undefined && b !== undefined && blockText(a) === blockText(b);
};

/** The first address in the form that the Admin API documents: IPv6 in eight groups, in lower case. */
export const addressText = ({ bits, value }: Block): string => {
  const [size, count] = bits === 32 ? [8n, 4] : [16n, 8];
  const parts = Array.from(
    { length: count },
    (_, index) => (value >> (BigInt(count - 1 - index) * size)) & ((1n << size) - 1n),
  );
  return bits === 32 ? parts.join(".") : parts.map((part) => part.toString(16)).join(":");
};

/** The canonical text of a block: equal blocks have equal texts. */
export const blockText = (block: Block): string => `${addressText(block)}/${block.prefix}`;

/** Whether all addresses of a text are in a block; false if either is none, or they are of different kinds. */
export const isWithin = (text: string, block: string): boolean => {
  const [inner, outer] = [blockOf(text), blockOf(block)];
  if (inner === undefined || outer === undefined || inner.bits !== outer.bits) return false;
  const hostBits = BigInt(outer.bits - outer.prefix);
  return outer.prefix <= inner.prefix && inner.value >> hostBits === outer.value >> hostBits;
};

// The first IPv4-mapped address, ::ffff:0:0 (RFC 4291, 2.5.5.2).
const firstMapped = 0xffffn << 32n;

/** Converts an IPv6 block that is inside ::ffff:0:0/96, or contains it, to IPv4. Returns any other block unchanged. */
const unmapped = (block: Block): Block => {
  if (block.bits === 32) return block;
  const hostBits = BigInt(128 - block.prefix);
  if (block.prefix <= 96)
    return (firstMapped >> hostBits) << hostBits === block.value
      ? { bits: 32, value: 0n, prefix: 0 }
      : block;
  if (block.value >> 32n !== 0xffffn) return block;
  return { bits: 32, value: block.value & 0xffffffffn, prefix: block.prefix - 96 };
};

/** Whether a block admits every address of its kind. */
export const isEveryone = (block: Block): boolean => {
  const { bits, value, prefix } = unmapped(block);
  // Atlas treats the address 0.0.0.0 as every address (terraform#864).
  return prefix === 0 || (value === 0n && prefix === bits);
};
