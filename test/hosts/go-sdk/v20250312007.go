package main

import (
	"context"
	"log"

	sdk "go.mongodb.org/atlas-sdk/v20250312007/admin"
)

// runV20250312007 has the lines of the page on projects with their own names, which older releases do not have. It invites a
// service account with one object, as Atlas documents; v20250312001 sends a list.
func runV20250312007(ctx context.Context, r *record, credentials string) {
	r.asError = func(err error) (apiError, bool) { return sdk.AsError(err) }
	r.isErrorCode = sdk.IsErrorCode
	auth := sdk.UseOAuthAuth(ctx, clientID, clientSecret)
	if credentials == "api-key" {
		auth = sdk.UseDigestAuth(publicKey, privateKey)
	}
	client, err := sdk.NewClient(sdk.UseBaseURL(baseURL), auth)
	if err != nil {
		log.Fatalf("Error: %v", err)
	}

	params := &sdk.CreateGroupApiParams{Group: &sdk.Group{Name: "shop", OrgId: orgID}}
	sdkResp := call(r, "ProjectsApi.CreateGroup", client.ProjectsApi.
		CreateGroupWithParams(ctx, params).
		Execute)
	group := sdkResp.GetId()
	call(r, "ProjectsApi.CreateGroup, name taken", client.ProjectsApi.CreateGroupWithParams(ctx, params).Execute)
	call(r, "ProjectsApi.GetGroup", client.ProjectsApi.GetGroup(ctx, group).Execute)

	accounts := client.ServiceAccountsApi
	account := call(r, "ServiceAccountsApi.CreateOrgServiceAccount", accounts.CreateOrgServiceAccount(ctx, orgID, &sdk.OrgServiceAccountRequest{
		Name: "deploy", Description: "for deployments", Roles: []string{"ORG_MEMBER"}, SecretExpiresAfterHours: 8,
	}).Execute)
	if account != nil {
		id := account.GetClientId()
		role := &sdk.GroupServiceAccountRoleAssignment{Roles: []string{"GROUP_READ_ONLY"}}
		call(r, "ServiceAccountsApi.InviteGroupServiceAccount", accounts.InviteGroupServiceAccount(ctx, id, group, role).Execute)
		call(r, "ServiceAccountsApi.GetServiceAccountGroups", accounts.GetServiceAccountGroups(ctx, orgID, id).Execute)
		act(r, "ServiceAccountsApi.DeleteOrgServiceAccount", accounts.DeleteOrgServiceAccount(ctx, id, orgID).Execute)
	}

	act(r, "ProjectsApi.DeleteGroup", client.ProjectsApi.DeleteGroup(ctx, group).Execute)
	call(r, "ProjectsApi.GetGroup, deleted", client.ProjectsApi.GetGroup(ctx, group).Execute)
}
