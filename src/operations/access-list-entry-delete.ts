/** Deletes an entry of a project's IP access list: the look-up before, and what `deleteResource` needs to know. */
import { blockOf, blockText, isSameBlock, isWithin } from "../atlas/addresses.ts";
import * as requests from "../atlas/requests.ts";
import type { AccessListEntry } from "../atlas/resources/access-list-entry.ts";
import type { Deadline } from "../common/deadline.ts";
import { accessListKey, readAccessList } from "./access-list-entry.ts";
import type { OperationContext } from "./context.ts";
import type { DeleteSpec } from "./delete-spec.ts";
import { type Lookup, lookUpBy, noProject } from "./lookup.ts";

const textOf = ({ cidrBlock, ipAddress }: AccessListEntry): string => cidrBlock ?? ipAddress ?? "";

/** The block of an entry in one spelling, which identifies it: entries have no id in Atlas. */
const idOf = (entry: AccessListEntry): string => {
  const block = blockOf(textOf(entry));
  return block === undefined ? "" : blockText(block);
};

/** Describes the deletion of an entry, for `deleteResource`. `entry` is the one to delete, as Atlas spells it if that is known. */
export const accessListEntryDeleteSpec = (
  context: OperationContext,
  groupId: string,
  entry: AccessListEntry,
) => {
  const request = requests.deleteGroupAccessListEntry(groupId, entry.ipAddress ?? textOf(entry));
  const key = accessListKey(groupId);
  let listed: readonly AccessListEntry[] = [];
  const find = (deadline: Deadline): Promise<Lookup<AccessListEntry>> =>
    lookUpBy([], async () => {
      listed = await readAccessList(context.atlas, groupId, deadline);
      return listed.filter((other) => isSameBlock(textOf(other), textOf(entry)));
    });
  const spec: DeleteSpec<AccessListEntry> = {
    noun: `IP access list entry ${JSON.stringify(textOf(entry))}`,
    key: `${key} ${idOf(entry)}`,
    id: idOf(entry),
    find,
    // Concurrent changes of one list lose entries (docs/atlas.md#ip-access-list), so this one takes its turn with them.
    send: (deadline) => {
      const waiting = { effect: "delete", ...spec } as const;
      const send = (own: Deadline) => context.atlas.send(request, own);
      return context.singleFlights.accessListEntries.inTurn(key, deadline, waiting, send);
    },
    isWithoutId: true,
    idOf,
    stateOf: () => undefined,
    absent: ["ATLAS_NETWORK_PERMISSION_ENTRY_NOT_FOUND", ...noProject],
    vanished: [],
    explain: async (refused) => refused,
    lookUp: { suggest: "show_project", with: { groupId } },
  };
  /** The whole list, as the latest look-up has shown it. */
  return { spec, request, listed: () => listed };
};

/** The entries that hold all addresses of a block, and are not that block. */
export const entriesAround = (entries: readonly AccessListEntry[], address: string): string[] =>
  entries.map(textOf).filter((text) => isWithin(address, text));
