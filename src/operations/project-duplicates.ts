/** How a project that was created beside another of its name is taken back. */
import { getGroup, listGroupAccessListEntries, listGroupDatabaseUsers } from "../atlas/requests.ts";
import { isSame } from "../atlas/resources/fields.ts";
import type { Project } from "../atlas/resources/project.ts";
import { type Failure, failure, failureOf, raise } from "../common/failure.ts";
import type { OperationContext } from "./context.ts";
import type { Duplicates } from "./create-spec.ts";
import { deleteResource } from "./delete.ts";
import { atlasCodeOf, noProject } from "./lookup.ts";
import { projectDeleteSpec } from "./project-delete.ts";

// Milliseconds before the look-up after a lost delete: the others wait three seconds for it.
const lookUpDelays: readonly number[] = [500];

const inUse = failure(
  "conflict",
  "Somebody already uses it: it has another name, or clusters, users or entries.",
);

const notFinished = failure("unavailable", "Atlas has accepted its deletion, and not finished it.");

// Milliseconds for which another server may take back what it has created, with some to spare for slow requests.
const freshMs = 15_000;

// Milliseconds between the looks at a new project, which Atlas may refuse to its own creator at first (docs/atlas.md#projects).
const looks: readonly number[] = [0, 500, 1000, 2000];

/** Whether the project has the name that this call gave it, and nothing is in it. */
const isUnused = async (
  { atlas, deadline }: OperationContext,
  groupId: string,
  name: string,
): Promise<boolean> => {
  const one = { itemsPerPage: 1 };
  const [project, users, entries] = await Promise.all([
    atlas.read(getGroup(groupId), deadline),
    atlas.read(listGroupDatabaseUsers(groupId, one), deadline),
    atlas.read(listGroupAccessListEntries(groupId, one), deadline),
  ]);
  return (
    isSame(project.name, name) &&
    project.clusterCount === 0 &&
    users.results.length === 0 &&
    entries.results.length === 0
  );
};

/** Throws if the project is used, or no look shows whether it is. */
const checkUnused = async (
  context: OperationContext,
  groupId: string,
  name: string,
): Promise<void> => {
  const { clock, deadline } = context;
  let unused: boolean | Failure = false;
  for (const wait of looks) {
    if (wait > 0) await clock.sleep(wait, deadline.readSignal);
    unused = await isUnused(context, groupId, name).catch(failureOf);
    if (typeof unused === "boolean") break;
  }
  if (unused !== true) raise(unused === false ? inUse : unused);
};

/**
 * The rules for projects of one name. What is taken back is only what this call has created, before anybody was told of it, and
 * only while nothing is in it; so that needs no permission to delete, but it is recorded.
 */
export const projectDuplicates = (
  context: OperationContext,
  key: string,
  name: string,
): Duplicates<Project> => {
  const { atlas, madeProjects, recorded } = context;
  // A caller that has gone does not leave two projects behind.
  const never = new AbortController().signal;
  const { singleFlights } = context;
  const detached = {
    ...context,
    singleFlights: { ...singleFlights, deletes: singleFlights.takeBacks },
    deadline: context.deadline.detached(never),
    progress: async () => {},
  };
  return {
    idOf: (project) => project.id ?? "",
    read: async (project) => {
      try {
        return await atlas.read(getGroup(project.id ?? ""), detached.deadline);
      } catch (error) {
        // Whatever else fails, it may be there.
        return noProject.includes(atlasCodeOf(failureOf(error))) ? undefined : project;
      }
    },
    isFresh: ({ id = "", created = "" }) =>
      Math.abs(atlas.now() - Date.parse(created)) < freshMs && !madeProjects.isKept(id),
    ...(madeProjects.isShared ? { learn: () => madeProjects.of(key) } : {}),
    announce: ({ id = "" }) => madeProjects.announce(key, id),
    decided: ({ id = "" }) => madeProjects.keep(key, id),
    takeBack: async ({ id = "" }) => {
      await checkUnused(detached, id, name);
      const { spec, request } = projectDeleteSpec(detached, id, name, id);
      const quick = { ...spec, lookUpDelays };
      const change = { kind: "project" as const, name, id, request };
      await recorded(change, async () => {
        const { outcome } = await deleteResource(quick, detached);
        madeProjects.forget(key, id);
        return outcome === "accepted" ? raise({ ...notFinished, outcome: "unknown" }) : outcome;
      });
    },
  };
};
