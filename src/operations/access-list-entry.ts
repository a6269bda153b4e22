/** Entries of a project's IP access list: finding and creating them. */
import type { CreateAccessListEntryBody } from "../atlas/access-bodies.ts";
import { isSameBlock } from "../atlas/addresses.ts";
import { createGroupAccessListEntry } from "../atlas/requests.ts";
import type { AccessListEntry, Page } from "../atlas/resources.ts";
import type { Sent } from "../atlas/send.ts";
import { failure, type Hint } from "../common/failure.ts";
import { type Comparison, date, differencesBy, value } from "./compare.ts";
import type { OperationContext } from "./context.ts";
import type { CreateSpec } from "./create-spec.ts";
import { lookUpBy } from "./lookup.ts";
import { allPages } from "./pages.ts";

/** Ours in the list that Atlas answers with. Where it is not shown, only a look-up can tell. */
const picked = (
  sent: Sent<Page<AccessListEntry>>,
  isOurs: (entry: AccessListEntry) => boolean,
): Sent<AccessListEntry> => {
  if (sent.fate !== "accepted") return sent;
  const value = sent.value.results.find(isOurs);
  if (value !== undefined) return { ...sent, value };
  return {
    fate: "unknown",
    failure: failure("unavailable", "Atlas reported success and did not show the entry.", {
      retry: "same_arguments",
      atlas: { status: sent.status },
    }),
  };
};

const comparison: Comparison<
  CreateAccessListEntryBody,
  AccessListEntry,
  "ipAddress" | "cidrBlock"
> = {
  comment: value((existing) => existing.comment),
  deleteAfterDate: date((existing) => existing.deleteAfterDate),
};

/** An entry of the access list to create, for `ensure`. */
export const accessListEntryCreateSpec = (
  work: OperationContext,
  groupId: string,
  body: CreateAccessListEntryBody,
) => {
  const address = body.cidrBlock ?? body.ipAddress ?? "";
  const request = createGroupAccessListEntry(groupId, body);
  const lookUp: Hint = { advice: "show_project", with: { groupId } };
  // Atlas answers an address as a block, too, and its own spelling of either is not documented.
  const isOurs = ({ cidrBlock, ipAddress }: AccessListEntry) =>
    isSameBlock(cidrBlock ?? ipAddress, address);
  const creation: CreateSpec<AccessListEntry> = {
    noun: `IP access list entry ${JSON.stringify(address)}`,
    // Atlas does not take two posts to one list at a time (its documentation of the operation).
    key: `access list ${groupId}`,
    request: JSON.stringify([request.path, request.body]),
    find: (deadline) =>
      lookUpBy([], async () => {
        const entries = await allPages((page) =>
          work.atlas.listAccessListEntries(deadline, groupId, page),
        );
        return entries.filter(isOurs);
      }),
    post: async (deadline) =>
      picked(await work.atlas.createAccessListEntry(deadline, request), isOurs),
    differences: (existing) => differencesBy(comparison, body, existing),
    uniqueInAtlas: true,
    tagged: false,
    instead: "have a person change it in Atlas",
    madeAt: () => undefined,
    leaving: () => false,
    lookUp,
    goOn: () => [{ ...lookUp, why: "Shows the entry that is there." }],
  };
  return { creation, request };
};
