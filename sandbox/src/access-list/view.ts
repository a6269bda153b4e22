/** Entries of the IP access list as Atlas shows them. */
import type { Call } from "../api/operation.ts";
import type { JsonObject } from "../json.ts";
import type { AccessListEntryState } from "../snapshot.ts";
import { type AccessListEntry, type SandboxState, toAtlasTime } from "../state/resources.ts";

/** The longest time until an entry is active. Atlas's own is not documented; in the sandbox all waits are short. */
const maxPendingMs = 1000;

/** The address of a block of one; undefined for larger ones. */
export const toSingleAddress = (cidrBlock: string): string | undefined => {
  const [address = "", length] = cidrBlock.split("/");
  return length === (address.includes(":") ? "128" : "32") ? address : undefined;
};

/** Converts an entry to the form in `/_sandbox/state`, without links. */
export const toEntryState = (entry: AccessListEntry): AccessListEntryState => {
  const { cidrBlock, comment, deleteAfter, groupId } = entry;
  const ipAddress = toSingleAddress(cidrBlock);
  return {
    cidrBlock,
    ...(comment === undefined ? {} : { comment }),
    ...(deleteAfter === undefined ? {} : { deleteAfterDate: toAtlasTime(deleteAfter) }),
    groupId,
    ...(ipAddress === undefined ? {} : { ipAddress }),
  };
};

/** Converts an entry to the body of a read: keys in the recorded order, and `ipAddress` if the block is a single address. */
export const toEntryView = (call: Pick<Call, "origin">, entry: AccessListEntry): JsonObject => {
  const { groupId, cidrBlock } = entry;
  const list = `${call.origin}/api/atlas/v2/groups/${groupId}/accessList`;
  const self = { href: `${list}/${encodeURIComponent(cidrBlock)}`, rel: "self" };
  return { ...toEntryState(entry), links: [self] };
};

/** Converts an entry to its status. */
export const toEntryStatus = (
  state: SandboxState,
  entry: AccessListEntry,
  now: number,
): JsonObject => {
  const activeAt = entry.createdAt + Math.min(state.provisionMs, maxPendingMs);
  return { STATUS: now < activeAt ? "PENDING" : "ACTIVE" };
};
