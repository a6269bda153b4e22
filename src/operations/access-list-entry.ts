/** Finds and creates entries of a project's IP access list. */
import { isSameBlock } from "../atlas/addresses.ts";
import type { AtlasClient, Sent } from "../atlas/client.ts";
import * as requests from "../atlas/requests.ts";
import type { AccessListEntry, AccessListEntryBody } from "../atlas/resources/access-list-entry.ts";
import type { Page } from "../atlas/resources/fields.ts";
import type { Deadline } from "../common/deadline.ts";
import { failure, type Suggestion } from "../common/failure.ts";
import { type Comparison, date, differencesBy, value } from "./compare.ts";
import type { OperationContext } from "./context.ts";
import type { CreateSpec } from "./create-spec.ts";
import { lookUpBy } from "./lookup.ts";
import { openedBy } from "./opened-addresses.ts";

/** Picks our entry from the list that Atlas returns. Without it, only a look-up can tell whether the entry exists. */
const pickEntry = (
  sent: Sent<Page<AccessListEntry>>,
  isOurs: (entry: AccessListEntry) => boolean,
): Sent<AccessListEntry> => {
  if (sent.fate !== "accepted") return sent;
  const value = sent.value.results.find(isOurs);
  if (value !== undefined) return { ...sent, value };
  return {
    fate: "unknown",
    failure: failure("unavailable", "Atlas reported success but did not return the entry.", {
      retry: "same_arguments",
    }),
  };
};

const comparison: Comparison<AccessListEntryBody, AccessListEntry, "ipAddress" | "cidrBlock"> = {
  // Atlas leaves out an empty comment.
  comment: value((existing) => existing.comment ?? ""),
  deleteAfterDate: date((existing) => existing.deleteAfterDate),
};

/** Identifies an access list: concurrent changes of one lose entries (docs/atlas.md#ip-access-list), so all take turns. */
export const accessListKey = (groupId: string): string => `access list ${groupId}`;

/** Reads all entries of an access list. */
export const readAccessList = (
  atlas: AtlasClient,
  groupId: string,
  deadline: Deadline,
): Promise<AccessListEntry[]> =>
  atlas.readAll((page) => requests.listGroupAccessListEntries(groupId, page), deadline);

/** Describes the creation of an IP access list entry, for `create`. */
export const accessListEntryCreateSpec = (
  context: OperationContext,
  groupId: string,
  body: AccessListEntryBody,
) => {
  const address = body.cidrBlock ?? body.ipAddress ?? "";
  const request = requests.createGroupAccessListEntry(groupId, body);
  const lookUp: Suggestion = { suggest: "show_project", with: { groupId } };
  // Atlas returns an address as a block too, and does not document how it spells either.
  const isOurs = ({ cidrBlock, ipAddress }: AccessListEntry) =>
    isSameBlock(cidrBlock ?? ipAddress, address);
  let listed: readonly AccessListEntry[] = [];
  const spec: CreateSpec<AccessListEntry> = {
    noun: `IP access list entry ${JSON.stringify(address)}`,
    key: accessListKey(groupId),
    fingerprint: JSON.stringify([request.path, request.body]),
    find: (deadline) =>
      lookUpBy([], async () => {
        const entries = await readAccessList(context.atlas, groupId, deadline);
        listed = entries;
        return entries.filter(isOurs);
      }),
    post: async (deadline) => pickEntry(await context.atlas.send(request, deadline), isOurs),
    differences: (existing) => differencesBy(comparison, body, existing),
    hasTags: false,
    alternative: "have a person change it in Atlas",
    createdAt: () => undefined,
    now: context.atlas.now,
    isDeleting: () => false,
    lookUp,
    nextSteps: () => [{ ...lookUp, why: "Shows the entry that exists." }],
  };
  /** What the entry opens, beside what the latest look-up has listed. */
  const opened = async () => {
    const pending = (await context.pendingAddresses).map((cidrBlock) => ({ cidrBlock }));
    return openedBy(address, [...listed, ...pending]);
  };
  return { spec, request, opened };
};
