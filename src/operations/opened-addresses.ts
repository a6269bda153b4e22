/** What a new entry of an access list opens to the internet, beside what is open already. */
import { isEverything, publicSpace, sizeOf } from "../atlas/address-space.ts";
import type { AccessListEntry } from "../atlas/resources/access-list-entry.ts";

/** Public addresses: how many the entry adds, how many the list admits before and with it, and whether those are all. */
export type Opened = { added: bigint; before: bigint; after: bigint; everything: boolean };

const textsOf = (entries: readonly AccessListEntry[]): string[] =>
  entries.flatMap(({ cidrBlock, ipAddress }) => cidrBlock ?? ipAddress ?? []);

export const openedBy = (address: string, entries: readonly AccessListEntry[]): Opened => {
  const listed = textsOf(entries);
  const before = sizeOf(publicSpace(listed));
  const space = publicSpace([...listed, address]);
  const after = sizeOf(space);
  return { added: after - before, before, after, everything: isEverything(space) };
};

// An organization of some size has 2^16 addresses; the steps are those at which a list becomes another thing.
const wide = 2n ** 16n;
const steps: readonly bigint[] = [16n, 20n, 24n, 28n].map((bits) => 2n ** bits);

/** Whether somebody must be asked about it. A step counts once, when the list reaches it. */
export const isWide = ({ added, before, after }: Opened): boolean =>
  added >= wide || steps.some((step) => before < step && step <= after);
