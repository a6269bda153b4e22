/** Deletes a project: the look-up before, and what `deleteResource` needs to know. */
import {
  deleteGroup,
  getGroup,
  listGroupClusters,
  listGroupFlexClusters,
} from "../atlas/requests.ts";
import { isSame } from "../atlas/resources/fields.ts";
import type { FlexCluster } from "../atlas/resources/flex-cluster.ts";
import type { Project } from "../atlas/resources/project.ts";
import type { Deadline } from "../common/deadline.ts";
import { type Failure, failure, failureOf, type Suggestion } from "../common/failure.ts";
import { visible } from "../common/visible.ts";
import { compareTexts } from "./all-projects.ts";
import type { OperationContext } from "./context.ts";
import type { DeleteSpec, DeleteTarget } from "./delete-spec.ts";
import { findDeleteTarget, notDeleted } from "./delete-target.ts";
import { atlasCodeOf, type Lookup, lookUpBy, noProject } from "./lookup.ts";

const hasClusters = "CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS";

const findProject = (
  { atlas }: OperationContext,
  groupId: string,
  deadline: Deadline,
): Promise<Lookup<Project>> =>
  lookUpBy(noProject, async () => [await atlas.read(getGroup(groupId), deadline)]);

/** In the order of names: Atlas lists flex clusters in none (docs/atlas.md#lists). */
const clustersOf = async (
  { atlas }: OperationContext,
  groupId: string,
  deadline: Deadline,
): Promise<FlexCluster[]> => {
  const clusters = await atlas.readAll((page) => listGroupFlexClusters(groupId, page), deadline);
  return clusters.toSorted((a, b) => compareTexts(a.name, b.name));
};

/** The free and dedicated clusters, which this server cannot delete: says so if there are some. */
const refuseOthers = async (
  { atlas }: OperationContext,
  groupId: string,
  deadline: Deadline,
  refused?: Failure,
): Promise<Failure | undefined> => {
  const others = await atlas
    .readAll((page) => listGroupClusters(groupId, page), deadline)
    .catch(() => []);
  if (others.length === 0) return undefined;
  const names = others
    .map(({ name = "?" }) => name)
    .sort()
    .join(", ");
  return failure(
    "conflict",
    `The project cannot be deleted while it has clusters that are not flex clusters: ${names}. This server cannot delete them; somebody has to do that in Atlas.`,
    refused?.atlas === undefined ? {} : { atlas: refused.atlas },
  );
};

/** The project still has clusters: names them, and suggests a call to delete each. */
const stillHas = (groupId: string, clusters: FlexCluster[], refused?: Failure): Failure => {
  const staying = clusters.filter(({ stateName }) => stateName !== "DELETING");
  const names = clusters
    .map(({ name, stateName }) => `${name ?? "?"} (${stateName ?? "?"})`)
    .join(", ");
  const suggestions = staying.flatMap(({ name }): Suggestion[] =>
    name === undefined
      ? []
      : [{ suggest: "delete_cluster", with: { groupId, name }, why: "Must be deleted first." }],
  );
  return failure(
    "conflict",
    staying.length === 0
      ? `The project cannot be deleted until its clusters are gone. They are being deleted: ${names}.`
      : `The project cannot be deleted while it has clusters: ${names}.`,
    {
      ...(staying.length === 0 ? { retry: "after_delay", retryAfterSeconds: 30 } : {}),
      ...(refused?.atlas === undefined ? {} : { atlas: refused.atlas }),
      existing: clusters.map(({ id, name, stateName, terminationProtectionEnabled }) => ({
        id,
        name,
        stateName,
        terminationProtectionEnabled,
      })),
      suggestions:
        staying.length === 0
          ? [{ suggest: "repeat", why: "Deletes the project once they are gone." }]
          : suggestions,
    },
  );
};

const otherName = (groupId: string): Failure =>
  failure(
    "invalid_input",
    "The project with this groupId has another name. Both must match before it is deleted. Nothing was sent.",
    {
      fields: [{ path: "name", problem: "is not the name of the project with this groupId" }],
      suggestions: [{ suggest: "show_project", with: { groupId } }],
    },
  );

/** Whether a project has this name, which may be written as results show it: with its hidden characters visible. */
const isNamed = (project: Project, name: string): boolean =>
  isSame(project.name, name) || isSame(visible(project.name ?? ""), name);

/** Looks up the project to delete. Throws if it has another name or still has clusters. */
export const planProjectDelete = async (
  context: OperationContext,
  groupId: string,
  name: string,
): Promise<DeleteTarget<Project>> => {
  const find = () => findProject(context, groupId, context.deadline);
  const about = { noun: `project ${JSON.stringify(name)}`, idOf: ({ id }: Project) => id };
  const target = await findDeleteTarget(about, find, context);
  if ("absent" in target) return target;
  if (!isNamed(target.resource, name)) return notDeleted(otherName(groupId));
  const clusters = await clustersOf(context, groupId, context.deadline).catch(failureOf);
  if ("code" in clusters) {
    if (!noProject.includes(atlasCodeOf(clusters))) return notDeleted(clusters);
    // Somebody else has deleted it since, or reads lag. If it is there, Atlas refuses to delete one that has clusters.
    return findDeleteTarget(about, find, context);
  }
  if (clusters.length > 0) return notDeleted(stillHas(groupId, clusters));
  if (target.resource.clusterCount === 0) return target;
  const others = await refuseOthers(context, groupId, context.deadline);
  return others === undefined ? target : notDeleted(others);
};

/** Describes the deletion of a project, for `deleteResource`; `id` is from the plan. */
export const projectDeleteSpec = (
  context: OperationContext,
  groupId: string,
  name: string,
  id: string,
) => {
  const request = deleteGroup(groupId);
  const spec: DeleteSpec<Project> = {
    noun: `project ${JSON.stringify(name)}`,
    key: `project ${groupId}`,
    id,
    find: (deadline) => findProject(context, groupId, deadline),
    send: (deadline) => context.atlas.send(request, deadline),
    idOf: (project) => project.id,
    stateOf: () => undefined,
    absent: noProject,
    // "The current user is not in the group, or the group does not exist" (docs/atlas.md#errors).
    vanished: ["NOT_IN_GROUP"],
    explain: async (refused, deadline) => {
      if (refused.atlas?.errorCode !== hasClusters) return refused;
      const clusters = await clustersOf(context, groupId, deadline).catch(() => undefined);
      // If there are none, Atlas still counts them for a while after they are gone (terraform#4431).
      if (clusters?.length === 0) return refuseOthers(context, groupId, deadline, refused);
      return clusters === undefined ? refused : stillHas(groupId, clusters, refused);
    },
    lookUp: { suggest: "show_project", with: { groupId } },
  };
  return { spec, request };
};
