package main

import (
	sdk "go.mongodb.org/atlas-sdk/v20250312001/admin"
)

func (l *lifecycle) settings() {
	ctx, r, api := l.ctx, l.r, l.client.ProjectsApi
	call(r, "ProjectsApi.GetProjectSettings", api.GetProjectSettings(ctx, l.group).Execute)
	off := &sdk.GroupSettings{IsDataExplorerEnabled: ptr(false)}
	call(r, "ProjectsApi.UpdateProjectSettings", api.UpdateProjectSettings(ctx, l.group, off).Execute)

	const limit = "atlas.project.deployment.clusters"
	call(r, "ProjectsApi.ListProjectLimits", api.ListProjectLimits(ctx, l.group).Execute)
	call(r, "ProjectsApi.SetProjectLimit", api.SetProjectLimit(ctx, limit, l.group, &sdk.DataFederationLimit{Name: limit, Value: 10}).Execute)
	call(r, "ProjectsApi.GetProjectLimit", api.GetProjectLimit(ctx, limit, l.group).Execute)
	call(r, "ProjectsApi.DeleteProjectLimit", api.DeleteProjectLimit(ctx, limit, l.group).Execute)

	window := l.client.MaintenanceWindowsApi
	call(r, "MaintenanceWindowsApi.UpdateMaintenanceWindow", window.UpdateMaintenanceWindow(ctx, l.group, &sdk.GroupMaintenanceWindow{DayOfWeek: 7, HourOfDay: ptr(3)}).Execute)
	call(r, "MaintenanceWindowsApi.GetMaintenanceWindow", window.GetMaintenanceWindow(ctx, l.group).Execute)
}

func (l *lifecycle) customRoles() {
	ctx, r, api := l.ctx, l.r, l.client.CustomDatabaseRolesApi
	actions := func(names ...string) *[]sdk.DatabasePrivilegeAction {
		var all []sdk.DatabasePrivilegeAction
		for _, name := range names {
			orders := []sdk.DatabasePermittedNamespaceResource{{Db: "shop", Collection: "orders"}}
			all = append(all, sdk.DatabasePrivilegeAction{Action: name, Resources: &orders})
		}
		return &all
	}
	role := &sdk.UserCustomDBRole{RoleName: "clerk", Actions: actions("FIND")}
	if call(r, "CustomDatabaseRolesApi.CreateCustomDatabaseRole", api.CreateCustomDatabaseRole(ctx, l.group, role).Execute) == nil {
		return
	}
	call(r, "CustomDatabaseRolesApi.CreateCustomDatabaseRole, name taken", api.CreateCustomDatabaseRole(ctx, l.group, role).Execute)
	call(r, "CustomDatabaseRolesApi.GetCustomDatabaseRole", api.GetCustomDatabaseRole(ctx, l.group, "clerk").Execute)
	call(r, "CustomDatabaseRolesApi.ListCustomDatabaseRoles", api.ListCustomDatabaseRoles(ctx, l.group).Execute)
	update := &sdk.UpdateCustomDBRole{Actions: actions("FIND", "INSERT")}
	call(r, "CustomDatabaseRolesApi.UpdateCustomDatabaseRole", api.UpdateCustomDatabaseRole(ctx, l.group, "clerk", update).Execute)
	act(r, "CustomDatabaseRolesApi.DeleteCustomDatabaseRole", api.DeleteCustomDatabaseRole(ctx, l.group, "clerk").Execute)
}

// users gives the id and the name of the first user of the organization.
func (l *lifecycle) users() (string, string) {
	ctx, r, api := l.ctx, l.r, l.client.MongoDBCloudUsersApi
	page := call(r, "MongoDBCloudUsersApi.ListOrganizationUsers", api.ListOrganizationUsers(ctx, orgID).Execute)
	if len(page.GetResults()) == 0 {
		return "", ""
	}
	first := page.GetResults()[0]
	call(r, "MongoDBCloudUsersApi.GetOrganizationUser", api.GetOrganizationUser(ctx, orgID, first.GetId()).Execute)
	call(r, "MongoDBCloudUsersApi.ListProjectUsers", api.ListProjectUsers(ctx, l.group).Execute)
	return first.GetId(), first.GetUsername()
}

