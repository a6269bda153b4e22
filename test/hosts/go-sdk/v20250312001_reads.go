package main

import (
	"go.mongodb.org/atlas-sdk/v20250312001/admin"
)

// reads are what programs look at without having changed it.
func (l *lifecycle) reads() {
	ctx, r, c, group := l.ctx, l.r, l.client, l.group
	call(r, "RootApi.GetSystemStatus", c.RootApi.GetSystemStatus(ctx).Execute)
	call(r, "OrganizationsApi.GetOrganization", c.OrganizationsApi.GetOrganization(ctx, orgID).Execute)
	call(r, "OrganizationsApi.GetOrganizationSettings", c.OrganizationsApi.GetOrganizationSettings(ctx, orgID).Execute)
	call(r, "InvoicesApi.ListPendingInvoices", c.InvoicesApi.ListPendingInvoices(ctx, orgID).Execute)
	call(r, "ProgrammaticAPIKeysApi.ListApiKeys", c.ProgrammaticAPIKeysApi.ListApiKeys(ctx, orgID).Execute)
	call(r, "ProgrammaticAPIKeysApi.ListProjectApiKeys", c.ProgrammaticAPIKeysApi.ListProjectApiKeys(ctx, group).Execute)
	call(r, "EventsApi.ListOrganizationEvents", c.EventsApi.ListOrganizationEvents(ctx, orgID).Execute)
	call(r, "EventsApi.ListProjectEvents", c.EventsApi.ListProjectEvents(ctx, group).Execute)
	call(r, "AlertsApi.ListAlerts", c.AlertsApi.ListAlerts(ctx, group).Execute)
	call(r, "AlertConfigurationsApi.ListAlertConfigurations", c.AlertConfigurationsApi.ListAlertConfigurations(ctx, group).Execute)
	call(r, "ProjectsApi.ReturnAllIpAddresses", c.ProjectsApi.ReturnAllIpAddresses(ctx, group).Execute)
	call(r, "AuditingApi.GetAuditingConfiguration", c.AuditingApi.GetAuditingConfiguration(ctx, group).Execute)
	call(r, "EncryptionAtRestUsingCustomerKeyManagementApi.GetEncryptionAtRest", c.EncryptionAtRestUsingCustomerKeyManagementApi.GetEncryptionAtRest(ctx, group).Execute)
	call(r, "LDAPConfigurationApi.GetLdapConfiguration", c.LDAPConfigurationApi.GetLdapConfiguration(ctx, group).Execute)
	call(r, "CloudBackupsApi.GetDataProtectionSettings", c.CloudBackupsApi.GetDataProtectionSettings(ctx, group).Execute)
	call(r, "CloudProviderAccessApi.ListCloudProviderAccessRoles", c.CloudProviderAccessApi.ListCloudProviderAccessRoles(ctx, group).Execute)
	call(r, "ThirdPartyIntegrationsApi.ListThirdPartyIntegrations", c.ThirdPartyIntegrationsApi.ListThirdPartyIntegrations(ctx, group).Execute)
	call(r, "NetworkPeeringApi.ListPeeringConnections", c.NetworkPeeringApi.ListPeeringConnections(ctx, group).Execute)
	call(r, "NetworkPeeringApi.ListPeeringContainers", c.NetworkPeeringApi.ListPeeringContainers(ctx, group).Execute)
	call(r, "NetworkPeeringApi.ListPeeringContainerByCloudProvider", c.NetworkPeeringApi.ListPeeringContainerByCloudProvider(ctx, group).ProviderName("AWS").Execute)
	call(r, "PrivateEndpointServicesApi.ListPrivateEndpointServices", c.PrivateEndpointServicesApi.ListPrivateEndpointServices(ctx, group, "AWS").Execute)
	call(r, "ClustersApi.ListCloudProviderRegions", c.ClustersApi.ListCloudProviderRegions(ctx, group).Providers([]string{"AWS"}).Tier("FLEX").Execute)
}

// clusters creates a dedicated cluster, changes it and deletes it.
func (l *lifecycle) clusters() {
	ctx, r, api := l.ctx, l.r, l.client.ClustersApi
	region := admin.CloudRegionConfig20240805{
		ProviderName: ptr("AWS"), RegionName: ptr("US_EAST_1"), Priority: ptr(7),
		ElectableSpecs: &admin.HardwareSpec20240805{InstanceSize: ptr("M10"), NodeCount: ptr(3)},
	}
	cluster := &admin.ClusterDescription20240805{
		Name: ptr("big"), ClusterType: ptr("REPLICASET"),
		ReplicationSpecs: &[]admin.ReplicationSpec20240805{{RegionConfigs: &[]admin.CloudRegionConfig20240805{region}}},
	}
	change := func(step string, name string, protected bool) {
		update := &admin.ClusterDescription20240805{TerminationProtectionEnabled: &protected}
		call(r, step, api.UpdateCluster(ctx, l.group, name, update).Execute)
	}
	created := call(r, "ClustersApi.CreateCluster", api.CreateCluster(ctx, l.group, cluster).Execute)
	call(r, "ClustersApi.ListClusters", api.ListClusters(ctx, l.group).Execute)
	call(r, "ClustersApi.ListClustersForAllProjects", api.ListClustersForAllProjects(ctx).Execute)
	change("ClustersApi.UpdateCluster, a flex cluster", "db", true)
	if created == nil {
		return
	}
	until(r, "ClustersApi.GetCluster, until IDLE", api.GetCluster(ctx, l.group, "big").Execute,
		func(cluster *admin.ClusterDescription20240805, err error) bool {
			return err != nil || cluster.GetStateName() == "IDLE"
		})
	change("ClustersApi.UpdateCluster", "big", true)
	act(r, "ClustersApi.DeleteCluster, protected", api.DeleteCluster(ctx, l.group, "big").Execute)
	change("ClustersApi.UpdateCluster, again", "big", false)
	act(r, "ClustersApi.DeleteCluster", api.DeleteCluster(ctx, l.group, "big").Execute)
	until(r, "ClustersApi.GetCluster, until gone", api.GetCluster(ctx, l.group, "big").Execute, failed)
}
