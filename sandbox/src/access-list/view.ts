import type { Call } from "../api/operation.ts";
import type { JsonObject } from "../json.ts";
import { type AccessListEntry, atlasTime, isAlive, type World } from "../state/resources.ts";

// How long Atlas takes to tell the providers is not documented; shortened like all waits here.
const LONGEST_SPREAD_MS = 1000;

/** The entries of a project that have not expired. */
export const entriesOf = (world: World, groupId: string, now: number): AccessListEntry[] =>
  world.accessList.filter((entry) => entry.groupId === groupId && isAlive(entry, now));

const onlyAddress = (cidrBlock: string): string | undefined => {
  const [address = "", length] = cidrBlock.split("/");
  return length === (address.includes(":") ? "128" : "32") ? address : undefined;
};

/** An entry as `/_sandbox/state` shows it: without links. */
export const entryState = (entry: AccessListEntry): JsonObject => {
  const { cidrBlock, comment, deleteAfter, groupId } = entry;
  const ipAddress = onlyAddress(cidrBlock);
  return {
    cidrBlock,
    ...(comment === undefined ? {} : { comment }),
    ...(deleteAfter === undefined ? {} : { deleteAfterDate: atlasTime(deleteAfter) }),
    groupId,
    ...(ipAddress === undefined ? {} : { ipAddress }),
  };
};

/** An entry as a read shows it: recorded key order, the address beside a block of one. */
export const entryView = (call: Call, entry: AccessListEntry): JsonObject => {
  const { groupId, cidrBlock } = entry;
  const list = `${call.origin}/api/atlas/v2/groups/${groupId}/accessList`;
  const self = { href: `${list}/${encodeURIComponent(cidrBlock)}`, rel: "self" };
  return { ...entryState(entry), links: [self] };
};

/** How far an entry has come. */
export const entryStatus = (world: World, entry: AccessListEntry, now: number): JsonObject => {
  const activeAt = entry.createdAt + Math.min(world.provisionMs, LONGEST_SPREAD_MS);
  return { STATUS: now < activeAt ? "PENDING" : "ACTIVE" };
};
