/** Deleting a project: what is looked up before, and how `remove` goes about it. */
import { deleteGroup } from "../atlas/requests.ts";
import type { FlexCluster, Project } from "../atlas/resources.ts";
import type { Deadline } from "../common/deadline.ts";
import { AtlasToolError, type Failure, failure, type Hint } from "../common/failure.ts";
import type { OperationContext } from "./context.ts";
import { type DeleteSpec, type DeleteTarget, findDeleteTarget, notDeleted } from "./delete-spec.ts";
import { type Lookup, lookUpBy, noProject } from "./lookup.ts";
import { allPages } from "./pages.ts";

const hasClusters = "CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS";

const findProject = (
  { atlas }: OperationContext,
  groupId: string,
  deadline: Deadline,
): Promise<Lookup<Project>> =>
  lookUpBy(noProject, async () => [await atlas.getProject(deadline, groupId)]);

const clustersOf = (
  { atlas }: OperationContext,
  groupId: string,
  deadline: Deadline,
): Promise<FlexCluster[]> => allPages((page) => atlas.listFlexClusters(deadline, groupId, page));

/** The project cannot go before its clusters: which these are, and a call to delete each. */
const stillHas = (groupId: string, clusters: FlexCluster[], refused?: Failure): Failure => {
  const staying = clusters.filter(({ stateName }) => stateName !== "DELETING");
  const names = clusters.map((one) => `${one.name ?? "?"} (${one.stateName ?? "?"})`).join(", ");
  const hints = staying.flatMap(({ name }): Hint[] =>
    name === undefined
      ? []
      : [{ advice: "delete_cluster", with: { groupId, name }, why: "Has to go first." }],
  );
  return failure(
    "conflict",
    staying.length === 0
      ? `The project cannot be deleted before its clusters are gone, and they are being deleted: ${names}.`
      : `The project cannot be deleted before its clusters: ${names}.`,
    {
      ...(staying.length === 0 ? { retry: "after_delay", retryAfterSeconds: 30 } : {}),
      ...(refused?.atlas === undefined ? {} : { atlas: refused.atlas }),
      existing: clusters.map(({ id, name, stateName, terminationProtectionEnabled }) => ({
        id,
        name,
        stateName,
        terminationProtectionEnabled,
      })),
      hints:
        staying.length === 0
          ? [{ advice: "repeat", why: "Deletes the project once they are gone." }]
          : hints,
    },
  );
};

const otherName = (groupId: string): Failure =>
  failure(
    "invalid_input",
    "The project with this id has another name, and both must agree before it is deleted. Nothing was sent.",
    {
      fields: [{ path: "name", problem: "is not the name of the project with this groupId" }],
      hints: [{ advice: "show_project", with: { groupId } }],
    },
  );

/** What a delete of this project would be bound to. Throws where the name is another one, or clusters are in it. */
export const planProjectDelete = async (
  work: OperationContext,
  groupId: string,
  name: string,
): Promise<DeleteTarget<Project>> => {
  const looking = findProject(work, groupId, work.deadline);
  const target = await findDeleteTarget(`project ${JSON.stringify(name)}`, looking);
  if ("absent" in target) return target;
  if (target.resource.name !== name) throw notDeleted(otherName(groupId));
  const clusters = await clustersOf(work, groupId, work.deadline).catch((error: unknown) => {
    throw error instanceof AtlasToolError ? notDeleted(error.failure) : error;
  });
  if (clusters.length > 0) throw notDeleted(stillHas(groupId, clusters));
  return target;
};

/** A project to delete, for `remove`; `id` is what was planned for. */
export const projectDeleteSpec = (
  work: OperationContext,
  groupId: string,
  name: string,
  id: string,
) => {
  const request = deleteGroup(groupId);
  const removal: DeleteSpec<Project> = {
    noun: `project ${JSON.stringify(name)}`,
    key: `project ${groupId}`,
    id,
    find: (deadline) => findProject(work, groupId, deadline),
    send: (deadline) => work.atlas.remove(deadline, request),
    idOf: (project) => project.id,
    stateOf: () => undefined,
    absent: noProject,
    // "The current user is not in the group, or the group does not exist" (facts 4.4).
    vanished: ["NOT_IN_GROUP"],
    explain: async (refused, deadline) => {
      if (refused.atlas?.errorCode !== hasClusters) return refused;
      const clusters = await clustersOf(work, groupId, deadline).catch(() => undefined);
      // Clusters that are gone still count for a while (terraform#4431).
      if (clusters?.length === 0) return undefined;
      return clusters === undefined ? refused : stillHas(groupId, clusters, refused);
    },
    lookUp: { advice: "show_project", with: { groupId } },
  };
  return { removal, request };
};
