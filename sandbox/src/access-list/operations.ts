import { ACCESS_LIST } from "../api/endpoint-sets.ts";
import { readExpiry } from "../api/expiry.ts";
import { checkFields, optionalText } from "../api/fields.ts";
import { type Call, hiddenReadsOf, type Operation, pathParameter } from "../api/operation.ts";
import { pageOf, readPage } from "../api/pages.ts";
import { atlasFailure } from "../errors/api-error.ts";
import type { JsonObject } from "../json.ts";
import { findProject } from "../projects/view.ts";
import { type AccessListEntry, isAlive, isSeen } from "../state/resources.ts";
import { blockOf, readBlock } from "./blocks.ts";
import { entriesOf, entryStatus, entryView } from "./view.ts";

/** Entries that a project may have (LIMDOC). */
const MAX_ENTRIES = 200;

const MAX_COMMENT = 80;

const COLLECTION = {
  path: "/groups/{groupId}/accessList",
  version: "2023-01-01",
  limit: ACCESS_LIST,
};
const ONE = { ...COLLECTION, path: "/groups/{groupId}/accessList/{entryValue}" };

const readEntry = (call: Call, groupId: string, item: JsonObject): AccessListEntry => {
  checkFields(item, {
    ipAddress: "string",
    cidrBlock: "string",
    awsSecurityGroup: "string",
    comment: "string",
    deleteAfterDate: "string",
    // Read-only, taken and ignored as on a project.
    groupId: "ignored",
    links: "ignored",
  });
  const cidrBlock = readBlock(item);
  const comment = optionalText(item, "comment");
  if (comment !== undefined && comment.length > MAX_COMMENT) {
    throw atlasFailure("INVALID_NETWORK_PERMISSION_COMMENT", { comment });
  }
  const deleteAfter = readExpiry(item, call.now);
  const hiddenReads = hiddenReadsOf(call);
  return { groupId, cidrBlock, comment, deleteAfter, createdAt: call.now, hiddenReads };
};

// Atlas has no other way to change an entry than to add it again: it then says what was sent last.
const put = ({ world, now }: Call, entry: AccessListEntry): void => {
  world.accessList = world.accessList.filter((one) => isAlive(one, now));
  const existing = entriesOf(world, entry.groupId, now).find(
    ({ cidrBlock }) => cidrBlock === entry.cidrBlock,
  );
  if (existing === undefined) {
    world.accessList.push(entry);
  } else {
    existing.comment = entry.comment;
    existing.deleteAfter = entry.deleteAfter;
  }
};

const notFound = (call: Call): Error =>
  atlasFailure("ATLAS_NETWORK_PERMISSION_ENTRY_NOT_FOUND", {
    entry: pathParameter(call, "entryValue"),
    groupId: pathParameter(call, "groupId"),
  });

const findEntry = (call: Call): AccessListEntry => {
  const entries = entriesOf(call.world, findProject(call).id, call.now);
  const block = blockOf(pathParameter(call, "entryValue"));
  const entry = entries.find(({ cidrBlock }) => cidrBlock === block);
  if (entry === undefined) throw notFound(call);
  return entry;
};

const seenEntry = (call: Call): AccessListEntry => {
  const entry = findEntry(call);
  if (!isSeen(entry)) throw notFound(call);
  return entry;
};

/** The operations on a project's IP access list. */
export const accessListOperations: readonly Operation[] = [
  {
    ...COLLECTION,
    id: "listGroupAccessListEntries",
    method: "GET",
    run: (call) => {
      const entries = entriesOf(call.world, findProject(call).id, call.now).filter(isSeen);
      return pageOf(
        call,
        entries.map((entry) => entryView(call, entry)),
      );
    },
  },
  {
    ...COLLECTION,
    id: "createGroupAccessListEntry",
    method: "POST",
    takesList: true,
    changes: ["stale_reads"],
    run: (call) => {
      const groupId = findProject(call).id;
      readPage(call);
      const sent = call.items.map((item) => readEntry(call, groupId, item));
      const blocks = new Set(sent.map(({ cidrBlock }) => cidrBlock));
      if (blocks.size < sent.length) throw atlasFailure("DUPLICATE_ADDRESSES_IN_INPUT");
      const others = entriesOf(call.world, groupId, call.now).filter(
        ({ cidrBlock }) => !blocks.has(cidrBlock),
      );
      if (others.length + sent.length > MAX_ENTRIES) {
        throw atlasFailure("ATLAS_NETWORK_PERMISSIONS_LIMIT_EXCEEDED", { entries: MAX_ENTRIES });
      }
      for (const entry of sent) put(call, entry);
      // 201 with the whole list, where the document says 200: recorded.
      const entries = entriesOf(call.world, groupId, call.now);
      const page = pageOf(
        call,
        entries.map((entry) => entryView(call, entry)),
      );
      return { ...page, status: 201 };
    },
  },
  {
    ...ONE,
    id: "getGroupAccessListEntry",
    method: "GET",
    run: (call) => ({ status: 200, body: entryView(call, seenEntry(call)) }),
  },
  {
    ...ONE,
    id: "deleteGroupAccessListEntry",
    method: "DELETE",
    run: (call) => {
      const entry = findEntry(call);
      call.world.accessList = call.world.accessList.filter((one) => one !== entry);
      return { status: 204 };
    },
  },
  {
    ...ONE,
    path: "/groups/{groupId}/accessList/{entryValue}/status",
    id: "getGroupAccessListStatus",
    method: "GET",
    run: (call) => ({ status: 200, body: entryStatus(call.world, seenEntry(call), call.now) }),
  },
];
