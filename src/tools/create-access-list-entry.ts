import * as z from "zod/v4";
import { getIpInfo } from "../atlas/other-requests.ts";
import { accessListEntryBodySchema } from "../atlas/resources/access-list-entry.ts";
import { fail, failureOf, raise } from "../common/failure.ts";
import { accessListEntryCreateSpec } from "../operations/access-list-entry.ts";
import { create, lookBefore } from "../operations/create.ts";
import { isWide, type Opened } from "../operations/opened-addresses.ts";
import { createOptions, groupId } from "./arguments.ts";
import { defineChange, type Risk, type ToolContext } from "./define.ts";

const grouped = (count: bigint): string => count.toLocaleString("en-US");

const input = accessListEntryBodySchema.safeExtend({
  currentIpAddress: z
    .boolean()
    .optional()
    .meta({ description: "The address of this server's machine, instead of one." }),
  groupId,
  ...createOptions,
});

type Input = z.output<typeof input>;

/** The address from which Atlas sees this machine. It says nothing about callers on other machines. */
const withCurrentAddress = async (
  { currentIpAddress: _, ...given }: Input,
  { atlas, deadline, isRemote }: ToolContext,
): Promise<Input> => {
  if (isRemote)
    return fail(
      "invalid_input",
      "currentIpAddress works only over stdio: over HTTP the machine of this server is not that of its caller. Ask the user for the address. Nothing was sent to Atlas.",
      { fields: [{ path: "currentIpAddress", problem: "works only over stdio" }] },
    );
  const info = await atlas.read(getIpInfo(), deadline).catch(failureOf);
  if ("code" in info)
    return raise({
      ...info,
      message: `Atlas did not tell the address of this machine, so nothing was created. Ask the user for the address, and give it as ipAddress. ${info.message}`,
      outcome: "not_created",
      retry: "after_fix",
      suggestions: [],
    });
  return { ...given, ipAddress: info.currentIpv4Address };
};

/** Why an entry that opens much of the internet needs consent, also in the sandbox: it may be tried there first. */
const risksOf = (opened: Opened): Risk[] => {
  if (!isWide(opened)) return [];
  const { added, after, everything } = opened;
  const says = everything
    ? "It opens the project's clusters to every address on the internet: then only user names and passwords protect them."
    : `It opens the project's clusters to ${grouped(added)} more public addresses; ${grouped(after)} may then connect.`;
  return [{ says, inSandbox: true }];
};

/** Allows one address or block to connect to a project's clusters. */
export const createAccessListEntry = defineChange({
  name: "create_access_list_entry",
  title: "Create IP access list entry",
  description:
    "Allows an IP address or CIDR block to connect to the clusters of a MongoDB Atlas project. Ask the user for the address.",
  searchHint:
    "MongoDB Atlas IP access list, whitelist, firewall, network access: allow an address that the user gives",
  access: "create",
  groups: ["connect"],
  kind: "accessListEntry",
  input,
  output: ["accessListEntry", "reconciled", "request", "receipt"],
  always: ["accessListEntry"],
  suggests: {
    allow_address: ({ groupId }) => ({
      arguments: { groupId, currentIpAddress: true },
      why: "Lets this machine connect, if the user agrees: Atlas tells its address.",
    }),
  },
  complete: async (input, context) =>
    input.currentIpAddress ? withCurrentAddress(input, context) : input,
  change: ({ groupId, ipAddress, cidrBlock, comment, deleteAfterDate }) => ({
    name: cidrBlock ?? ipAddress ?? "",
    groupId,
    details: { comment, deleteAfterDate },
  }),
  plan: async (input, context) => {
    const { groupId, ifExists = "error", ipAddress, cidrBlock, comment, deleteAfterDate } = input;
    const body = { ipAddress, cidrBlock, comment, deleteAfterDate };
    const { spec, request, opened } = accessListEntryCreateSpec(context, groupId, body);
    const before = await lookBefore(
      spec,
      ifExists,
      context,
      context.singleFlights.accessListEntries,
    );
    if ("existing" in before)
      return { request, done: { outcome: "existing", accessListEntry: before.existing } };
    const all = await opened();
    return {
      request,
      // What adds nothing passes no limit.
      found: { risks: risksOf(all), ...(all.added > 0n ? { addresses: all.after } : {}) },
      pending: { spec, before },
    };
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