func (l *lifecycle) teams(userID string, username string) {
	ctx, r, api := l.ctx, l.r, l.client.TeamsApi
	team := call(r, "TeamsApi.CreateTeam", api.CreateTeam(ctx, orgID, &sdk.Team{Name: "payments", Usernames: []string{username}}).Execute)
	if team == nil {
		return
	}
	id := team.GetId()
	call(r, "TeamsApi.ListOrganizationTeams", api.ListOrganizationTeams(ctx, orgID).Execute)
	call(r, "TeamsApi.GetTeamById", api.GetTeamById(ctx, orgID, id).Execute)
	call(r, "TeamsApi.GetTeamByName", api.GetTeamByName(ctx, orgID, "payments").Execute)
	call(r, "TeamsApi.RenameTeam", api.RenameTeam(ctx, orgID, id, &sdk.TeamUpdate{Name: "billing"}).Execute)
	call(r, "MongoDBCloudUsersApi.ListTeamUsers", l.client.MongoDBCloudUsersApi.ListTeamUsers(ctx, orgID, id).Execute)
	role := func(name string) sdk.TeamRole {
		return sdk.TeamRole{TeamId: &id, RoleNames: &[]string{name}}
	}
	call(r, "TeamsApi.AddAllTeamsToProject", api.AddAllTeamsToProject(ctx, l.group, &[]sdk.TeamRole{role("GROUP_READ_ONLY")}).Execute)
	call(r, "TeamsApi.ListProjectTeams", api.ListProjectTeams(ctx, l.group).Execute)
	call(r, "TeamsApi.UpdateTeamRoles", api.UpdateTeamRoles(ctx, l.group, id, ptr(role("GROUP_OWNER"))).Execute)
	act(r, "TeamsApi.RemoveProjectTeam", api.RemoveProjectTeam(ctx, l.group, id).Execute)
	member := &sdk.AddOrRemoveUserFromTeam{Id: userID}
	call(r, "MongoDBCloudUsersApi.RemoveUserFromTeam", l.client.MongoDBCloudUsersApi.RemoveUserFromTeam(ctx, orgID, id, member).Execute)
	call(r, "MongoDBCloudUsersApi.AddUserToTeam", l.client.MongoDBCloudUsersApi.AddUserToTeam(ctx, orgID, id, member).Execute)
	call(r, "TeamsApi.DeleteTeam", api.DeleteTeam(ctx, orgID, id).Execute)
}

func (l *lifecycle) serviceAccounts() {
	ctx, r, api := l.ctx, l.r, l.client.ServiceAccountsApi
	account := call(r, "ServiceAccountsApi.CreateServiceAccount", api.CreateServiceAccount(ctx, orgID, &sdk.OrgServiceAccountRequest{
		Name: "deploy", Description: "for deployments", Roles: []string{"ORG_MEMBER"}, SecretExpiresAfterHours: 8,
	}).Execute)
	if account == nil {
		return
	}
	id := account.GetClientId()
	call(r, "ServiceAccountsApi.ListServiceAccounts", api.ListServiceAccounts(ctx, orgID).Execute)
	call(r, "ServiceAccountsApi.GetServiceAccount", api.GetServiceAccount(ctx, orgID, id).Execute)
	update := &sdk.OrgServiceAccountUpdateRequest{Description: ptr("for releases")}
	call(r, "ServiceAccountsApi.UpdateServiceAccount", api.UpdateServiceAccount(ctx, id, orgID, update).Execute)
	second := &sdk.ServiceAccountSecretRequest{SecretExpiresAfterHours: 8}
	secret := call(r, "ServiceAccountsApi.CreateServiceAccountSecret", api.CreateServiceAccountSecret(ctx, orgID, id, second).Execute)
	act(r, "ServiceAccountsApi.DeleteServiceAccountSecret", api.DeleteServiceAccountSecret(ctx, id, secret.GetId(), orgID).Execute)
	entry := &[]sdk.ServiceAccountIPAccessListEntry{{IpAddress: ptr("203.0.113.7")}}
	call(r, "ServiceAccountsApi.CreateServiceAccountAccessList", api.CreateServiceAccountAccessList(ctx, orgID, id, entry).Execute)
	call(r, "ServiceAccountsApi.ListServiceAccountAccessList", api.ListServiceAccountAccessList(ctx, orgID, id).Execute)
	act(r, "ServiceAccountsApi.DeleteServiceAccountAccessListEntry", api.DeleteServiceAccountAccessListEntry(ctx, orgID, id, "203.0.113.7").Execute)
	call(r, "ServiceAccountsApi.ListServiceAccountProjects", api.ListServiceAccountProjects(ctx, orgID, id).Execute)
	act(r, "ServiceAccountsApi.DeleteServiceAccount", api.DeleteServiceAccount(ctx, id, orgID).Execute)

	own := call(r, "ServiceAccountsApi.CreateProjectServiceAccount", api.CreateProjectServiceAccount(ctx, l.group, &sdk.GroupServiceAccountRequest{
		Name: "read", Description: "reads", Roles: []string{"GROUP_READ_ONLY"}, SecretExpiresAfterHours: 8,
	}).Execute)
	if own == nil {
		return
	}
	id = own.GetClientId()
	call(r, "ServiceAccountsApi.ListProjectServiceAccounts", api.ListProjectServiceAccounts(ctx, l.group).Execute)
	call(r, "ServiceAccountsApi.GetProjectServiceAccount", api.GetProjectServiceAccount(ctx, l.group, id).Execute)
	change := &sdk.GroupServiceAccountUpdateRequest{Description: ptr("reads only")}
	call(r, "ServiceAccountsApi.UpdateProjectServiceAccount", api.UpdateProjectServiceAccount(ctx, id, l.group, change).Execute)
	call(r, "ServiceAccountsApi.DeleteProjectServiceAccount", api.DeleteProjectServiceAccount(ctx, id, l.group).Execute)
}
