/** The steps of each release's life cycle, and the status and error code that each must be answered with. */

/** The steps of one API of the SDK. */
const of = (api: string, steps: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(steps).map(([step, answer]) => [`${api}.${step}`, answer]));

const all = (status: string, ...names: string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, status]));

const taken = "409 GROUP_ALREADY_EXISTS";
const noProject = "404 GROUP_NOT_FOUND";
const noCluster = "404 CLUSTER_NOT_FOUND";

const accessList = {
  ...all("201", "CreateProjectIpAccessList"),
  ...all("200", "ListProjectIpAccessLists"),
  ...all("204", "DeleteProjectIpAccessList"),
};

const users = {
  ...all("201", "CreateDatabaseUser"),
  ...all("200", "ListDatabaseUsers"),
  ...all("204", "DeleteDatabaseUser"),
};

const clusters = {
  CreateCluster: "201",
  ...all("200", "GetCluster, until IDLE", "ListClusters"),
  DeleteCluster: "202",
  "GetCluster, until gone": noCluster,
};

const v20231115014 = {
  ...of("ProjectsApi", {
    CreateProject: "201",
    "CreateProject, name taken": taken,
    ...all("200", "GetProjectByName", "ListProjects", "UpdateProject"),
    DeleteProject: "202",
    "GetProject, deleted": noProject,
  }),
  ...of("OrganizationsApi", all("200", "GetOrganization")),
  ...of("DatabaseUsersApi", users),
  ...of("ProjectIPAccessListApi", accessList),
  ...of("ClustersApi", clusters),
};

const v20250312007 = {
  ...of("ProjectsApi", {
    CreateGroup: "201",
    "CreateGroup, name taken": taken,
    GetGroup: "200",
    DeleteGroup: "202",
    "GetGroup, deleted": noProject,
  }),
  ...of("ServiceAccountsApi", {
    CreateOrgServiceAccount: "201",
    ...all("200", "InviteGroupServiceAccount", "GetServiceAccountGroups"),
    DeleteOrgServiceAccount: "204",
  }),
};

