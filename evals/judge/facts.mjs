// What is true in the account at one moment, one flat object a resource, and what has changed between two moments.
const leaseKey = "atlas-provision-mcp.delete-after";

/** The end in the tag of a lease, such as 2030-12-24T18:00:00Z. */
const endOf = (value) =>
  value?.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z.*$/, "$1-$2-$3T$4:$5:$6Z");

const tagsOf = (tags) =>
  Object.fromEntries(
    tags.filter(({ key }) => key !== leaseKey).map(({ key, value }) => [key, value]),
  );

const leased = ({ tags }) => ({
  tags: tagsOf(tags),
  until: endOf(tags.find(({ key }) => key === leaseKey)?.value),
});

const hardwareOf = ({ replicationSpecs = [], paused }) => {
  const { providerName, backingProviderName, regionName, electableSpecs } =
    replicationSpecs[0]?.regionConfigs?.[0] ?? {};
  const { instanceSize } = electableSpecs ?? {};
  return {
    tier: instanceSize === "M0" ? "FREE" : instanceSize,
    provider: backingProviderName ?? providerName,
    region: regionName,
    paused: paused === true,
  };
};

/**
 * The resources of a sandbox's state by their ids: `kind` (project, cluster, user, entry, ephemeral), `key` ("shop",
 * "shop/orders"), the organization's name, and what tells one resource from another.
 */
export const factsOf = (state) => {
  const organizationOf = (id) => state.organizations.find((one) => one.id === id)?.name;
  const projects = new Map(state.projects.map((project) => [project.id, project]));
  const inProject = (kind, groupId, name) => ({
    kind,
    key: `${projects.get(groupId)?.name}/${name}`,
    organization: organizationOf(projects.get(groupId)?.orgId),
    projectId: groupId,
  });
  const cluster = (one) => [
    one.id,
    {
      id: one.id,
      ...inProject("cluster", one.groupId, one.name),
      protected: one.terminationProtectionEnabled,
      ...leased(one),
    },
  ];
  const alive = ({ stateName }) => stateName !== "DELETING";
  const all = [
    ...state.projects.map((one) => [
      one.id,
      {
        id: one.id,
        kind: "project",
        key: one.name,
        name: one.name,
        organization: organizationOf(one.orgId),
        owner: one.projectOwnerId,
        ...leased(one),
      },
    ]),
    ...state.clusters.filter(alive).map((one) => {
      const [id, fact] = cluster(one);
      const { backingProviderName: provider, regionName: region } = one.providerSettings;
      return [id, { ...fact, tier: "FLEX", provider, region, host: hostOf(one), paused: false }];
    }),
    ...state.advancedClusters.filter(alive).map((one) => {
      const [id, fact] = cluster(one);
      return [id, { ...fact, ...hardwareOf(one) }];
    }),
    ...state.users.map((one) => [
      `${one.groupId}/${one.databaseName}/${one.username}`,
      {
        ...inProject("user", one.groupId, one.username),
        roles: one.roles
          .map(({ roleName, databaseName, collectionName }) =>
            [`${roleName}@${databaseName}`, collectionName].filter(Boolean).join("."),
          )
          .sort(),
        scopes: one.scopes.map(({ name }) => name).sort(),
        description: one.description,
        until: one.deleteAfterDate,
      },
    ]),
    ...state.accessList.map((one) => [
      `${one.groupId}/${one.cidrBlock}`,
      { ...inProject("entry", one.groupId, one.cidrBlock), until: one.deleteAfterDate },
    ]),
    ...state.ephemeralClusters.map((one) => [
      one.clusterId,
      { kind: "ephemeral", key: one.clusterName },
    ]),
  ];
  return new Map(all);
};

const hostOf = ({ connectionStrings: { standardSrv } }) => standardSrv?.replace(/^.*\/\//, "");

const changeable = [
  "name",
  "tags",
  "until",
  "protected",
  "tier",
  "paused",
  "roles",
  "scopes",
  "description",
];

/** The names of the members that differ. */
const changedMembers = (one, other) =>
  changeable.filter((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]));

/** What has happened between two moments: `{did: "created" | "deleted" | "changed", id, fact, changed?}`, in no order. */
export const eventsBetween = (before, after) => {
  const deleted = [...before].filter(([id]) => !after.has(id));
  const gone = new Set(deleted.map(([id]) => id));
  return [
    ...[...after]
      .filter(([id]) => !before.has(id))
      .map(([id, fact]) => ({ did: "created", id, fact })),
    // What goes with its project is no deletion of its own.
    ...deleted
      .filter(([, { projectId }]) => !gone.has(projectId))
      .map(([id, fact]) => ({ did: "deleted", id, fact })),
    ...[...after].flatMap(([id, fact]) => {
      const changed = before.has(id) ? changedMembers(before.get(id), fact) : [];
      return changed.length === 0 ? [] : [{ did: "changed", id, fact, changed }];
    }),
  ];
};

/** An event in words, for the report. */
export const told = ({ did, fact, changed = [] }) => {
  const where = fact.organization === undefined ? "" : ` in ${fact.organization}`;
  const what = [fact.tier, fact.provider, fact.region, ...(fact.roles ?? [])].filter(Boolean);
  const details = did === "changed" ? changed : what;
  const more = details.length === 0 ? "" : ` (${details.join(" ")})`;
  return `${did} ${fact.kind} ${fact.key}${more}${where}`;
};
