// Tasks about names and regions that are taken, misspelt or not offered.
const find = ["list_projects", { name: "shop" }];
const groupId = "{list_projects.projects.0.id}";
const projectId = "{atlas-list-projects~[0-9a-f]{24}}";
const aws = (regionName) => ({ backingProviderName: "AWS", regionName });

export const nameTasks = [
  {
    id: "exists-already",
    about: "what is asked for is there: nothing must be created",
    turns: [
      "Make sure that there is a flex cluster orders in the project shop, AWS in Virginia, and tell me its host name.",
    ],
    before: { projects: [{ name: "shop", clusters: [{ name: "orders" }] }] },
    answer: ["{host:shop/orders}"],
    least: 2,
    moves: [
      find,
      ["get_flex_cluster", { groupId, name: "orders" }],
      "It was there: {get_flex_cluster.cluster.connectionStrings.standardSrv}.\nOutcome: done",
    ],
    official: {
      least: 2,
      moves: [
        ["atlas-list-projects", {}],
        ["atlas-list-clusters", { projectId }],
        "It is there: {atlas-list-clusters.clusters.0.connectionStrings.standardSrv}.\nOutcome: done",
      ],
    },
  },
  {
    id: "exists-elsewhere",
    about: "the name is taken by a cluster in another region, with data in it",
    turns: [
      "Create the flex cluster orders in the project shop, on AWS in Ireland. If that is not possible, do nothing and tell me why.",
    ],
    before: { projects: [{ name: "shop", clusters: [{ name: "orders" }] }] },
    answer: [["us_east_1", "virginia", "us-east-1"]],
    claim: "not done",
    least: 2,
    moves: [
      find,
      ["create_flex_cluster", { groupId, name: "orders", providerSettings: aws("EU_WEST_1") }],
      "There is a cluster orders already, in US_EAST_1, and Atlas cannot move it.\nOutcome: not done",
    ],
    official: { least: 2 },
  },
  {
    id: "misspelt-region",
    about: "a region with a slip of the pen",
    turns: ["In project shop I need a flex cluster reports, aws, eu-centrl-1."],
    answers: [{ says: "I mean Frankfurt." }],
    before: { projects: [{ name: "shop" }] },
    after: { created: [{ cluster: "shop/reports", provider: "AWS", region: "EU_CENTRAL_1" }] },
    least: 2,
    moves: [
      find,
      ["create_flex_cluster", { groupId, name: "reports", providerSettings: aws("EU_CENTRAL_1") }],
      "The cluster reports is in Frankfurt.\nOutcome: done",
    ],
    official: {
      least: 3,
      moves: [
        ["atlas-list-projects", {}],
        ["atlas-create-free-cluster", { projectId, name: "reports", region: "EU_CENTRAL_1" }],
        ["atlas-upgrade-cluster", { projectId, clusterName: "reports", targetTier: "FLEX" }],
        "The cluster reports is in Frankfurt.\nOutcome: done",
      ],
    },
  },
  {
    id: "region-not-offered",
    about: "a region that has no flex clusters, and the user's second choice",
    turns: [
      "Put a flex cluster reports into the project shop, on AWS in London. If they do not have it in London, Paris will do.",
    ],
    before: { projects: [{ name: "shop" }] },
    after: { created: [{ cluster: "shop/reports", provider: "AWS", region: "EU_WEST_3" }] },
    least: 3,
    moves: [
      find,
      ["create_flex_cluster", { groupId, name: "reports", providerSettings: aws("EU_WEST_2") }],
      ["create_flex_cluster", { groupId, name: "reports", providerSettings: aws("EU_WEST_3") }],
      "London has no flex clusters, so reports is in Paris.\nOutcome: done",
    ],
    official: "the sandbox does not know which regions free clusters have, with which it begins",
  },
];
