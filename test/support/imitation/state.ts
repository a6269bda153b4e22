/** What the imitation of Atlas keeps: every resource with its times, so that any moment of the past can be shown. */

export type Kind = "project" | "cluster" | "user" | "entry";

export type Resource = {
  kind: Kind;
  id: string;
  /** The organization of a project, the project of everything else. */
  parent: string;
  /** Unique below the parent: a name, or the block of an entry. */
  name: string;
  /** Who made it. */
  by: string;
  /** What the create carried. */
  body: Record<string, any>;
  madeAt: number;
  deletedAt?: number;
  goneAt?: number;
};

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const hex = (random: () => number, digits: number): string =>
  Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join("");

/** Ids of 24 hexadecimal digits: in no order, as several application servers make them, or one after the other. */
export const createIds = (random: () => number, inOrder: boolean): (() => string) => {
  let last = 0;
  const process = hex(random, 16);
  return () => {
    last += 1;
    return inOrder ? `${process}${last.toString(16).padStart(8, "0")}` : hex(random, 24);
  };
};

export const isThere = ({ madeAt, goneAt }: Resource, at: number): boolean =>
  madeAt <= at && (goneAt === undefined || at < goneAt);

const isoOf = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

const stateOf = (cluster: Resource, at: number, provisionMs: number): string => {
  if (cluster.deletedAt !== undefined && cluster.deletedAt <= at) return "DELETING";
  return at < cluster.madeAt + provisionMs ? "CREATING" : "IDLE";
};

const clusterView = ({ body, ...cluster }: Resource, at: number, provisionMs: number) => {
  const stateName = stateOf({ body, ...cluster }, at, provisionMs);
  const host = `${cluster.name}.${cluster.id.slice(-7)}.mongodb.net`;
  return {
    backupSettings: { enabled: true },
    clusterType: "REPLICASET",
    connectionStrings: {
      standardSrv: `mongodb+srv://${host}`,
      ...(stateName === "IDLE" ? { standard: `mongodb://ac-0.${host}:27017/?ssl=true` } : {}),
    },
    createDate: isoOf(cluster.madeAt),
    groupId: cluster.parent,
    id: cluster.id,
    mongoDBVersion: "8.0.29",
    name: cluster.name,
    providerSettings: { ...body.providerSettings, diskSizeGB: 5.0, providerName: "FLEX" },
    stateName,
    tags: body.tags ?? [],
    terminationProtectionEnabled: body.terminationProtectionEnabled ?? false,
    versionReleaseSystem: "LTS",
  };
};

/** A resource as Atlas shows it at a moment; `clusterCount` is that of a project. */
export const viewOf = (
  one: Resource,
  at: number,
  more: { provisionMs: number; clusterCount: number },
): Record<string, unknown> => {
  const { kind, id, parent, name, body, madeAt } = one;
  if (kind === "cluster") return clusterView(one, at, more.provisionMs);
  if (kind === "project")
    return {
      clusterCount: more.clusterCount,
      created: isoOf(madeAt),
      id,
      links: [{ href: `https://cloud.mongodb.com/api/atlas/v2/groups/${id}`, rel: "self" }],
      name,
      orgId: parent,
      tags: body.tags ?? [],
      withDefaultAlertsSettings: body.withDefaultAlertsSettings ?? true,
    };
  if (kind === "user") {
    const { password: _, ...rest } = body;
    return { awsIAMType: "NONE", groupId: parent, labels: [], scopes: [], ...rest };
  }
  const { comment, deleteAfterDate } = body;
  return {
    cidrBlock: name,
    ...(comment === undefined ? {} : { comment }),
    ...(deleteAfterDate === undefined ? {} : { deleteAfterDate }),
    groupId: parent,
    ...(name.endsWith("/32") ? { ipAddress: name.slice(0, -3) } : {}),
  };
};
