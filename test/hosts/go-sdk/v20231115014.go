package main

import (
	"context"
	"log"

	sdk "go.mongodb.org/atlas-sdk/v20231115014/admin"
	"golang.org/x/oauth2/clientcredentials"
)

// runV20231115014 is a life cycle in the versions 2023-01-01 and 2023-02-01 of the API. This release has no flex clusters.
func runV20231115014(ctx context.Context, r *record, credentials string) {
	r.asError = func(err error) (apiError, bool) { return sdk.AsError(err) }
	r.isErrorCode = sdk.IsErrorCode
	auth := sdk.UseDigestAuth(publicKey, privateKey)
	if credentials == "service-account" {
		// It has no UseOAuthAuth, but takes any client.
		config := clientcredentials.Config{
			ClientID: clientID, ClientSecret: clientSecret, TokenURL: baseURL + "/api/oauth/token",
		}
		auth = sdk.UseHTTPClient(config.Client(ctx))
	}
	client, err := sdk.NewClient(sdk.UseBaseURL(baseURL), auth)
	if err != nil {
		log.Fatalf("Error: %v", err)
	}

	projects := client.ProjectsApi
	params := &sdk.CreateProjectApiParams{Group: &sdk.Group{Name: "shop", OrgId: orgID}}
	sdkResp := call(r, "ProjectsApi.CreateProject", projects.
		CreateProjectWithParams(ctx, params).
		Execute)
	group := sdkResp.GetId()
	call(r, "ProjectsApi.CreateProject, name taken", projects.CreateProjectWithParams(ctx, params).Execute)
	call(r, "ProjectsApi.GetProjectByName", projects.GetProjectByName(ctx, "shop").Execute)
	call(r, "ProjectsApi.ListProjects", projects.ListProjects(ctx).Execute)
	call(r, "ProjectsApi.UpdateProject", projects.UpdateProject(ctx, group, &sdk.GroupUpdate{Name: ptr("store")}).Execute)
	call(r, "OrganizationsApi.GetOrganization", client.OrganizationsApi.GetOrganization(ctx, orgID).Execute)

	users := client.DatabaseUsersApi
	role := []sdk.DatabaseUserRole{{RoleName: "readWriteAnyDatabase", DatabaseName: "admin"}}
	user := &sdk.CloudDatabaseUser{
		Username: "app", Password: ptr("a-password-of-its-own"), DatabaseName: "admin", GroupId: group, Roles: &role,
	}
	call(r, "DatabaseUsersApi.CreateDatabaseUser", users.CreateDatabaseUser(ctx, group, user).Execute)
	call(r, "DatabaseUsersApi.ListDatabaseUsers", users.ListDatabaseUsers(ctx, group).Execute)
	call(r, "DatabaseUsersApi.DeleteDatabaseUser", users.DeleteDatabaseUser(ctx, group, "admin", "app").Execute)

	list := client.ProjectIPAccessListApi
	entries := &[]sdk.NetworkPermissionEntry{{CidrBlock: ptr("10.0.0.0/8")}}
	call(r, "ProjectIPAccessListApi.CreateProjectIpAccessList", list.CreateProjectIpAccessList(ctx, group, entries).Execute)
	call(r, "ProjectIPAccessListApi.ListProjectIpAccessLists", list.ListProjectIpAccessLists(ctx, group).Execute)
	call(r, "ProjectIPAccessListApi.DeleteProjectIpAccessList", list.DeleteProjectIpAccessList(ctx, group, "10.0.0.0/8").Execute)

	clusters := client.ClustersApi
	region := sdk.CloudRegionConfig{
		ProviderName: ptr("TENANT"), BackingProviderName: ptr("AWS"), RegionName: ptr("US_EAST_1"), Priority: ptr(7),
		ElectableSpecs: &sdk.HardwareSpec{InstanceSize: ptr("M0")},
	}
	free := &sdk.AdvancedClusterDescription{
		Name: ptr("free"), ClusterType: ptr("REPLICASET"),
		ReplicationSpecs: &[]sdk.ReplicationSpec{{RegionConfigs: &[]sdk.CloudRegionConfig{region}}},
	}
	call(r, "ClustersApi.ListClusters", clusters.ListClusters(ctx, group).Execute)
	if call(r, "ClustersApi.CreateCluster", clusters.CreateCluster(ctx, group, free).Execute) != nil {
		until(r, "ClustersApi.GetCluster, until IDLE", clusters.GetCluster(ctx, group, "free").Execute,
			func(cluster *sdk.AdvancedClusterDescription, err error) bool {
				return err != nil || cluster.GetStateName() == "IDLE"
			})
		act(r, "ClustersApi.DeleteCluster", clusters.DeleteCluster(ctx, group, "free").Execute)
		until(r, "ClustersApi.GetCluster, until gone", clusters.GetCluster(ctx, group, "free").Execute, failed)
	}

	call(r, "ProjectsApi.DeleteProject", projects.DeleteProject(ctx, group).Execute)
	call(r, "ProjectsApi.GetProject, deleted", projects.GetProject(ctx, group).Execute)
}
