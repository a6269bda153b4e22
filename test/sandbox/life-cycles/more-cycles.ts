/** More of what clients do: what they make of access, alerts, backups and dedicated clusters. */
import type { Row } from "./cycles.ts";

const dedicated = {
  name: "big",
  clusterType: "REPLICASET",
  backupEnabled: true,
  replicationSpecs: [
    {
      regionConfigs: [
        {
          electableSpecs: { instanceSize: "M10", nodeCount: 3 },
          priority: 7,
          providerName: "AWS",
          regionName: "US_EAST_1",
        },
      ],
    },
  ],
};
const big = "/groups/{groupId}/clusters/big";
const alert = { eventTypeName: "NO_PRIMARY", notifications: [{ typeName: "GROUP" }] };
const invited = { username: "new@example.com" };
const page = "?includeCount=true&itemsPerPage=100&pageNum=1";

const project: Row = ["POST /groups", "2xx", { name: "shop", orgId: "{orgId}" }];

/** The life cycles by name. */
export const moreRows: Record<string, Row[]> = {
  "Terraform makes an API key, gives it a role in a project, and destroys it": [
    project,
    ["POST /orgs/{orgId}/apiKeys", "2xx", { desc: "ci", roles: ["ORG_MEMBER"] }],
    ["POST /groups/{groupId}/apiKeys/{id}", "204", [{ roles: ["GROUP_OWNER"] }]],
    ["GET /orgs/{orgId}/apiKeys/{id}", "2xx"],
    [`GET /groups/{groupId}/apiKeys${page}`, "2xx"],
    ["PATCH /groups/{groupId}/apiKeys/{id}", "2xx", { roles: ["GROUP_READ_ONLY"] }],
    ["PATCH /orgs/{orgId}/apiKeys/{id}", "2xx", { desc: "cd", roles: ["ORG_MEMBER"] }],
    [`POST /orgs/{orgId}/apiKeys/{id}/accessList${page}`, "2xx", [{ ipAddress: "192.0.2.1" }]],
    ["GET /orgs/{orgId}/apiKeys/{id}/accessList/192.0.2.1", "2xx"],
    ["DELETE /orgs/{orgId}/apiKeys/{id}/accessList/192.0.2.1", "204"],
    ["DELETE /groups/{groupId}/apiKeys/{id}", "204"],
    ["DELETE /orgs/{orgId}/apiKeys/{id}", "204"],
    ["GET /orgs/{orgId}/apiKeys/{id}", "API_KEY_NOT_FOUND"],
  ],
  "Terraform assigns a user to an organization and a project, and takes it back": [
    project,
    ["POST /orgs/{orgId}/users", "201", { ...invited, roles: { orgRoles: ["ORG_MEMBER"] } }],
    ["GET /orgs/{orgId}/users/{id}", "2xx"],
    ["GET /orgs/{orgId}/users?username=new@example.com", "2xx"],
    ["POST /groups/{groupId}/users", "201", { ...invited, roles: ["GROUP_READ_ONLY"] }],
    ["GET /groups/{groupId}/users/{id}", "2xx"],
    ["POST /groups/{groupId}/users/{id}:addRole", "2xx", { groupRole: "GROUP_OWNER" }],
    ["POST /groups/{groupId}/users/{id}:removeRole", "2xx", { groupRole: "GROUP_READ_ONLY" }],
    ["DELETE /groups/{groupId}/users/{id}", "204"],
    ["PATCH /orgs/{orgId}/users/{id}", "2xx", { roles: { orgRoles: ["ORG_READ_ONLY"] } }],
    ["DELETE /orgs/{orgId}/users/{id}", "204"],
    ["GET /orgs/{orgId}/users/{id}", "USER_NOT_FOUND"],
  ],
  "the Atlas CLI invites a user and withdraws the invitation": [
    ["POST /orgs/{orgId}/invites", "2xx", { ...invited, roles: ["ORG_MEMBER"] }],
    ["GET /orgs/{orgId}/invites", "2xx"],
    ["GET /orgs/{orgId}/invites/{id}", "2xx"],
    ["PATCH /orgs/{orgId}/invites", "2xx", { ...invited, roles: ["ORG_READ_ONLY"] }],
    ["PATCH /orgs/{orgId}/invites/{id}", "2xx", { roles: ["ORG_MEMBER"] }],
    ["DELETE /orgs/{orgId}/invites/{id}", "204"],
  ],
  "Terraform makes, changes and destroys an alert configuration": [
    project,
    ["POST /groups/{groupId}/alertConfigs", "201", alert],
    ["GET /groups/{groupId}/alertConfigs/{id}", "2xx"],
    ["PUT /groups/{groupId}/alertConfigs/{id}", "2xx", { ...alert, enabled: true }],
    ["PATCH /groups/{groupId}/alertConfigs/{id}", "2xx", { enabled: false }],
    ["DELETE /groups/{groupId}/alertConfigs/{id}", "204"],
    ["GET /groups/{groupId}/alertConfigs/{id}", "ALERT_CONFIG_NOT_FOUND"],
  ],
  "the Kubernetes operator makes a dedicated cluster with a backup schedule": [
    project,
    ["POST /groups/{groupId}/clusters", "201", dedicated],
    [`GET ${big}`, "2xx"],
    [`GET ${big}/processArgs`, "2xx"],
    [`GET ${big}/backup/schedule`, "2xx"],
    [`PATCH ${big}/backup/schedule`, "2xx", { referenceHourOfDay: 4, policies: [] }],
    [`GET ${big}/backup/snapshots${page}`, "2xx"],
    [`GET ${big}/globalWrites`, "2xx"],
    [`GET ${big}/status`, "2xx"],
    [`DELETE ${big}/backup/schedule`, "2xx"],
    [`DELETE ${big}`, "202"],
    [`GET ${big}`, "200|CLUSTER_NOT_FOUND"],
  ],
};
