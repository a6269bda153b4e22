/** What clients do with the API, in short: the requests that each makes for one of its resources, in order. */
import { moreRows } from "./more-cycles.ts";
import type { Step } from "./play.ts";

/** A line, what it is answered with, and what is sent. */
export type Row = readonly [line: string, expect: string, body?: unknown];

/** A line is a method and a path; the version is one that the path has. */
const toStep = ([line, expect, body]: Row): Step => {
  const [method = "", path = ""] = line.split(" ");
  const accept = /flexClusters|serviceAccounts|users/.test(path) ? "2025-03-12" : "2023-01-01";
  return { method, path, accept, expect, ...(body === undefined ? {} : { body }) };
};

const project = (name: string, more: object = {}): Row => [
  "POST /groups",
  "2xx",
  { name, orgId: "{orgId}", clusterCount: 0, created: "0001-01-01T00:00:00Z", ...more },
];

const page = "?includeCount=true&itemsPerPage=100&pageNum=1";

/** What Terraform reads of a project after each change, and with each plan. */
const refresh: Row[] = [
  ["GET /groups/{groupId}", "2xx"],
  [`GET /groups/{groupId}/teams${page}`, "2xx"],
  ["GET /groups/{groupId}/limits", "2xx"],
  ["GET /groups/{groupId}/settings", "2xx"],
  ["GET /groups/{groupId}/ipAddresses", "2xx"],
  ["GET /groups/{groupId}/managedSlowMs", "2xx"],
];

/** What the Kubernetes operator reads of a project whenever it looks at it. */
const reconcile: Row[] = [
  "accessList",
  "privateEndpoint/AWS/endpointService",
  "privateEndpoint/AZURE/endpointService",
  "privateEndpoint/GCP/endpointService",
  "cloudProviderAccess",
  "peers?providerName=AWS",
  "peers?providerName=AZURE",
  "containers?providerName=GCP",
  "containers/all",
  "alertConfigs",
  "integrations",
  "maintenanceWindow",
  "encryptionAtRest",
  "auditLog",
  "settings",
  "customDBRoles/roles",
  "teams",
  "backupCompliancePolicy",
  "userSecurity",
].map((path) => [`GET /groups/{groupId}/${path}`, "2xx"]);

const flex = {
  name: "orders",
  providerSettings: { backingProviderName: "AWS", regionName: "US_EAST_1" },
};
const cluster = "/groups/{groupId}/flexClusters/orders";
const users = "/groups/{groupId}/databaseUsers";
const keeper = { databaseName: "admin", roleName: "keeper" };
const roles = "/groups/{groupId}/customDBRoles/roles";
const action = { action: "FIND", resources: [{ collection: "", db: "shop" }] };

const rows: Record<string, Row[]> = {
  "Terraform makes, changes and destroys a project": [
    project("shop", { tags: [{ key: "env", value: "dev" }], withDefaultAlertsSettings: true }),
    ["GET /groups/{groupId}/settings", "2xx"],
    ["PATCH /groups/{groupId}/settings", "2xx", { isDataExplorerEnabled: false }],
    ["PATCH /groups/{groupId}/limits/atlas.project.deployment.clusters", "2xx", { value: 26 }],
    ...refresh,
    ["PATCH /groups/{groupId}", "2xx", { name: "shop-2", tags: [] }],
    ["DELETE /groups/{groupId}/managedSlowMs/disable", "2xx"],
    ...refresh,
    ["DELETE /groups/{groupId}/limits/atlas.project.deployment.clusters", "2xx"],
    ["DELETE /groups/{groupId}", "2xx"],
    ["GET /groups/{groupId}", "GROUP_NOT_FOUND"],
  ],
  "Terraform makes a role and a user who has it, and destroys them in this order": [
    project("shop"),
    [`POST ${roles}`, "2xx", { roleName: "keeper", actions: [action], inheritedRoles: [] }],
    [`GET ${roles}/keeper`, "2xx"],
    [
      `POST ${users}`,
      "2xx",
      {
        databaseName: "admin",
        groupId: "{groupId}",
        password: "not-to-be-seen-again",
        roles: [keeper],
        username: "ada",
      },
    ],
    [`PATCH ${roles}/keeper`, "2xx", { actions: [action, { ...action, action: "INSERT" }] }],
    [`DELETE ${roles}/keeper`, "ATLAS_CUSTOM_ROLE_IN_USE_BY_USERS"],
    [`DELETE ${users}/admin/ada`, "2xx"],
    [`DELETE ${roles}/keeper`, "2xx"],
    [`GET ${roles}/keeper`, "ATLAS_CUSTOM_ROLE_NOT_FOUND"],
  ],
  "the Atlas CLI makes a project, looks around, and deletes it": [
    ["POST /groups?projectOwnerId=", "2xx", { name: "cli project", orgId: "{orgId}" }],
    [`GET /groups${page}`, "2xx"],
    [`GET /orgs${page}&name=`, "2xx"],
    ["GET /orgs/{orgId}", "2xx"],
    [`GET /orgs/{orgId}/users${page}`, "2xx"],
    [`GET /orgs/{orgId}/teams${page}`, "2xx"],
    [`GET /orgs/{orgId}/apiKeys${page}`, "2xx"],
    ["GET /orgs/{orgId}/settings", "2xx"],
    [`GET /groups/{groupId}/users${page}&flattenTeams=true&includeOrgUsers=true`, "2xx"],
    [`GET /groups/{groupId}/events${page}`, "2xx"],
    ["PATCH /groups/{groupId}/maintenanceWindow", "2xx", { dayOfWeek: 1, hourOfDay: 1 }],
    ["DELETE /groups/{groupId}/maintenanceWindow", "2xx"],
    ["GET /api/private/ipinfo", "2xx"],
    ["DELETE /groups/{groupId}", "2xx"],
  ],
  "the Kubernetes operator makes a project that it does not find, and looks at it": [
    ["GET /groups/byName/k8s", "NOT_IN_GROUP|GROUP_NOT_FOUND|RESOURCE_NOT_FOUND"],
    project("k8s", { regionUsageRestrictions: "NONE", tags: [] }),
    ["GET /groups/byName/k8s", "2xx"],
    ...reconcile,
    ["DELETE /groups/{groupId}", "2xx"],
  ],
  "a flex cluster is protected, freed and deleted": [
    project("shop"),
    ["POST /groups/{groupId}/flexClusters", "2xx", flex],
    [`PATCH ${cluster}`, "2xx", { terminationProtectionEnabled: true }],
    [`DELETE ${cluster}`, "ATLAS_GENERAL_ERROR"],
    ["DELETE /groups/{groupId}", "CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS"],
    [`PATCH ${cluster}`, "2xx", { terminationProtectionEnabled: false }],
    [`DELETE ${cluster}`, "2xx"],
    [`GET ${cluster}`, "200|CLUSTER_NOT_FOUND"],
  ],
  "an SDK makes a service account for itself": [
    ["GET /orgs", "2xx"],
    [
      "POST /orgs/{orgId}/serviceAccounts",
      "2xx",
      { name: "sdk", description: "x", roles: ["ORG_OWNER"], secretExpiresAfterHours: 8 },
    ],
    ["GET /orgs/{orgId}/serviceAccounts?itemsPerPage=100&pageNum=1", "2xx"],
    ["GET /rateLimits", "INVALID_VERSION_DATE"],
  ],
};

/** The life cycles by name. */
export const cycles: readonly (readonly [name: string, steps: readonly Step[]])[] = Object.entries({
  ...rows,
  ...moreRows,
}).map(([name, steps]) => [name, steps.map(toStep)]);
