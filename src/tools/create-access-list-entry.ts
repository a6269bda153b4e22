import { blockOf, reachOf } from "../atlas/addresses.ts";
import { accessListEntryBodySchema } from "../atlas/resources/access-list-entry.ts";
import { accessListEntryCreateSpec } from "../operations/access-list-entry.ts";
import { create, lookBefore } from "../operations/create.ts";
import { createOptions, groupId } from "./arguments.ts";
import { defineChange } from "./define.ts";

const input = accessListEntryBodySchema.safeExtend({ groupId, ...createOptions });

/** Why a wide block needs consent. */
const warningOf = (text: string): { warning?: string } => {
  const block = blockOf(text);
  const reach = block === undefined ? "some" : reachOf(block);
  if (reach === "everyone")
    return {
      warning:
        "It opens the project's clusters to every address on the internet: then only user names and passwords protect them.",
    };
  if (reach === "some") return {};
  return { warning: `It opens the project's clusters to a large part of the internet (${text}).` };
};

/** Allows one address or block to connect to a project's clusters. */
export const createAccessListEntry = defineChange({
  name: "create_access_list_entry",
  title: "Create IP access list entry",
  description:
    "Allows an IP address or CIDR block to connect to the clusters of a MongoDB Atlas project. Ask the user for the address.",
  access: "create",
  kind: "accessListEntry",
  input,
  output: ["accessListEntry", "reconciled", "request", "receipt"],
  change: ({ groupId, ipAddress, cidrBlock }) => {
    const name = cidrBlock ?? ipAddress ?? "";
    return { name, groupId, ...warningOf(name) };
  },
  plan: async (input, context) => {
    const { groupId, ifExists = "error", dryRun: _, confirmation: __, ...body } = input;
    const { spec, request } = accessListEntryCreateSpec(context, groupId, body);
    const before = await lookBefore(spec, ifExists, context);
    if ("existing" in before)
      return { request, done: { outcome: "existing", accessListEntry: before.existing } };
    return { request, pending: { spec, before } };
  },
  apply: async ({ spec, before }, { ifExists = "error" }, context) => {
    const { accessListEntries } = context.singleFlights;
    const created = await create(spec, before, ifExists, context, accessListEntries);
    return {
      outcome: created.outcome,
      accessListEntry: created.resource,
      ...(created.reconciled ? { reconciled: true } : {}),
    };
  },
});
