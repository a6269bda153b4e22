import { GROUP, GROUPS } from "../api/endpoint-sets.ts";
import {
  checkFields,
  isObjectId,
  optionalFlag,
  optionalText,
  requiredText,
} from "../api/fields.ts";
import { hiddenReadsOf, isChanged, type Operation } from "../api/operation.ts";
import { readTags } from "../api/tags.ts";
import { atlasFailure } from "../errors/api-error.ts";
import { clustersOf } from "../flex-clusters/state.ts";
import { findOrganization } from "../organizations/operations.ts";
import type { Project, World } from "../state/resources.ts";
import { createdProjectView, findProject, projectView } from "./view.ts";

const MAX_PROJECTS = 250;

// The documented pattern has no space, but real projects have names with spaces (recorded: "Atlas CLI E2E").
const PROJECT_NAME = /^(?! *$)[\p{L}\p{N}\-_.(),:&@+' ]{1,64}$/u;

const checkProjectName = (name: string): void => {
  if (!PROJECT_NAME.test(name)) throw atlasFailure("INVALID_GROUP_NAME", { name });
  if (/10gen-|-10gen/.test(name)) throw atlasFailure("INVALID_GROUP_NAME_10GEN");
};

const checkProjectNameIsFree = (world: World, orgId: string, name: string): void => {
  if (world.projects.some((project) => project.orgId === orgId && project.name === name)) {
    throw atlasFailure("GROUP_ALREADY_EXISTS", { name });
  }
};

/** The operations that make, change and remove projects. */
export const projectChangeOperations: readonly Operation[] = [
  {
    id: "createGroup",
    method: "POST",
    path: "/groups",
    version: "2023-01-01",
    limit: GROUPS,
    changes: ["stale_reads", "racy"],
    run: (call) => {
      const { world, body, now } = call;
      const projectOwnerId = call.query.get("projectOwnerId") ?? undefined;
      if (projectOwnerId !== undefined && !isObjectId(projectOwnerId)) {
        throw atlasFailure("INVALID_QUERY_PARAMETER", { parameter: "projectOwnerId" });
      }
      checkFields(body, {
        name: "string",
        orgId: "string",
        regionUsageRestrictions: "string",
        tags: "array",
        withDefaultAlertsSettings: "boolean",
        // Read-only, yet the Go SDK sends them with zero values: taken and ignored.
        clusterCount: "ignored",
        created: "ignored",
        id: "ignored",
        links: "ignored",
      });
      const name = requiredText(body, "name");
      const orgId = requiredText(body, "orgId");
      checkProjectName(name);
      findOrganization(call, orgId);
      // Commercial Atlas rejects the field (documented); which code it uses is not.
      if (optionalText(body, "regionUsageRestrictions") !== undefined) {
        throw atlasFailure("INVALID_ATTRIBUTE", { attribute: "regionUsageRestrictions" });
      }
      const tags = readTags(body);
      // Uniqueness is racy in Atlas itself: two creates at once made two projects (atlas-sdk-go#660).
      if (!isChanged(call, "racy")) checkProjectNameIsFree(world, orgId, name);
      if (world.projects.filter((project) => project.orgId === orgId).length >= MAX_PROJECTS) {
        throw atlasFailure("MAX_GROUPS_PER_ORG_EXCEEDED", { groups: MAX_PROJECTS, orgId });
      }
      const project: Project = {
        id: world.ids.objectId(now),
        orgId,
        name,
        tags,
        withDefaultAlertsSettings: optionalFlag(body, "withDefaultAlertsSettings") ?? true,
        projectOwnerId,
        createdAt: now,
        hiddenReads: hiddenReadsOf(call),
      };
      world.projects.push(project);
      // 201, where the document says 200: 46 of 46 recordings.
      return { status: 201, body: createdProjectView(call, project) };
    },
  },
  {
    id: "updateGroup",
    method: "PATCH",
    path: "/groups/{groupId}",
    version: "2023-01-01",
    limit: GROUP,
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
        checkProjectNameIsFree(call.world, project.orgId, name);
      }
      project.name = name;
      project.tags = tags;
      project.withDefaultAlertsSettings =
        optionalFlag(call.body, "withDefaultAlertsSettings") ?? project.withDefaultAlertsSettings;
      return { status: 200, body: projectView(call, project) };
    },
  },
  {
    id: "deleteGroup",
    method: "DELETE",
    path: "/groups/{groupId}",
    version: "2023-01-01",
    limit: GROUP,
    changes: ["ignored_delete"],
    run: (call) => {
      const { world } = call;
      const { id } = findProject(call);
      if (clustersOf(world, id, call.now).length > 0) {
        throw atlasFailure("CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS");
      }
      if (!isChanged(call, "ignored_delete")) {
        world.projects = world.projects.filter((project) => project.id !== id);
        world.clusters = world.clusters.filter(({ groupId }) => groupId !== id);
        world.users = world.users.filter(({ groupId }) => groupId !== id);
        world.accessList = world.accessList.filter(({ groupId }) => groupId !== id);
      }
      // 202 with an empty object, where the document says 204: recorded.
      return { status: 202, body: {} };
    },
  },
];
