import * as z from "zod/v4";
import {
  type AccessListEntry,
  accessListEntryBodySchema,
  oneAddress,
} from "../atlas/resources/access-list-entry.ts";
import { failureOf } from "../common/failure.ts";
import { readAccessList } from "../operations/access-list-entry.ts";
import {
  accessListEntryDeleteSpec,
  entriesAround,
} from "../operations/access-list-entry-delete.ts";
import { deleteResource } from "../operations/delete.ts";
import { findDeleteTarget } from "../operations/delete-target.ts";
import { groupId, planOptions } from "./arguments.ts";
import { defineChange, type Risk } from "./define.ts";
import { deletedBody } from "./deletion.ts";
import type { Body } from "./result.ts";

const accessLost: Risk = {
  says: "Whoever connects from there cannot any more, unless another entry admits it.",
  takesAway: true,
};

const { ipAddress, cidrBlock } = accessListEntryBodySchema.shape;

/** Nothing is exactly this block. An entry around it still admits its addresses. */
const absentBody = (around: readonly string[]): Body =>
  around.length === 0
    ? { outcome: "absent" }
    : {
        outcome: "absent",
        note: `No entry is exactly this one, but these still admit it: ${around.join(", ")}.`,
      };

/** Who may still connect after an entry has gone. */
const noteOn = (left: readonly AccessListEntry[], address: string): { note?: string } => {
  if (left.length === 0) return { note: "The list is empty now: nobody can connect." };
  const around = entriesAround(left, address);
  return around.length === 0 ? {} : { note: `These entries still admit it: ${around.join(", ")}.` };
};

/** Takes an address or a block off a project's access list. */
export const deleteAccessListEntry = defineChange({
  name: "delete_access_list_entry",
  title: "Delete IP access list entry",
  description:
    "Removes an IP address or CIDR block from the access list of a MongoDB Atlas project, which revokes its access. Absent is a success.",
  searchHint: "remove an IP address from a MongoDB Atlas access list, whitelist, firewall",
  access: "delete",
  kind: "accessListEntry",
  input: z.strictObject({ groupId, ipAddress, cidrBlock, ...planOptions }).superRefine(oneAddress),
  output: ["reconciled", "request", "receipt", "note"],
  always: [],
  change: ({ groupId, ipAddress, cidrBlock }) => ({
    name: cidrBlock ?? ipAddress ?? "",
    groupId,
    details: {},
    risks: [accessLost],
  }),
  plan: async ({ groupId, ipAddress, cidrBlock }, context) => {
    const asked = accessListEntryDeleteSpec(context, groupId, { ipAddress, cidrBlock });
    const find = () => asked.spec.find(context.deadline);
    const target = await findDeleteTarget(asked.spec, find, context);
    if ("absent" in target) {
      const around = entriesAround(asked.listed(), cidrBlock ?? ipAddress ?? "");
      return { request: asked.request, done: absentBody(around) };
    }
    const { spec, request } = accessListEntryDeleteSpec(context, groupId, target.resource);
    const { comment, deleteAfterDate } = target.resource;
    const found = { details: { comment, deleteAfterDate } };
    return { request, id: target.id, found, pending: spec };
  },
  apply: async (spec, { groupId, ipAddress, cidrBlock }, context) => {
    const body = deletedBody(await deleteResource(spec, context), spec);
    // Read here, because an equal call may have done the work and the looks.
    const { atlas, deadline } = context;
    const left = await readAccessList(atlas, groupId, deadline).catch(failureOf);
    return "code" in left ? body : { ...body, ...noteOn(left, cidrBlock ?? ipAddress ?? "") };
  },
});
