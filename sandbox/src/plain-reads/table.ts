/** Reads whose answer is always the same, because the sandbox has nothing of the kind: an empty list or a default. */
import type { Operation } from "../api/operation.ts";
import { type EndpointSet, endpointSets } from "../api/rate-limits.ts";
import type { Json } from "../json.ts";

/** One read. A `page` is an empty one; in any other body `{groupId}` stands for the project's id. */
export type PlainRead = readonly [
  id: Operation["id"],
  path: `/groups/{groupId}/${string}` | `/orgs/{orgId}/${string}`,
  endpointSet: EndpointSet,
  body: "page" | Json[] | { [key: string]: Json },
  version?: string,
  laterVersion?: string,
];

const sets = endpointSets;

/** Recorded shapes where there is a recording, else the documented ones (docs/atlas.md#project-settings). */
export const plainReads: readonly PlainRead[] = [
  ["listGroupAlerts", "/groups/{groupId}/alerts", sets.alerts, "page"],
  [
    "listGroupBackupExportBuckets",
    "/groups/{groupId}/backup/exportBuckets",
    sets.backups,
    "page",
    "2023-01-01",
    "2024-05-30",
  ],
  [
    "listGroupBackupPrivateEndpoints",
    "/groups/{groupId}/backup/{cloudProvider}/privateEndpoints",
    sets.backups,
    "page",
    "2024-11-13",
  ],
  // No policy: an empty object, which Terraform, the operator and the CLI take for none.
  [
    "getGroupBackupCompliancePolicy",
    "/groups/{groupId}/backupCompliancePolicy",
    sets.backups,
    {},
    "2023-01-01",
    "2023-10-01",
  ],
  [
    "listGroupCloudProviderAccess",
    "/groups/{groupId}/cloudProviderAccess",
    sets.cloudProviderAccess,
    { awsIamRoles: [], azureServicePrincipals: [], gcpServiceAccounts: [] },
  ],
  ["listGroupContainers", "/groups/{groupId}/containers", sets.networkPeering, "page"],
  ["listGroupContainerAll", "/groups/{groupId}/containers/all", sets.networkPeering, "page"],
  ["listGroupDataFederation", "/groups/{groupId}/dataFederation", sets.dataFederation, []],
  [
    "getGroupEncryptionAtRest",
    "/groups/{groupId}/encryptionAtRest",
    sets.encryptionAtRest,
    {
      awsKms: { enabled: false, valid: false },
      azureKeyVault: { enabled: false, valid: false },
      enabledForSearchNodes: false,
      googleCloudKms: { enabled: false, valid: false },
    },
  ],
  [
    "listGroupEncryptionAtRestPrivateEndpoints",
    "/groups/{groupId}/encryptionAtRest/{cloudProvider}/privateEndpoints",
    sets.encryptionAtRest,
    "page",
  ],
  ["listGroupEvents", "/groups/{groupId}/events", sets.events, "page"],
  ["listGroupIntegrations", "/groups/{groupId}/integrations", sets.integrations, "page"],
  [
    "getGroupIpAddresses",
    "/groups/{groupId}/ipAddresses",
    sets.ipAddresses,
    { groupId: "{groupId}", services: { clusters: [] } },
  ],
  [
    "listGroupLogIntegrations",
    "/groups/{groupId}/logIntegrations",
    sets.logExports,
    "page",
    "2025-03-12",
  ],
  ["listGroupPeers", "/groups/{groupId}/peers", sets.networkPeering, "page"],
  [
    "listGroupPrivateEndpointEndpointService",
    "/groups/{groupId}/privateEndpoint/{cloudProvider}/endpointService",
    sets.privateEndpoints,
    [],
  ],
  [
    "verifyGroupPrivateIpMode",
    "/groups/{groupId}/privateIpMode",
    sets.networkPeering,
    { enabled: false },
  ],
  [
    "listGroupPrivateNetworkSettingEndpointIds",
    "/groups/{groupId}/privateNetworkSettings/endpointIds",
    sets.dataFederation,
    "page",
  ],
  ["listGroupProcesses", "/groups/{groupId}/processes", sets.monitoring, "page"],
  [
    "getGroupPushBasedLogExport",
    "/groups/{groupId}/pushBasedLogExport",
    sets.logExports,
    { state: "UNCONFIGURED" },
  ],
  ["listGroupServerlessInstances", "/groups/{groupId}/serverless", sets.clusters, "page"],
  ["listGroupStreamWorkspaces", "/groups/{groupId}/streams", sets.streams, "page", "2023-02-01"],
  [
    "listGroupStreamPrivateLinkConnections",
    "/groups/{groupId}/streams/privateLinkConnections",
    sets.streams,
    "page",
    "2023-02-01",
  ],
  [
    "getGroupUserSecurity",
    "/groups/{groupId}/userSecurity",
    sets.ldap,
    { customerX509: {}, ldap: { authenticationEnabled: false, authorizationEnabled: false } },
  ],
  ["listOrgEvents", "/orgs/{orgId}/events", sets.organizationEvents, "page"],
  [
    "getOrgFederationSettings",
    "/orgs/{orgId}/federationSettings",
    sets.organizationFederation,
    { federatedDomains: [], hasRoleMappings: false, identityProviderStatus: "INACTIVE" },
  ],
  ["listOrgInvoices", "/orgs/{orgId}/invoices", sets.invoices, "page"],
  ["listOrgInvoicePending", "/orgs/{orgId}/invoices/pending", sets.invoices, "page"],
  [
    "getOrgNonCompliantResources",
    "/orgs/{orgId}/nonCompliantResources",
    sets.resourcePolicies,
    [],
    "2024-08-05",
  ],
  [
    "listOrgResourcePolicies",
    "/orgs/{orgId}/resourcePolicies",
    sets.resourcePolicies,
    [],
    "2024-08-05",
  ],
];
