import type { Call } from "../api/operation.ts";
import type { JsonObject } from "../json.ts";
import { type AccessListEntry, atlasTime, isAlive, type World } from "../state/resources.ts";

// How long Atlas takes to tell the providers is not documented; shortened like all waits here.
const LONGEST_SPREAD_MS = 1000;

/** The entries of a project that have not expired. */
export function entriesOf(world: World, groupId: string, now: number): AccessListEntry[] {
  return world.accessList.filter((entry) => entry.groupId === groupId && isAlive(entry, now));
}

/** An entry as a read shows it: recorded key order, the address beside a block of one. */
export function entryView(call: Call, entry: AccessListEntry): JsonObject {
  const { groupId, cidrBlock } = entry;
  const list = `${call.origin}/api/atlas/v2/groups/${groupId}/accessList`;
  const self = { href: `${list}/${encodeURIComponent(cidrBlock)}`, rel: "self" };
  return { ...entryState(entry), links: [self] };
}

/** An entry as `/_sandbox/state` shows it: without links. */
export function entryState(entry: AccessListEntry): JsonObject {
  const { cidrBlock, comment, deleteAfter, groupId } = entry;
  const ipAddress = onlyAddress(cidrBlock);
  return {
    cidrBlock,
    ...(comment === undefined ? {} : { comment }),
    ...(deleteAfter === undefined ? {} : { deleteAfterDate: atlasTime(deleteAfter) }),
    groupId,
    ...(ipAddress === undefined ? {} : { ipAddress }),
  };
}

/** How far an entry has come. */
export function entryStatus(world: World, entry: AccessListEntry, now: number): JsonObject {
  const activeAt = entry.createdAt + Math.min(world.provisionMs, LONGEST_SPREAD_MS);
  return { STATUS: now < activeAt ? "PENDING" : "ACTIVE" };
}

function onlyAddress(cidrBlock: string): string | undefined {
  const [address = "", length] = cidrBlock.split("/");
  return length === (address.includes(":") ? "128" : "32") ? address : undefined;
}
