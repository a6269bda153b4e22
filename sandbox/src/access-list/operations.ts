/** The operations on a project's IP access list. */
import { readExpiry } from "../api/expiry.ts";
import { checkFields, optionalText } from "../api/fields.ts";
import { type Call, type Operation, staleReadsOf } from "../api/operation.ts";
import { createPage, readPage } from "../api/pages.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { createApiError } from "../errors/api-error.ts";
import type { JsonObject } from "../json.ts";
import { findProject } from "../projects/find.ts";
import { entriesLimitName, limitValue } from "../projects/limit-table.ts";
import { type AccessListEntry, isExpired, takeRead } from "../state/resources.ts";
import { readBlock } from "./blocks.ts";
import { entriesOf, findEntry, findVisibleEntry } from "./find.ts";
import { toEntryStatus, toEntryView } from "./view.ts";

const maxCommentLength = 80;

const listRoute = {
  path: "/groups/{groupId}/accessList",
  version: "2023-01-01",
  endpointSet: endpointSets.accessList,
};
const itemRoute = { ...listRoute, path: "/groups/{groupId}/accessList/{entryValue}" };

const readEntry = (call: Call, groupId: string, item: JsonObject): AccessListEntry => {
  checkFields(item, {
    ipAddress: "string",
    cidrBlock: "string",
    awsSecurityGroup: "string",
    comment: "string",
    deleteAfterDate: "string",
    // Read-only, accepted and ignored as on a project.
    groupId: "ignored",
    links: "ignored",
  });
  const cidrBlock = readBlock(item);
  const comment = optionalText(item, "comment");
  if (comment !== undefined && comment.length > maxCommentLength) {
    throw createApiError("INVALID_NETWORK_PERMISSION_COMMENT", { comment });
  }
  const deleteAfter = readExpiry(item, call.now);
  const staleReads = staleReadsOf(call);
  return { groupId, cidrBlock, comment, deleteAfter, createdAt: call.now, staleReads };
};

/** Adding an entry again is the only way to change it: the new comment and expiry replace the old ones. */
const upsertEntry = ({ state, now }: Call, entry: AccessListEntry): void => {
  state.accessList = state.accessList.filter((existing) => !isExpired(existing, now));
  const existing = entriesOf(state, entry.groupId, now).find(
    ({ cidrBlock }) => cidrBlock === entry.cidrBlock,
  );
  if (existing === undefined) {
    state.accessList.push(entry);
  } else {
    existing.comment = entry.comment;
    existing.deleteAfter = entry.deleteAfter;
  }
};

export const accessListOperations: readonly Operation[] = [
  {
    ...listRoute,
    id: "listGroupAccessListEntries",
    method: "GET",
    run: (call) => {
      const entries = entriesOf(call.state, findProject(call).id, call.now).filter(takeRead);
      return createPage(
        call,
        entries.map((entry) => toEntryView(call, entry)),
      );
    },
  },
  {
    ...listRoute,
    id: "createGroupAccessListEntry",
    method: "POST",
    takesList: true,
    operationFaults: ["stale_reads"],
    run: (call) => {
      const groupId = findProject(call).id;
      readPage(call);
      const sent = call.items.map((item) => readEntry(call, groupId, item));
      const blocks = new Set(sent.map(({ cidrBlock }) => cidrBlock));
      if (blocks.size < sent.length) throw createApiError("DUPLICATE_ADDRESSES_IN_INPUT");
      const others = entriesOf(call.state, groupId, call.now).filter(
        ({ cidrBlock }) => !blocks.has(cidrBlock),
      );
      const maxEntries = limitValue(call.state, groupId, entriesLimitName);
      if (others.length + sent.length > maxEntries) {
        throw createApiError("ATLAS_NETWORK_PERMISSIONS_LIMIT_EXCEEDED", { entries: maxEntries });
      }
      for (const entry of sent) upsertEntry(call, entry);
      // 201 with the whole list, as recorded; the documentation says 200.
      const entries = entriesOf(call.state, groupId, call.now);
      const page = createPage(
        call,
        entries.map((entry) => toEntryView(call, entry)),
      );
      return { ...page, status: 201 };
    },
  },
  {
    ...itemRoute,
    id: "getGroupAccessListEntry",
    method: "GET",
    run: (call) => ({ status: 200, body: toEntryView(call, findVisibleEntry(call)) }),
  },
  {
    ...itemRoute,
    id: "deleteGroupAccessListEntry",
    method: "DELETE",
    run: (call) => {
      const entry = findEntry(call);
      call.state.accessList = call.state.accessList.filter((other) => other !== entry);
      return { status: 204 };
    },
  },
  {
    ...itemRoute,
    path: "/groups/{groupId}/accessList/{entryValue}/status",
    id: "getGroupAccessListStatus",
    method: "GET",
    run: (call) => ({
      status: 200,
      body: toEntryStatus(call.state, findVisibleEntry(call), call.now),
    }),
  },
];