const v20250312001 = {
  ...of("ProjectsApi", {
    CreateProject: "201",
    "CreateProject, name taken": taken,
    "GetProject, unknown": noProject,
    ...all("200", "GetProject", "GetProjectByName", "ListProjects", "UpdateProject"),
    ...all("200", "GetProjectSettings", "UpdateProjectSettings", "ReturnAllIpAddresses"),
    ...all("200", "ListProjectLimits", "GetProjectLimit", "SetProjectLimit"),
    DeleteProjectLimit: "204",
    "DeleteProject, has a cluster": "409 CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS",
    DeleteProject: "202",
    "GetProject, deleted": noProject,
  }),
  ...of("FlexClustersApi", {
    CreateFlexCluster: "201",
    "CreateFlexCluster, name taken": "400 DUPLICATE_CLUSTER_NAME",
    ...all("200", "GetFlexCluster, until IDLE", "ListFlexClusters", "UpdateFlexCluster"),
    "DeleteFlexCluster, protected": "400 ATLAS_GENERAL_ERROR",
    "UpdateFlexCluster, again": "200",
    DeleteFlexCluster: "204",
    "GetFlexCluster, until gone": noCluster,
  }),
  ...of("FlexSnapshotsApi", all("200", "ListFlexBackups")),
  ...of("DatabaseUsersApi", {
    ...users,
    "CreateDatabaseUser, name taken": "409 USER_ALREADY_EXISTS",
    ...all("200", "GetDatabaseUser", "UpdateDatabaseUser"),
    "GetDatabaseUser, deleted": "404 USERNAME_NOT_FOUND",
  }),
  ...of("ProjectIPAccessListApi", {
    ...accessList,
    ...all("200", "GetProjectIpList", "GetProjectIpAccessListStatus"),
    "GetProjectIpList, deleted": "404 ATLAS_NETWORK_PERMISSION_ENTRY_NOT_FOUND",
  }),
  ...of("ClustersApi", {
    ...clusters,
    ...all("200", "ListClustersForAllProjects", "ListCloudProviderRegions"),
    ...all("200", "UpdateCluster", "UpdateCluster, again"),
    "DeleteCluster, protected": "400 CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED",
    "UpdateCluster, a flex cluster": "400 CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API",
  }),
  ...of("CustomDatabaseRolesApi", {
    CreateCustomDatabaseRole: "202",
    "CreateCustomDatabaseRole, name taken": "409 ATLAS_CUSTOM_ROLE_NAME_ALREADY_EXISTS",
    ...all("200", "GetCustomDatabaseRole", "ListCustomDatabaseRoles", "UpdateCustomDatabaseRole"),
    DeleteCustomDatabaseRole: "204",
  }),
  ...of("MongoDBCloudUsersApi", {
    ...all("200", "ListOrganizationUsers", "GetOrganizationUser", "ListProjectUsers"),
    ...all("200", "ListTeamUsers", "RemoveUserFromTeam", "AddUserToTeam"),
  }),
  ...of("TeamsApi", {
    CreateTeam: "201",
    ...all("200", "ListOrganizationTeams", "GetTeamById", "GetTeamByName", "RenameTeam"),
    ...all("200", "AddAllTeamsToProject", "ListProjectTeams", "UpdateTeamRoles"),
    ...all("204", "RemoveProjectTeam", "DeleteTeam"),
  }),
  ...of("ServiceAccountsApi", {
    ...all("201", "CreateServiceAccount", "CreateServiceAccountSecret"),
    ...all("200", "ListServiceAccounts", "GetServiceAccount", "UpdateServiceAccount"),
    ...all("200", "CreateServiceAccountAccessList", "ListServiceAccountAccessList"),
    ...all("200", "ListServiceAccountProjects"),
    ...all("204", "DeleteServiceAccountSecret", "DeleteServiceAccountAccessListEntry"),
    ...all("204", "DeleteServiceAccount", "DeleteProjectServiceAccount"),
    CreateProjectServiceAccount: "201",
    ...all("200", "ListProjectServiceAccounts", "GetProjectServiceAccount"),
    ...all("200", "UpdateProjectServiceAccount"),
  }),
  ...of("OrganizationsApi", {
    ...all("200", "ListOrganizationProjects", "GetOrganization", "GetOrganizationSettings"),
    "ListOrganizations, too often": "429 RATE_LIMITED_TOKEN_BUCKET",
  }),
  ...of("RootApi", all("200", "GetSystemStatus")),
  ...of("InvoicesApi", all("200", "ListPendingInvoices")),
  ...of("ProgrammaticAPIKeysApi", all("200", "ListApiKeys", "ListProjectApiKeys")),
  ...of("EventsApi", all("200", "ListOrganizationEvents", "ListProjectEvents")),
  ...of("AlertsApi", all("200", "ListAlerts")),
  ...of("AlertConfigurationsApi", all("200", "ListAlertConfigurations")),
  ...of("AuditingApi", all("200", "GetAuditingConfiguration")),
  ...of("EncryptionAtRestUsingCustomerKeyManagementApi", all("200", "GetEncryptionAtRest")),
  ...of("LDAPConfigurationApi", all("200", "GetLdapConfiguration")),
  ...of("CloudBackupsApi", all("200", "GetDataProtectionSettings")),
  ...of("CloudProviderAccessApi", all("200", "ListCloudProviderAccessRoles")),
  ...of("ThirdPartyIntegrationsApi", all("200", "ListThirdPartyIntegrations")),
  ...of("MaintenanceWindowsApi", all("200", "GetMaintenanceWindow", "UpdateMaintenanceWindow")),
  ...of("NetworkPeeringApi", {
    ...all("200", "ListPeeringConnections", "ListPeeringContainers"),
    ...all("200", "ListPeeringContainerByCloudProvider"),
  }),
  ...of("PrivateEndpointServicesApi", all("200", "ListPrivateEndpointServices")),
};

export const steps: Record<string, Record<string, string>> = {
  v20231115014,
  v20250312001,
  v20250312007,
};

const unknown = (...members: string[]) => members.map((member) => `${member} is unknown`);
const missing = (...members: string[]) => members.map((member) => `${member} is missing`);

/** By release and API: the members that Atlas answers today and an older type does not have, and those that it leaves out although a type requires them. */
export const differences: Record<string, Record<string, string[]>> = {
  v20231115014: {
    OrganizationsApi: unknown("skipDefaultAlertsSettings"),
    ClustersApi: unknown("effectiveInstanceSize", "zoneId"),
  },
  v20250312001: {
    ProjectsApi: unknown(
      ...["isAtlasHomePageAiAssistantEnabled", "isClusterAiAssistantEnabled"],
      ...["isDataValidationEnabled", "isNativeRerankingEnabled"],
    ),
    OrganizationsApi: unknown("streamsCrossGroupEnabled"),
    EncryptionAtRestUsingCustomerKeyManagementApi: unknown("enabledForSearchNodes"),
    CloudProviderAccessApi: unknown("gcpServiceAccounts"),
    ClustersApi: unknown(
      ...["adaptiveCapacity", "customOpensslCipherConfigTls13", "effectiveAnalyticsSpecs"],
      ...["effectiveDatabaseEdition", "effectiveElectableSpecs", "effectiveReadOnlySpecs"],
      ...["effectiveReplicationSpecs", "internalClusterRole", "retainBackups"],
      "useAwsTimeBasedSnapshotCopyForFastInitialSync",
    ),
    CustomDatabaseRolesApi: missing("cluster"),
    CloudBackupsApi: missing(
      ...["authorizedEmail", "authorizedUserFirstName", "authorizedUserLastName"],
    ),
  },
  v20250312007: { ServiceAccountsApi: unknown("roles") },
};
