/** IP addresses and CIDR blocks: what is one, and when two texts mean the same. */
import { isIPv4, isIPv6 } from "node:net";

/** A block of addresses; one address is a block of the whole length. `value` is the first address as a number. */
export type Block = { bits: 32 | 128; value: bigint; prefix: number };

const groupsOf = (text: string): string[] => (text === "" ? [] : text.split(":"));

const addressOf = (text: string): Omit<Block, "prefix"> | undefined => {
  if (isIPv4(text))
    return {
      bits: 32,
      value: text.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n),
    };
  // A zone (fe80::1%eth0) has a meaning on one machine only.
  if (!isIPv6(text) || text.includes("%")) return undefined;
  // A URL writes a dotted tail (::ffff:1.2.3.4) in groups.
  const [head = "", tail = ""] = new URL(`http://[${text}]`).hostname.slice(1, -1).split("::");
  const [front, back] = [groupsOf(head), groupsOf(tail)];
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => "0");
  const groups = [...front, ...zeros, ...back];
  return { bits: 128, value: groups.reduce((sum, one) => sum * 65_536n + BigInt(`0x${one}`), 0n) };
};

/** Reads an address or a block in any of its spellings; undefined where it is neither. Bits beyond the prefix are dropped. */
export const blockOf = (text: string): Block | undefined => {
  const [, address = "", length] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const read = addressOf(address);
  if (read === undefined) return undefined;
  const prefix = length === undefined ? read.bits : Number(length);
  if (prefix > read.bits) return undefined;
  const rest = BigInt(read.bits - prefix);
  return { bits: read.bits, value: (read.value >> rest) << rest, prefix };
};

/** Whether two texts name the same addresses. */
export const isSameBlock = (one: string | undefined, other: string | undefined): boolean => {
  const [a, b] = [blockOf(one ?? ""), blockOf(other ?? "")];
  return a !== undefined && b !== undefined && blockText(a) === blockText(b);
};

/** The first address as the Admin API documents it: IPv6 in eight groups, in lower case. */
export const addressText = ({ bits, value }: Block): string => {
  const [size, count] = bits === 32 ? [8n, 4] : [16n, 8];
  const parts = Array.from(
    { length: count },
    (_, index) => (value >> (BigInt(count - 1 - index) * size)) & ((1n << size) - 1n),
  );
  return bits === 32 ? parts.join(".") : parts.map((part) => part.toString(16)).join(":");
};

/** A block in the one form that equal blocks share. */
export const blockText = (block: Block): string => `${addressText(block)}/${block.prefix}`;

const mapped = 0xffffn << 32n;

/** An IPv6 block as the IPv4 block that it stands for or holds whole (::ffff:0:0/96); any other as it is. */
const plain = (block: Block): Block => {
  if (block.bits === 32) return block;
  const rest = BigInt(128 - block.prefix);
  if (block.prefix <= 96)
    return (mapped >> rest) << rest === block.value ? { bits: 32, value: 0n, prefix: 0 } : block;
  if (block.value >> 32n !== 0xffffn) return block;
  return { bits: 32, value: block.value & 0xffffffffn, prefix: block.prefix - 96 };
};

/** How much of the internet a block lets in. No single organization's addresses reach wider than /8 (IPv6: /16). */
export const reachOf = (block: Block): "everyone" | "many" | "some" => {
  const { bits, value, prefix } = plain(block);
  // Atlas takes the address 0.0.0.0 for all of them (terraform#864).
  if (prefix === 0 || (value === 0n && prefix === bits)) return "everyone";
  return prefix < (bits === 32 ? 8 : 16) ? "many" : "some";
};
