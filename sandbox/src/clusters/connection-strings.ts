/** Connection strings and host names. Hosts end in `.invalid`, so that nobody mistakes them for a database. */
import type { FlexClusterState } from "../snapshot.ts";
import type { AnyCluster, SandboxState } from "../state/resources.ts";
import { type KnownStrings, knownStrings } from "./life.ts";

/** How many characters of a name become its hostname, and must be unique in the project (docs/atlas.md#names). */
export const prefixLength = 23;

/** The part of a cluster's hostname that comes from its name. */
export const hostPrefix = (name: string): string => name.slice(0, prefixLength).toLowerCase();

/** The hosts of a cluster, and the name of its replica set unless it is sharded. */
export type Members = { hosts: readonly string[]; port: number; replicaSet: string | undefined };

/** The three hosts of a cluster that shares its hardware with others: flex and M0. */
export const sharedMembers = ({ hosts: { cluster, replicaSet } }: AnyCluster): Members => ({
  hosts: [0, 1, 2].map((n) => `${cluster}-shard-00-0${n}`),
  port: 27017,
  replicaSet: `${replicaSet}-shard-0`,
});

/** Creates the connection strings that the cluster has at this time. */
export const connectionStrings = (
  state: SandboxState,
  cluster: AnyCluster,
  { hosts, port, replicaSet }: Members,
  now: number,
  atFirst: KnownStrings,
): FlexClusterState["connectionStrings"] => {
  const known = knownStrings(state, cluster, now, atFirst);
  if (known === "none") return {};
  const domain = `${cluster.hosts.domain}.mongodb.invalid`;
  const standardSrv = `mongodb+srv://${hostPrefix(cluster.name)}.${domain}`;
  if (known === "srv") return { standardSrv };
  const members = hosts.map((host) => `${host}.${domain}:${port}`).join(",");
  const options = replicaSet === undefined ? "" : `&replicaSet=${replicaSet}`;
  return { standard: `mongodb://${members}/?ssl=true&authSource=admin${options}`, standardSrv };
};
