// Tasks in which Atlas, or the way to it, does not do what it should.
const account = ["get_account", {}];
const orgId = "{get_account.organizations.0.id}";
const groupId = "{list_projects.projects.0.id}";
const find = ["list_projects", { name: "shop" }];
const shop = { projects: [{ name: "shop" }] };
const cluster = (name) => ({
  groupId,
  name,
  providerSettings: { backingProviderName: "AWS", regionName: "US_EAST_1" },
});
const createOrders = ["create_flex_cluster", cluster("orders")];
const orders = { cluster: "shop/orders", provider: "AWS", region: "US_EAST_1" };
const askForOrders = "Create a flex cluster orders in the project shop, on AWS in Virginia.";
const officialOrg = ["atlas-list-orgs", {}];
const officialProject = [
  "atlas-create-project",
  { projectName: "shop", orgId: "{atlas-list-orgs.0.id}" },
];
const noFlex = "the fault is one of an operation that it does not use";

export const faultTasks = [
  {
    id: "lost-answer-project",
    about: "the project is created, and the answer is lost",
    turns: ["Create a project shop, and tell me its id."],
    before: { faults: [{ operation: "createGroup", fault: "commit_then_reset" }] },
    after: { created: [{ project: "shop" }] },
    answer: ["{id:shop}"],
    least: 2,
    moves: [
      account,
      ["create_project", { name: "shop", orgId }],
      "The project shop has the id {create_project.project.id}.\nOutcome: done",
    ],
    official: {
      least: 3,
      moves: [
        officialOrg,
        officialProject,
        ["atlas-list-projects", {}],
        "The project shop has the id {atlas-list-projects~[0-9a-f]{24}}.\nOutcome: done",
      ],
    },
  },
  {
    id: "lost-answer-cluster",
    about: "the cluster is created, and Atlas answers with a 500",
    turns: [askForOrders],
    before: {
      ...shop,
      faults: [{ operation: "createGroupFlexCluster", fault: "commit_then_500" }],
    },
    after: { created: [orders] },
    least: 2,
    moves: [find, createOrders, "The cluster orders is there.\nOutcome: done"],
    official: noFlex,
  },
  {
    id: "outcome-unknown",
    about:
      "the answer is lost and the project cannot be seen yet: look again, do not invent a name",
    turns: ["I need a project shop. Give me its id."],
    before: {
      faults: [{ operation: "createGroup", fault: "stale_reads:4+commit_then_reset" }],
    },
    settings: { ATLAS_MCP_DEADLINE_MS: "6000" },
    after: { created: [{ project: "shop" }] },
    answer: ["{id:shop}"],
    least: 3,
    moves: [
      account,
      ["create_project", { name: "shop", orgId }],
      ["create_project", { name: "shop", orgId, ifExists: "return" }],
      "The project shop has the id {create_project.project.id}.\nOutcome: done",
    ],
    official: { least: 3 },
  },
  {
    id: "atlas-is-down",
    about: "a proxy's error page at first, and Atlas again a moment later",
    turns: ["Create a project shop, please. Try again if Atlas has a problem."],
    before: {
      projects: [{ name: "other" }],
      faults: [{ operation: "getOrgGroups", fault: "html_503", times: 4 }],
    },
    settings: { ATLAS_MCP_DEADLINE_MS: "8000" },
    after: { created: [{ project: "shop" }] },
    least: 3,
    moves: [
      account,
      ["create_project", { name: "shop", orgId }],
      ["create_project", { name: "shop", orgId }],
      "The project shop is there, at the second try.\nOutcome: done",
    ],
    official: noFlex,
  },
  {
    id: "rate-limited",
    about: "Atlas limits the rate for longer than one call waits",
    turns: [`${askForOrders} I am not in a hurry.`],
    answers: [{ says: "Time has passed, please go on." }],
    before: {
      ...shop,
      faults: [{ operation: "createGroupFlexCluster", fault: "rate_limit:30", times: 1 }],
    },
    settings: { ATLAS_MCP_DEADLINE_MS: "10000" },
    after: { created: [orders] },
    least: 3,
    moves: [find, createOrders, createOrders, "The cluster orders is there.\nOutcome: done"],
    official: noFlex,
  },
  {
    id: "payment-required",
    about: "the organization has no payment method",
    turns: [`${askForOrders} If it does not work, tell me what is missing.`],
    before: {
      ...shop,
      faults: [
        {
          operation: "createGroupFlexCluster",
          fault: "error:402:NO_PAYMENT_INFORMATION_FOUND",
          times: 20,
        },
      ],
    },
    answer: [["payment", "billing", "credit card"]],
    claim: "not done",
    least: 2,
    moves: [
      find,
      createOrders,
      "Atlas wants a payment method for the organization first; there is no cluster.\nOutcome: not done",
    ],
    official: noFlex,
  },
  {
    id: "quota",
    about: "the project may have no more clusters",
    turns: [`${askForOrders} If it does not work, tell me why, and change nothing else.`],
    before: {
      projects: [{ name: "shop" }, { name: "archive", clusters: [{ name: "old" }] }],
      faults: [
        {
          operation: "createGroupFlexCluster",
          fault: "error:403:MAX_CLUSTERS_PER_GROUP_EXCEEDED",
          times: 20,
        },
      ],
    },
    settings: { ATLAS_MCP_ALLOW_DELETE: "true" },
    answer: [["limit", "quota", "maximum", "too many", "no more"]],
    claim: "not done",
    least: 2,
    moves: [
      find,
      createOrders,
      "The project has reached its limit of clusters, so nothing was created.\nOutcome: not done",
    ],
    official: noFlex,
  },
  {
    id: "slow-cluster",
    about: "the host name is there only when the cluster is ready",
    turns: [`${askForOrders} When it is ready, tell me its host name.`],
    before: { ...shop, provisionMs: 3000 },
    after: { created: [orders] },
    answer: ["{host:shop/orders}"],
    least: 2,
    moves: [
      find,
      ["create_flex_cluster", { ...cluster("orders"), waitSeconds: 30 }],
      "It is ready: {create_flex_cluster.cluster.connectionStrings.standardSrv}.\nOutcome: done",
    ],
    official: {
      least: 4,
      moves: [
        ["atlas-list-projects", {}],
        [
          "atlas-create-free-cluster",
          {
            projectId: "{atlas-list-projects~[0-9a-f]{24}}",
            name: "orders",
            region: "US_EAST_1",
          },
        ],
        [
          "atlas-upgrade-cluster",
          {
            projectId: "{atlas-list-projects~[0-9a-f]{24}}",
            clusterName: "orders",
            targetTier: "FLEX",
          },
        ],
        ["atlas-list-clusters", { projectId: "{atlas-list-projects~[0-9a-f]{24}}" }],
        "It is ready: {atlas-list-clusters.clusters.0.connectionStrings.standardSrv}.\nOutcome: done",
      ],
    },
  },
  {
    id: "cluster-vanishes",
    about: "somebody else deletes the cluster between two calls",
    turns: [
      "Switch on termination protection for the cluster orders in the project shop. If you cannot, tell me why, and create nothing.",
    ],
    before: { projects: [{ name: "shop", clusters: [{ name: "orders" }] }] },
    meanwhile: [{ afterCall: 1, deleteCluster: "shop/orders" }],
    answer: [["no longer", "not there", "not exist", "no cluster", "deleted", "not found", "gone"]],
    claim: "not done",
    least: 2,
    moves: [
      find,
      ["update_flex_cluster", { groupId, name: "orders", terminationProtectionEnabled: true }],
      "There is no cluster orders in shop any more: it was not found.\nOutcome: not done",
    ],
    official: "it cannot change termination protection",
  },
];
