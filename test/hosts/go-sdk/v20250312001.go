package main

import (
	"context"
	"log"

	sdk "go.mongodb.org/atlas-sdk/v20250312001/admin"
)

// lifecycle is what the steps of this release have in common.
type lifecycle struct {
	ctx    context.Context
	r      *record
	client *sdk.APIClient
	group  string
}

// runV20250312001 goes from the lines of the documentation's pages to a project that is gone.
func runV20250312001(ctx context.Context, r *record, credentials string) {
	r.asError = func(err error) (apiError, bool) { return sdk.AsError(err) }
	r.isErrorCode = sdk.IsErrorCode
	auth := sdk.UseOAuthAuth(ctx, clientID, clientSecret)
	if credentials == "api-key" {
		auth = sdk.UseDigestAuth(publicKey, privateKey)
	}
	// The address comes first: UseOAuthAuth takes that of the tokens from it.
	client, err := sdk.NewClient(sdk.UseBaseURL(baseURL), auth)
	if err != nil {
		log.Fatalf("Error: %v", err)
	}
	l := &lifecycle{ctx: ctx, r: r, client: client}

	project := &sdk.CreateProjectApiParams{Group: &sdk.Group{Name: "shop", OrgId: orgID}}
	sdkResp := call(r, "ProjectsApi.CreateProject", client.ProjectsApi.
		CreateProjectWithParams(ctx, project).
		Execute)
	l.group = sdkResp.GetId()

	cluster := &sdk.CreateFlexClusterApiParams{
		GroupId: l.group,
		FlexClusterDescriptionCreate20241113: &sdk.FlexClusterDescriptionCreate20241113{
			Name:             "db",
			ProviderSettings: sdk.FlexProviderSettingsCreate20241113{BackingProviderName: "AWS", RegionName: "US_EAST_1"},
			Tags:             &[]sdk.ResourceTag{{Key: "team", Value: "checkout"}},
		},
	}
	call(r, "FlexClustersApi.CreateFlexCluster", client.FlexClustersApi.
		CreateFlexClusterWithParams(ctx, cluster).
		Execute)

	l.projects(project)
	l.flexClusters(cluster)
	l.databaseUsers()
	l.accessList()
	l.settings()
	l.customRoles()
	l.teams(l.users())
	l.serviceAccounts()
	l.reads()
	l.clusters()
	l.deleteAll()
	l.rateLimit()
}

func (l *lifecycle) projects(taken *sdk.CreateProjectApiParams) {
	ctx, r, api := l.ctx, l.r, l.client.ProjectsApi
	call(r, "ProjectsApi.CreateProject, name taken", api.CreateProjectWithParams(ctx, taken).Execute)
	call(r, "ProjectsApi.GetProject", api.GetProject(ctx, l.group).Execute)
	call(r, "ProjectsApi.GetProject, unknown", api.GetProject(ctx, "0123456789abcdef01234567").Execute)
	call(r, "ProjectsApi.GetProjectByName", api.GetProjectByName(ctx, "shop").Execute)
	call(r, "ProjectsApi.ListProjects", api.ListProjects(ctx).Execute)
	update := &sdk.GroupUpdate{Name: ptr("store"), Tags: &[]sdk.ResourceTag{{Key: "team", Value: "checkout"}}}
	call(r, "ProjectsApi.UpdateProject", api.UpdateProject(ctx, l.group, update).Execute)
	call(r, "OrganizationsApi.ListOrganizationProjects", l.client.OrganizationsApi.ListOrganizationProjects(ctx, orgID).Execute)
}

func (l *lifecycle) flexClusters(taken *sdk.CreateFlexClusterApiParams) {
	ctx, r, api := l.ctx, l.r, l.client.FlexClustersApi
	call(r, "FlexClustersApi.CreateFlexCluster, name taken", api.CreateFlexClusterWithParams(ctx, taken).Execute)
	until(r, "FlexClustersApi.GetFlexCluster, until IDLE", api.GetFlexCluster(ctx, l.group, "db").Execute,
		func(cluster *sdk.FlexClusterDescription20241113, err error) bool {
			return err != nil || cluster.GetStateName() == "IDLE"
		})
	call(r, "FlexClustersApi.ListFlexClusters", api.ListFlexClusters(ctx, l.group).Execute)
	protect := func(step string, on bool) {
		update := &sdk.FlexClusterDescriptionUpdate20241113{TerminationProtectionEnabled: &on}
		call(r, step, api.UpdateFlexCluster(ctx, l.group, "db", update).Execute)
	}
	protect("FlexClustersApi.UpdateFlexCluster", true)
	call(r, "FlexClustersApi.DeleteFlexCluster, protected", api.DeleteFlexCluster(ctx, l.group, "db").Execute)
	protect("FlexClustersApi.UpdateFlexCluster, again", false)
	call(r, "FlexSnapshotsApi.ListFlexBackups", l.client.FlexSnapshotsApi.ListFlexBackups(ctx, l.group, "db").Execute)
	call(r, "ProjectsApi.DeleteProject, has a cluster", l.client.ProjectsApi.DeleteProject(ctx, l.group).Execute)
}

