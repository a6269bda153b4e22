/** What is made in a project, each in a project of its own, with the body that the tests of the operations give it. */
import type { AccessListEntryBody } from "../../src/atlas/resources/access-list-entry.ts";
import type { DatabaseUserBody } from "../../src/atlas/resources/database-user.ts";
import type { FlexClusterBody } from "../../src/atlas/resources/flex-cluster.ts";
import { startSandboxBench } from "../support/atlas.ts";
import { aws } from "../support/live-sandbox.ts";
import { ensureCluster, ensureEntry, ensureProject, ensureUser, type How } from "./creating.ts";

type Bench = Awaited<ReturnType<typeof startSandboxBench>>;
type Kind = "clusters" | "users" | "accessList";

const open = async <Given, Made>(
  operation: string,
  kind: Kind,
  ensure: (bench: Bench, groupId: string, given: Given, how: How) => Promise<Made>,
  whole: (given: Partial<Given>) => Given,
) => {
  const sandboxBench = await startSandboxBench();
  const { resource } = await ensureProject(sandboxBench, {
    name: "shop",
    orgId: sandboxBench.sandbox.orgId,
  });
  const groupId = resource.id ?? "";
  sandboxBench.clock.sleeps.length = 0;
  return {
    sandboxBench,
    groupId,
    /** Makes it where there is no such project. */
    ensureIn: (groupId: string) => ensure(sandboxBench, groupId, whole({}), {}),
    ensure: (given: Partial<Given> = {}, how: How = {}) =>
      ensure(sandboxBench, groupId, whole(given), how),
    /** How many are there, and how many creates arrived. */
    truth: async () => ({
      there: (await sandboxBench.state())[kind].length,
      posts: await sandboxBench.count(operation),
    }),
    script: (fault: string, times?: number) => sandboxBench.script(operation, fault, times),
  };
};

export const clusterBody: FlexClusterBody = {
  name: "c-0",
  providerSettings: { ...aws, backingProviderName: "AWS" },
};
export const openCluster = () =>
  open("createGroupFlexCluster", "clusters", ensureCluster, (given) => ({
    ...clusterBody,
    ...given,
  }));

export const readWrite = { roleName: "readWriteAnyDatabase", databaseName: "admin" };
export const userBody: DatabaseUserBody = {
  username: "app",
  databaseName: "admin",
  roles: [readWrite],
};
export const openUser = () =>
  open("createGroupDatabaseUser", "users", ensureUser, (given) => ({ ...userBody, ...given }));

export const entryBody: AccessListEntryBody = {
  ipAddress: "203.0.113.7",
  comment: "my laptop",
};
/** An address excludes a block, so what is given stands for the whole. */
export const openEntry = () =>
  open<AccessListEntryBody, Awaited<ReturnType<typeof ensureEntry>>>(
    "createGroupAccessListEntry",
    "accessList",
    ensureEntry,
    (given) => (Object.keys(given).length > 0 ? given : entryBody),
  );
