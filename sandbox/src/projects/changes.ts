/** The operations that create, update and delete projects. */
import {
  checkFields,
  isObjectId,
  optionalFlag,
  optionalText,
  requiredText,
} from "../api/fields.ts";
import {
  type Call,
  hasFault,
  missedAgeOf,
  type Operation,
  refusedReadsOf,
  staleReadsOf,
} from "../api/operation.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { readTags } from "../api/tags.ts";
import { createApiError } from "../errors/api-error.ts";
import { clustersOf } from "../flex-clusters/state.ts";
import { organizationWithId } from "../organizations/find.ts";
import type { Project, SandboxState } from "../state/resources.ts";
import { findProject } from "./find.ts";
import { toCreatedProjectView, toProjectView } from "./view.ts";

const maxProjects = 250;

/** The documented pattern has no space, but recorded projects have names with spaces ("Atlas CLI E2E"). */
const projectNamePattern = /^(?! *$)[\p{L}\p{N}\-_.(),:&@+' ]{1,64}$/u;

const checkProjectName = (name: string): void => {
  if (!projectNamePattern.test(name)) throw createApiError("INVALID_GROUP_NAME", { name });
  if (/10gen-|-10gen/.test(name)) throw createApiError("INVALID_GROUP_NAME_10GEN");
};

const checkProjectNameIsFree = (call: Call, orgId: string, name: string): void => {
  // Atlas has this race: two concurrent creates can create two projects of the same name (atlas-sdk-go#660).
  const missedAge = missedAgeOf(call);
  const seen = call.state.projects.filter(
    ({ createdAt }) => missedAge === 0 || call.now - createdAt >= missedAge,
  );
  if (seen.some((project) => project.orgId === orgId && project.name === name)) {
    throw createApiError("GROUP_ALREADY_EXISTS", { name });
  }
};

/** Deletes a project with all that is in it. */
const removeProject = (state: SandboxState, id: string): void => {
  const isElsewhere = ({ groupId }: { groupId: string }): boolean => groupId !== id;
  state.projects = state.projects.filter((project) => project.id !== id);
  state.clusters = state.clusters.filter(isElsewhere);
  state.advancedClusters = state.advancedClusters.filter(isElsewhere);
  state.users = state.users.filter(isElsewhere);
  state.accessList = state.accessList.filter(isElsewhere);
  state.limits = state.limits.filter(isElsewhere);
  state.customRoles = state.customRoles.filter(isElsewhere);
  state.settings = state.settings.filter(({ ownerId }) => ownerId !== id);
  state.plainResources = state.plainResources.filter(({ ownerId }) => ownerId !== id);
  for (const team of state.teams) team.projects = team.projects.filter(isElsewhere);
  for (const holder of [...state.serviceAccounts, ...state.apiKeys, ...state.invitedUsers]) {
    holder.projects = holder.projects.filter(isElsewhere);
  }
};

export const projectChangeOperations: readonly Operation[] = [
  {
    id: "createGroup",
    method: "POST",
    path: "/groups",
    version: "2023-01-01",
    endpointSet: endpointSets.groups,
    operationFaults: ["stale_reads", "user_cannot_access_group", "racy"],
    run: (call) => {
      const { state, body, now } = call;
      // The Atlas CLI sends an empty one with every create.
      const projectOwnerId = call.query.get("projectOwnerId") || undefined;
      if (projectOwnerId !== undefined && !isObjectId(projectOwnerId)) {
        throw createApiError("INVALID_QUERY_PARAMETER", { parameter: "projectOwnerId" });
      }
      checkFields(body, {
        name: "string",
        orgId: "string",
        regionUsageRestrictions: "string",
        tags: "array",
        withDefaultAlertsSettings: "boolean",
        // Read-only, but the Go SDK sends them with zero values: accepted and ignored.
        clusterCount: "ignored",
        created: "ignored",
        id: "ignored",
        links: "ignored",
      });
      const name = requiredText(body, "name");
      const orgId = requiredText(body, "orgId");
      checkProjectName(name);
      organizationWithId(call, orgId);
      // Commercial Atlas takes only NONE and does not store it; the code is an assumption (docs/atlas.md#not-known).
      if ((optionalText(body, "regionUsageRestrictions") ?? "NONE") !== "NONE") {
        throw createApiError("INVALID_ATTRIBUTE", { attribute: "regionUsageRestrictions" });
      }
      const tags = readTags(body);
      checkProjectNameIsFree(call, orgId, name);
      if (state.projects.filter((project) => project.orgId === orgId).length >= maxProjects) {
        // A text in Atlas's parameters, too (docs/atlas.md#prices-and-limits).
        throw createApiError("MAX_GROUPS_PER_ORG_EXCEEDED", { groups: `${maxProjects}`, orgId });
      }
      const project: Project = {
        id: state.ids.objectId(now),
        orgId,
        name,
        tags,
        withDefaultAlertsSettings: optionalFlag(body, "withDefaultAlertsSettings") ?? true,
        projectOwnerId,
        createdAt: now,
        staleReads: staleReadsOf(call),
        refusedReads: refusedReadsOf(call),
      };
      state.projects.push(project);
      // 201 in all 46 recordings; the documentation says 200.
      return { status: 201, body: toCreatedProjectView(call, project) };
    },
  },
  {
    id: "updateGroup",
    method: "PATCH",
    path: "/groups/{groupId}",
    version: "2023-01-01",
    endpointSet: endpointSets.group,
    run: (call) => {
      const project = findProject(call);
      checkFields(call.body, {
        name: "string",
        tags: "array",
        withDefaultAlertsSettings: "boolean",
      });
      const name = optionalText(call.body, "name") ?? project.name;
      const tags = readTags(call.body) ?? project.tags;
      if (name !== project.name) {
        checkProjectName(name);
        checkProjectNameIsFree(call, project.orgId, name);
      }
      project.name = name;
      project.tags = tags;
      project.withDefaultAlertsSettings =
        optionalFlag(call.body, "withDefaultAlertsSettings") ?? project.withDefaultAlertsSettings;
      return { status: 200, body: toProjectView(call, project) };
    },
  },
  {
    id: "deleteGroup",
    method: "DELETE",
    path: "/groups/{groupId}",
    version: "2023-01-01",
    endpointSet: endpointSets.group,
    operationFaults: ["ignored_delete"],
    run: (call) => {
      const { state } = call;
      const { id } = findProject(call);
      if (clustersOf(state, id, call.now).length > 0) {
        throw createApiError("CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS");
      }
      if (!hasFault(call, "ignored_delete")) {
        removeProject(state, id);
      }
      // 202 with an empty object, as recorded; the documentation says 204.
      return { status: 202, body: {} };
    },
  },
];
