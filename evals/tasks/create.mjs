// Tasks that create something from nothing.
const aws = (regionName) => ({ backingProviderName: "AWS", regionName });
const account = ["get_account", {}];
const orgId = "{get_account.organizations.0.id}";
const groupId = "{create_project.project.id}";

const officialOrg = ["atlas-list-orgs", {}];
const officialOrgId = "{atlas-list-orgs.0.id}";
const officialProject = (projectName) => [
  "atlas-create-project",
  { projectName, orgId: officialOrgId },
];
const projectId = "{atlas-list-projects~[0-9a-f]{24}}";
const flexOf = (name, region) => [
  ["atlas-list-projects", {}],
  ["atlas-create-free-cluster", { projectId, name, region }],
  ["atlas-upgrade-cluster", { projectId, clusterName: name, targetTier: "FLEX" }],
];

export const createTasks = [
  {
    id: "project-and-cluster",
    about: "the plain case: a project with a cluster in a region named by its country",
    turns: [
      "Please set up a new project called shop with a flex cluster orders in it, on AWS in Ireland.",
    ],
    after: {
      created: [
        { project: "shop" },
        { cluster: "shop/orders", provider: "AWS", region: "EU_WEST_1" },
      ],
    },
    least: 3,
    moves: [
      account,
      ["create_project", { name: "shop", orgId }],
      ["create_flex_cluster", { groupId, name: "orders", providerSettings: aws("EU_WEST_1") }],
      "The project shop has the cluster orders on AWS in Ireland (EU_WEST_1).\nOutcome: done",
    ],
    official: {
      least: 5,
      moves: [
        officialOrg,
        officialProject("shop"),
        ...flexOf("orders", "EU_WEST_1"),
        "The project shop has the cluster orders on AWS in Ireland.\nOutcome: done",
      ],
    },
  },
  {
    id: "to-a-connection",
    about: "all that an application needs; the file with the password must stay unread",
    turns: [
      "New project shop, flex cluster orders on AWS in Virginia, a database user app for it, and let 203.0.113.7 connect. What is the host name, and where do I find the password?",
    ],
    readsFiles: true,
    after: {
      created: [
        { project: "shop" },
        { cluster: "shop/orders", provider: "AWS", region: "US_EAST_1" },
        { user: "shop/app", roles: ["readWriteAnyDatabase@admin"] },
        { entry: "shop/203.0.113.7/32" },
      ],
    },
    answer: ["{host:shop/orders}", "app.env"],
    least: 5,
    moves: [
      account,
      ["create_project", { name: "shop", orgId }],
      [
        "create_flex_cluster",
        { groupId, name: "orders", providerSettings: aws("US_EAST_1"), waitSeconds: 30 },
      ],
      [
        ["create_database_user", { groupId, username: "app" }],
        ["create_access_list_entry", { groupId, ipAddress: "203.0.113.7" }],
      ],
      "Connect to {create_flex_cluster.cluster.connectionStrings.standardSrv}; the password of app is in {create_database_user.credentialsFile}.\nOutcome: done",
    ],
    official: { least: 8, answer: ["{host:shop/orders}"] },
  },
  {
    id: "frankfurt-in-german",
    about: "another language, and a region named by its city",
    turns: [
      "Ich brauche eine kleine Datenbank für unsere Webseite: Projekt webseite, Flex-Cluster inhalte, bei AWS in Frankfurt. Kosten sind in Ordnung.",
    ],
    after: {
      created: [
        { project: "webseite" },
        { cluster: "webseite/inhalte", provider: "AWS", region: "EU_CENTRAL_1" },
      ],
    },
    least: 3,
    moves: [
      account,
      ["create_project", { name: "webseite", orgId }],
      ["create_flex_cluster", { groupId, name: "inhalte", providerSettings: aws("EU_CENTRAL_1") }],
      "Das Projekt webseite hat jetzt den Cluster inhalte in Frankfurt.\nOutcome: done",
    ],
    official: { least: 5 },
  },
  {
    id: "second-thought",
    about: "a correction after the fact: rename, and not a second project",
    turns: [
      "Create a project called blog.",
      "Sorry, I meant journal. There must be no project blog in the end.",
    ],
    after: { created: [{ project: "journal" }] },
    least: 3,
    moves: [
      account,
      ["create_project", { name: "blog", orgId }],
      "The project blog is there.\nOutcome: done",
      ["update_project", { groupId, name: "journal" }],
      "It is called journal now.\nOutcome: done",
    ],
    official: "it cannot rename or delete a project",
  },
  {
    id: "pull-request",
    about: "tags and an end, and then a later end",
    turns: [
      "Make a project pr-12 for our pull request, tagged team = web and purpose = test. It may be swept from 24 December 2030, 18:00 UTC.",
      "The review takes longer: keep it until 15 January 2031, noon UTC. Leave the tags as they are.",
    ],
    after: {
      created: [
        { project: "pr-12", tags: { team: "web", purpose: "test" }, until: "2031-01-15T12:00:00Z" },
      ],
    },
    least: 3,
    moves: [
      account,
      [
        "create_project",
        {
          name: "pr-12",
          orgId,
          tags: [
            { key: "team", value: "web" },
            { key: "purpose", value: "test" },
          ],
          sweepAfter: "2030-12-24T18:00:00Z",
        },
      ],
      "The project pr-12 may be swept from then on.\nOutcome: done",
      ["update_project", { groupId, sweepAfter: "2031-01-15T12:00:00Z" }],
      "It stays until 15 January 2031, 12:00 UTC.\nOutcome: done",
    ],
    official: "it sets no tags, and has no leases",
  },
  {
    id: "unicode-name",
    about: "a name with letters beyond ASCII, in French",
    turns: [
      "Crée un projet « Bücher-Café » dans Atlas, s'il te plaît, et donne-moi son identifiant.",
    ],
    after: { created: [{ project: "Bücher-Café" }] },
    answer: ["{id:Bücher-Café}"],
    least: 2,
    moves: [
      account,
      ["create_project", { name: "Bücher-Café", orgId }],
      "Le projet est créé : {create_project.project.id}.\nOutcome: done",
    ],
    official: "it takes only ASCII in names of projects",
  },
  {
    id: "two-organizations",
    about: "the organization that the user means, which is not the first one",
    turns: ["Create a project shop in our organization Beta, please."],
    organization: "Beta",
    before: {
      organizations: [
        { id: "5f0000000000000000000001", name: "Acme" },
        { id: "5f0000000000000000000002", name: "Beta" },
      ],
      projects: [{ name: "shop", organization: "Acme" }],
    },
    after: { created: [{ project: "shop", organization: "Beta" }] },
    least: 2,
    moves: [
      account,
      ["create_project", { name: "shop", orgId: "{get_account.organizations.name=Beta.id}" }],
      "Beta has the project shop.\nOutcome: done",
    ],
    official: {
      least: 2,
      moves: [
        officialOrg,
        ["atlas-create-project", { projectName: "shop", orgId: "{atlas-list-orgs.name=Beta.id}" }],
        "Beta has the project shop.\nOutcome: done",
      ],
    },
  },
];
