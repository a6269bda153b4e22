/** The settings of projects and organizations that clients read and change: one row each. */

import type { FieldKind } from "../api/fields.ts";
import type { Operation } from "../api/operation.ts";
import { type EndpointSet, endpointSets } from "../api/rate-limits.ts";
import { createApiError } from "../errors/api-error.ts";
import type { JsonObject } from "../json.ts";

/** One group of settings. The operations follow from it. */
export type SettingsRow = {
  path: `/groups/{groupId}/${string}` | `/orgs/{orgId}/${string}`;
  endpointSet: EndpointSet;
  readId: Operation["id"];
  updateId: Operation["id"];
  /** The operation that brings the defaults back, if Atlas has one. */
  resetId?: Operation["id"];
  /** What a new project or organization has. */
  defaults: JsonObject;
  /** Members that an update may have besides those of the defaults. `ignored` ones are read-only. */
  others?: Record<string, FieldKind>;
  /** What an update answers; default: 200 with all settings. */
  updateStatus?: 202;
  updateHasNoBody?: true;
  check?: (body: JsonObject) => void;
};

const checkWindow = ({ dayOfWeek, hourOfDay }: JsonObject): void => {
  const isWithin = (value: unknown, least: number, most: number): boolean =>
    typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
  if (dayOfWeek === undefined)
    throw createApiError("MISSING_ATTRIBUTE", { attribute: "dayOfWeek" });
  if (!isWithin(dayOfWeek, 1, 7)) {
    throw createApiError("ATLAS_INVALID_MAINTENANCE_WINDOW_DAY_OF_WEEK");
  }
  if (hourOfDay !== undefined && !isWithin(hourOfDay, 0, 23)) {
    throw createApiError("ATLAS_INVALID_MAINTENANCE_WINDOW_HOUR_OF_DAY");
  }
};

/** The maintenance window of a project. */
export const maintenanceWindow: SettingsRow = {
  path: "/groups/{groupId}/maintenanceWindow",
  endpointSet: endpointSets.maintenanceWindows,
  readId: "getGroupMaintenanceWindow",
  updateId: "updateGroupMaintenanceWindow",
  resetId: "resetGroupMaintenanceWindow",
  // Day 0 means that no window is set; the rest of it is an assumption (docs/atlas.md#project-settings).
  defaults: {
    autoDeferOnceEnabled: false,
    dayOfWeek: 0,
    hourOfDay: 0,
    numberOfDeferrals: 0,
    startASAP: false,
    timeZoneId: "UTC",
  },
  others: { numberOfDeferrals: "ignored", protectedHours: "object", timeZoneId: "ignored" },
  updateHasNoBody: true,
  check: checkWindow,
};

/** All settings; the defaults of the first are recorded. */
export const settingsRows: readonly SettingsRow[] = [
  {
    path: "/groups/{groupId}/settings",
    endpointSet: endpointSets.group,
    readId: "getGroupSettings",
    updateId: "updateGroupSettings",
    defaults: {
      isAtlasHomePageAiAssistantEnabled: true,
      isClusterAiAssistantEnabled: true,
      isCollectDatabaseSpecificsStatisticsEnabled: true,
      isDataExplorerEnabled: true,
      isDataExplorerGenAIFeaturesEnabled: true,
      isDataExplorerGenAISampleDocumentPassingEnabled: false,
      isDataValidationEnabled: true,
      isExtendedStorageSizesEnabled: false,
      isNativeRerankingEnabled: false,
      isPerformanceAdvisorEnabled: true,
      isRealtimePerformancePanelEnabled: true,
      isSchemaAdvisorEnabled: true,
    },
  },
  {
    path: "/orgs/{orgId}/settings",
    endpointSet: endpointSets.organizationSettings,
    readId: "getOrgSettings",
    updateId: "updateOrgSettings",
    defaults: {
      apiAccessListRequired: false,
      genAIFeaturesEnabled: true,
      maxServiceAccountSecretValidityInHours: 8760,
      multiFactorAuthRequired: false,
      restrictEmployeeAccess: false,
      streamsCrossGroupEnabled: false,
    },
    others: {
      customSessionTimeouts: "object",
      operationsContact: "string",
      securityContact: "string",
    },
  },
  maintenanceWindow,
  {
    path: "/groups/{groupId}/auditLog",
    endpointSet: endpointSets.auditing,
    readId: "getGroupAuditLog",
    updateId: "updateGroupAuditLog",
    defaults: { auditAuthorizationSuccess: false, configurationType: "NONE", enabled: false },
    others: { auditFilter: "string", configurationType: "ignored" },
    updateStatus: 202,
  },
  {
    path: "/groups/{groupId}/awsCustomDNS",
    endpointSet: endpointSets.awsDns,
    readId: "getGroupAwsCustomDns",
    updateId: "toggleGroupAwsCustomDns",
    defaults: { enabled: false },
  },
  {
    path: "/groups/{groupId}/privateEndpoint/regionalMode",
    endpointSet: endpointSets.privateEndpoints,
    readId: "getGroupPrivateEndpointRegionalMode",
    updateId: "toggleGroupPrivateEndpointRegionalMode",
    defaults: { enabled: false },
    updateStatus: 202,
  },
];
