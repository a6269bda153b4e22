package main

import (
	"context"
	"log"

	sdk "go.mongodb.org/atlas-sdk/v20250312007/admin"
)

// runV20250312007 has the lines of the page on projects with their own names, which older releases do not have.
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
	act(r, "ProjectsApi.DeleteGroup", client.ProjectsApi.DeleteGroup(ctx, group).Execute)
	call(r, "ProjectsApi.GetGroup, deleted", client.ProjectsApi.GetGroup(ctx, group).Execute)
}
