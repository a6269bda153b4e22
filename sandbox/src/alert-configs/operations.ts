/** The operations on the alert configurations of a project. The sandbox keeps them, but raises no alerts. */
import { checkFields, optionalFlag, optionalObjects, requiredText } from "../api/fields.ts";
import { type Call, type Operation, pathParameter } from "../api/operation.ts";
import { createPage } from "../api/pages.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { createApiError } from "../errors/api-error.ts";
import { type JsonObject, sortMembers } from "../json.ts";
import {
  addPlainResource,
  plainResourcesOf,
  removePlainResource,
} from "../plain-resources/store.ts";
import { findProject } from "../projects/find.ts";
import type { PlainResource } from "../state/administration.ts";
import { toAtlasTime } from "../state/resources.ts";

const kind = "alertConfig";

const listRoute = {
  path: "/groups/{groupId}/alertConfigs",
  version: "2023-01-01",
  endpointSet: endpointSets.alertConfigs,
};
const itemRoute = { ...listRoute, path: `${listRoute.path}/{alertConfigId}` };

/** Converts a configuration to the body of all responses: members in alphabetical order, as recorded. */
const toView = (call: Call, { ownerId, id, createdAt, body }: PlainResource): JsonObject => {
  const self = `${call.origin}/api/atlas/v2/groups/${ownerId}/alertConfigs/${id}`;
  return sortMembers({
    ...body,
    created: toAtlasTime(createdAt),
    groupId: ownerId,
    id,
    links: [
      { href: self, rel: "self" },
      { href: `${self}/alerts`, rel: `${call.origin}/alerts` },
    ],
  });
};

/** The configurations of the project that the path names; throws if there is no such project. */
const configsOf = (call: Call): PlainResource[] =>
  plainResourcesOf(call.state, kind, findProject(call).id);

const findConfig = (call: Call): PlainResource => {
  const alertConfigId = pathParameter(call, "alertConfigId");
  const config = configsOf(call).find(({ id }) => id === alertConfigId);
  if (config !== undefined) return config;
  const groupId = pathParameter(call, "groupId");
  throw createApiError("ALERT_CONFIG_NOT_FOUND", { alertConfigId, groupId });
};

/** Each notification gets an id, a new one with every update, as recorded. */
const readNotifications = ({ body, state, now }: Call): JsonObject[] => {
  const notifications = optionalObjects(body, "notifications") ?? [];
  if (notifications.length === 0) throw createApiError("MISSING_NOTIFICATIONS");
  return notifications.map((notification) => {
    requiredText(notification, "typeName");
    return { ...notification, notifierId: state.ids.objectId(now) };
  });
};

/** Reads a whole configuration. The members of thresholds and notifications are kept as they come. */
const readConfig = (call: Call): JsonObject => {
  const { body } = call;
  checkFields(body, {
    enabled: "boolean",
    eventTypeName: "string",
    matchers: "array",
    metricThreshold: "object",
    notifications: "array",
    severityOverride: "string",
    threshold: "object",
    created: "ignored",
    groupId: "ignored",
    id: "ignored",
    links: "ignored",
    updated: "ignored",
  });
  const { metricThreshold, severityOverride, threshold } = body;
  const optional = Object.entries({ metricThreshold, severityOverride, threshold });
  return {
    eventTypeName: requiredText(body, "eventTypeName"),
    enabled: optionalFlag(body, "enabled") ?? false,
    matchers: optionalObjects(body, "matchers") ?? [],
    notifications: readNotifications(call),
    ...Object.fromEntries(optional.flatMap(([name, value]) => (value ? [[name, value]] : []))),
    updated: toAtlasTime(call.now),
  };
};

/** As recorded. */
const matcherFieldNames = [
  "ATLAS_NODE_TYPE",
  "CLUSTER_NAME",
  "HOSTNAME",
  "PORT",
  "HOSTNAME_AND_PORT",
  "APPLICATION_ID",
  "REPLICA_SET_NAME",
  "TYPE_NAME",
  "SHARD_NAME",
];

export const alertConfigOperations: readonly Operation[] = [
  {
    id: "listAlertConfigMatcherFieldNames",
    method: "GET",
    path: "/alertConfigs/matchers/fieldNames",
    version: "2023-01-01",
    endpointSet: endpointSets.alertConfigMatchers,
    run: () => ({ status: 200, body: matcherFieldNames }),
  },
  {
    ...listRoute,
    id: "listGroupAlertConfigs",
    method: "GET",
    run: (call) =>
      createPage(
        call,
        configsOf(call).map((config) => toView(call, config)),
      ),
  },
  {
    ...listRoute,
    id: "createGroupAlertConfig",
    method: "POST",
    run: (call) => {
      const { id } = findProject(call);
      const config = addPlainResource(call, kind, id, readConfig(call));
      // 201, as recorded; the documentation says 200.
      return { status: 201, body: toView(call, config) };
    },
  },
  {
    ...itemRoute,
    id: "getGroupAlertConfig",
    method: "GET",
    run: (call) => ({ status: 200, body: toView(call, findConfig(call)) }),
  },
  {
    ...itemRoute,
    id: "updateGroupAlertConfig",
    method: "PUT",
    run: (call) => {
      const config = findConfig(call);
      config.body = readConfig(call);
      return { status: 200, body: toView(call, config) };
    },
  },
  {
    ...itemRoute,
    id: "toggleGroupAlertConfig",
    method: "PATCH",
    run: (call) => {
      const config = findConfig(call);
      checkFields(call.body, { enabled: "boolean" });
      const enabled = optionalFlag(call.body, "enabled");
      if (enabled === undefined)
        throw createApiError("MISSING_ATTRIBUTE", { attribute: "enabled" });
      config.body = { ...config.body, enabled, updated: toAtlasTime(call.now) };
      return { status: 200, body: toView(call, config) };
    },
  },
  {
    ...itemRoute,
    id: "deleteGroupAlertConfig",
    method: "DELETE",
    run: (call) => {
      removePlainResource(call.state, findConfig(call));
      return { status: 204 };
    },
  },
  {
    ...itemRoute,
    path: `${itemRoute.path}/alerts`,
    id: "getGroupAlertConfigAlerts",
    method: "GET",
    run: (call) => {
      findConfig(call);
      return createPage(call, []);
    },
  },
];