func (l *lifecycle) databaseUsers() {
	ctx, r, api := l.ctx, l.r, l.client.DatabaseUsersApi
	role := []sdk.DatabaseUserRole{{RoleName: "readWriteAnyDatabase", DatabaseName: "admin"}}
	user := &sdk.CloudDatabaseUser{
		Username: "app", Password: ptr("a-password-of-its-own"), DatabaseName: "admin", GroupId: l.group, Roles: &role,
	}
	call(r, "DatabaseUsersApi.CreateDatabaseUser", api.CreateDatabaseUser(ctx, l.group, user).Execute)
	call(r, "DatabaseUsersApi.CreateDatabaseUser, name taken", api.CreateDatabaseUser(ctx, l.group, user).Execute)
	call(r, "DatabaseUsersApi.GetDatabaseUser", api.GetDatabaseUser(ctx, l.group, "admin", "app").Execute)
	call(r, "DatabaseUsersApi.ListDatabaseUsers", api.ListDatabaseUsers(ctx, l.group).Execute)
	update := &sdk.CloudDatabaseUser{
		Username: "app", DatabaseName: "admin", GroupId: l.group, Roles: &role, Description: ptr("the shop"),
	}
	call(r, "DatabaseUsersApi.UpdateDatabaseUser", api.UpdateDatabaseUser(ctx, l.group, "admin", "app", update).Execute)
	call(r, "DatabaseUsersApi.DeleteDatabaseUser", api.DeleteDatabaseUser(ctx, l.group, "admin", "app").Execute)
	call(r, "DatabaseUsersApi.GetDatabaseUser, deleted", api.GetDatabaseUser(ctx, l.group, "admin", "app").Execute)
}

func (l *lifecycle) accessList() {
	ctx, r, api := l.ctx, l.r, l.client.ProjectIPAccessListApi
	entries := &[]sdk.NetworkPermissionEntry{{IpAddress: ptr("203.0.113.7"), Comment: ptr("office")}}
	call(r, "ProjectIPAccessListApi.CreateProjectIpAccessList", api.CreateProjectIpAccessList(ctx, l.group, entries).Execute)
	call(r, "ProjectIPAccessListApi.GetProjectIpList", api.GetProjectIpList(ctx, l.group, "203.0.113.7").Execute)
	call(r, "ProjectIPAccessListApi.ListProjectIpAccessLists", api.ListProjectIpAccessLists(ctx, l.group).Execute)
	call(r, "ProjectIPAccessListApi.GetProjectIpAccessListStatus", api.GetProjectIpAccessListStatus(ctx, l.group, "203.0.113.7/32").Execute)
	call(r, "ProjectIPAccessListApi.DeleteProjectIpAccessList", api.DeleteProjectIpAccessList(ctx, l.group, "203.0.113.7").Execute)
	call(r, "ProjectIPAccessListApi.GetProjectIpList, deleted", api.GetProjectIpList(ctx, l.group, "203.0.113.7").Execute)
}

func (l *lifecycle) deleteAll() {
	ctx, r := l.ctx, l.r
	call(r, "FlexClustersApi.DeleteFlexCluster", l.client.FlexClustersApi.DeleteFlexCluster(ctx, l.group, "db").Execute)
	until(r, "FlexClustersApi.GetFlexCluster, until gone", l.client.FlexClustersApi.GetFlexCluster(ctx, l.group, "db").Execute, failed)
	call(r, "ProjectsApi.DeleteProject", l.client.ProjectsApi.DeleteProject(ctx, l.group).Execute)
	call(r, "ProjectsApi.GetProject, deleted", l.client.ProjectsApi.GetProject(ctx, l.group).Execute)
}

// rateLimit lists the organizations more often than their endpoints allow.
func (l *lifecycle) rateLimit() {
	api := l.client.OrganizationsApi
	until(l.r, "OrganizationsApi.ListOrganizations, too often", api.ListOrganizations(l.ctx).Execute, failed)
}
