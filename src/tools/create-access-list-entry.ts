import { createAccessListEntryBody } from "../atlas/access-bodies.ts";
import { blockOf, reachOf } from "../atlas/addresses.ts";
import { accessListEntryCreateSpec } from "../operations/access-list-entry.ts";
import { make, survey } from "../operations/create.ts";
import { createOptions, groupId } from "./arguments.ts";
import { defineChange } from "./define.ts";

const input = createAccessListEntryBody.safeExtend({ groupId, ...createOptions });

/** Why a block needs consent. */
const alarmOf = (text: string): { alarming?: string } => {
  const block = blockOf(text);
  const reach = block === undefined ? "some" : reachOf(block);
  if (reach === "everyone")
    return {
      alarming:
        "It opens the project's clusters to every address on the internet: only user names and passwords protect them then.",
    };
  if (reach === "some") return {};
  return { alarming: `It opens the project's clusters to a large part of the internet (${text}).` };
};

/** Allows one address or block to reach a project's clusters, once. */
export const createAccessListEntry = defineChange({
  name: "create_access_list_entry",
  title: "Create IP access list entry",
  description:
    "Allows an IP address or CIDR block to connect to a project's clusters. Ask the user for the address.",
  access: "create",
  input,
  output: ["accessListEntry", "reconciled", "request", "receipt"],
  change: ({ groupId, ipAddress, cidrBlock }) => {
    const name = cidrBlock ?? ipAddress ?? "";
    return { kind: "accessListEntry", name, groupId, ...alarmOf(name) };
  },
  plan: async (input, context) => {
    const { groupId, ifExists = "error", dryRun: _, confirmation: __, ...body } = input;
    const { creation, request } = accessListEntryCreateSpec(context, groupId, body);
    const before = await survey(creation, ifExists, context);
    if ("existing" in before)
      return { request, settled: { outcome: "existing", accessListEntry: before.existing } };
    return { request, open: { creation, before } };
  },
  apply: async ({ creation, before }, { ifExists = "error" }, context) => {
    const flights = context.flights.accessListEntries;
    const made = await make(creation, before, ifExists, { ...context, flights });
    return {
      outcome: made.outcome,
      accessListEntry: made.resource,
      ...(made.reconciled ? { reconciled: true } : {}),
    };
  },
});
