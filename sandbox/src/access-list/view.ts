import type { Call } from "../api/operation.ts";
import type { JsonObject } from "../json.ts";
import {
  type AccessListEntry,
  isAlive,
  type SandboxState,
  toAtlasTime,
} from "../state/resources.ts";

// How long Atlas takes to tell the providers is not documented; shortened like all waits here.
const maxPendingMs = 1000;

/** The entries of a project that have not expired. */
export const entriesOf = (state: SandboxState, groupId: string, now: number): AccessListEntry[] =>
  state.accessList.filter((entry) => entry.groupId === groupId && isAlive(entry, now));

const toSingleAddress = (cidrBlock: string): string | undefined => {
  const [address = "", length] = cidrBlock.split("/");
  return length === (address.includes(":") ? "128" : "32") ? address : undefined;
};

/** An entry as `/_sandbox/state` shows it: without links. */
export const toEntryState = (entry: AccessListEntry): JsonObject => {
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

/** An entry as a read shows it: recorded key order, the address beside a block of one. */
export const toEntryView = (call: Call, entry: AccessListEntry): JsonObject => {
  const { groupId, cidrBlock } = entry;
  const list = `${call.origin}/api/atlas/v2/groups/${groupId}/accessList`;
  const self = { href: `${list}/${encodeURIComponent(cidrBlock)}`, rel: "self" };
  return { ...toEntryState(entry), links: [self] };
};

/** How far an entry has come. */
export const toEntryStatus = (
  state: SandboxState,
  entry: AccessListEntry,
  now: number,
): JsonObject => {
  const activeAt = entry.createdAt + Math.min(state.provisionMs, maxPendingMs);
  return { STATUS: now < activeAt ? "PENDING" : "ACTIVE" };
};
