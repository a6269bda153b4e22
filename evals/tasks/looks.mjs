// Tasks that only look, and the database that needs no account.
const find = ["list_projects", { name: "shop" }];
const groupId = "{list_projects.projects.0.id}";

export const lookTasks = [
  {
    id: "many-projects",
    about: "one of 200 projects, beyond the first page",
    turns: ["What is the id of our project team-187?"],
    before: { projects: [{ name: "team-{n}", count: 200 }] },
    answer: ["{id:team-187}"],
    least: 1,
    moves: [
      ["list_projects", { name: "team-187" }],
      "It is {list_projects.projects.0.id}.\nOutcome: done",
    ],
    official: {
      least: 1,
      moves: [
        ["atlas-list-projects", { limit: 500 }],
        "It is {atlas-list-projects.name=team-187.id}.\nOutcome: done",
      ],
    },
  },
  {
    id: "monthly-cost",
    about: "what all clusters cost at most, with an answer in figures",
    turns: [
      "What do all of our flex clusters cost us a month at most, by list price? One figure in dollars.",
    ],
    before: {
      projects: [
        { name: "shop", clusters: [{ name: "orders" }, { name: "reports" }] },
        { name: "blog", clusters: [{ name: "posts" }] },
      ],
    },
    answer: ["90"],
    least: 1,
    moves: [
      ["list_flex_clusters", {}],
      "At most {list_flex_clusters.estimatedMonthlyUsd.to} US dollars.\nOutcome: done",
    ],
    official: "it knows no prices",
  },
  {
    id: "why-no-connection",
    about: "find out why nothing can connect, and change nothing",
    turns: [
      "My app cannot connect to the cluster orders in the project shop. Check at which step it fails. Do not change anything.",
    ],
    before: {
      projects: [
        {
          name: "shop",
          clusters: [{ name: "orders" }],
          users: [{ username: "app" }],
          entries: [{ cidrBlock: "203.0.113.7/32" }],
        },
      ],
    },
    answer: ["DNS"],
    least: 2,
    moves: [
      find,
      ["check_connection", { groupId, name: "orders" }],
      "It fails at the first step, DNS: the name of the host is not known.\nOutcome: done",
    ],
    official: "it has no tool that checks a connection step by step",
  },
  {
    id: "without-an-account",
    about: "a temporary database; its connection string stays in a file",
    turns: [
      "I need a MongoDB to try something, for a day or two, and have no account. Call it trial. I agree to MongoDB's terms. Tell me when it is active, and which file has the connection string.",
    ],
    readsFiles: true,
    before: { provisionMs: 1000 },
    settings: { ATLAS_MCP_EPHEMERAL: "true" },
    after: { created: [{ ephemeral: "trial" }] },
    answer: ["trial.env", "active"],
    mustAsk: true,
    least: 2,
    moves: [
      ["create_ephemeral_cluster", { clusterName: "trial" }],
      ["get_ephemeral_cluster", { clusterName: "trial" }],
      "The cluster trial is active; the connection string is in {create_ephemeral_cluster.credentialsFile}.\nOutcome: done",
    ],
    official: "it has no ephemeral clusters",
  },
];
