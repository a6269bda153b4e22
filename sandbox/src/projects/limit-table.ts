/** The limits of a project by name, as documented with the read of one (docs/atlas.md#prices-and-limits). */
import type { SandboxState } from "../state/resources.ts";

/** A limit as a project has it at first, and how far it can be raised. */
type LimitRow = { name: string; defaultLimit: number; maximumLimit: number };

export const clustersLimitName = "atlas.project.deployment.clusters";
export const customRolesLimitName = "atlas.project.security.databaseAccess.customRoles";
export const usersLimitName = "atlas.project.security.databaseAccess.users";
export const entriesLimitName = "atlas.project.security.networkAccess.entries";

export const limitRows: readonly LimitRow[] = [
  { name: clustersLimitName, defaultLimit: 25, maximumLimit: 100 },
  {
    name: "atlas.project.deployment.nodesPerPrivateLinkRegion",
    defaultLimit: 50,
    maximumLimit: 90,
  },
  {
    name: "atlas.project.deployment.privateServiceConnectionsPerRegionGroup",
    defaultLimit: 50,
    maximumLimit: 100,
  },
  {
    name: "atlas.project.deployment.privateServiceConnectionsSubnetMask",
    defaultLimit: 27,
    maximumLimit: 27,
  },
  { name: customRolesLimitName, defaultLimit: 100, maximumLimit: 1400 },
  { name: usersLimitName, defaultLimit: 100, maximumLimit: 100 },
  {
    name: "atlas.project.security.networkAccess.crossRegionEntries",
    defaultLimit: 40,
    maximumLimit: 220,
  },
  // Documented with a maximum of 20, below its own default.
  { name: entriesLimitName, defaultLimit: 200, maximumLimit: 200 },
];

/** Limits that a project does not have until somebody sets them. */
export const unsetLimitNames: readonly string[] = [
  "dataFederation.bytesProcessed.query",
  "dataFederation.bytesProcessed.daily",
  "dataFederation.bytesProcessed.weekly",
  "dataFederation.bytesProcessed.monthly",
];

/** What somebody has set a limit to. */
export const setValue = (
  { limits }: SandboxState,
  groupId: string,
  name: string,
): number | undefined =>
  limits.find((limit) => limit.groupId === groupId && limit.name === name)?.value;

/** The value of a limit in a project. */
export const limitValue = (state: SandboxState, groupId: string, name: string): number =>
  setValue(state, groupId, name) ??
  limitRows.find((row) => row.name === name)?.defaultLimit ??
  Number.POSITIVE_INFINITY;
