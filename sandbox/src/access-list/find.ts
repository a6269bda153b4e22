/** Finds the entries of a project's IP access list. */
import { type Call, pathParameter } from "../api/operation.ts";
import { createApiError } from "../errors/api-error.ts";
import { findProject } from "../projects/find.ts";
import {
  type AccessListEntry,
  isExpired,
  type SandboxState,
  takeRead,
} from "../state/resources.ts";
import { toBlock } from "./blocks.ts";

/** The entries of a project that have not expired. */
export const entriesOf = (state: SandboxState, groupId: string, now: number): AccessListEntry[] =>
  state.accessList.filter((entry) => entry.groupId === groupId && !isExpired(entry, now));

const notFound = (call: Call): Error =>
  createApiError("ATLAS_NETWORK_PERMISSION_ENTRY_NOT_FOUND", {
    entry: pathParameter(call, "entryValue"),
    groupId: pathParameter(call, "groupId"),
  });

/** The entry that the path names; throws if there is none. */
export const findEntry = (call: Call): AccessListEntry => {
  const entries = entriesOf(call.state, findProject(call).id, call.now);
  const block = toBlock(pathParameter(call, "entryValue"));
  const entry = entries.find(({ cidrBlock }) => cidrBlock === block);
  if (entry === undefined) throw notFound(call);
  return entry;
};

/** Like `findEntry`, for a read: fails as long as `stale_reads` hides the entry. */
export const findVisibleEntry = (call: Call): AccessListEntry => {
  const entry = findEntry(call);
  if (!takeRead(entry)) throw notFound(call);
  return entry;
};
