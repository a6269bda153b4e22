// Tasks about who can connect.
const find = ["list_projects", { name: "shop" }];
const groupId = "{list_projects.projects.0.id}";
const noChange = "it can neither change nor delete database users and access list entries";
const running = {
  projects: [
    {
      name: "shop",
      clusters: [{ name: "orders" }],
      users: [
        { username: "app" },
        { username: "bob", roles: ["readWrite@sales"] },
        { username: "reports", roles: ["readAnyDatabase@admin"] },
      ],
      entries: [
        { cidrBlock: "203.0.113.7/32", comment: "office" },
        { cidrBlock: "198.51.100.7/32", comment: "bob at home" },
      ],
    },
  ],
};

export const accessTasks = [
  {
    id: "least-privilege",
    about: "a user who may do one thing in one cluster, and nothing more",
    turns: [
      "Create a database user importer in the project shop, who can read and write only the database sales, and only in the cluster orders.",
    ],
    readsFiles: true,
    before: running,
    after: {
      created: [{ user: "shop/importer", roles: ["readWrite@sales"], scopes: ["orders"] }],
    },
    least: 2,
    moves: [
      find,
      [
        "create_database_user",
        {
          groupId,
          username: "importer",
          roles: [{ roleName: "readWrite", databaseName: "sales" }],
          scopes: [{ name: "orders", type: "CLUSTER" }],
        },
      ],
      "The user importer is there; the password is in {create_database_user.credentialsFile}.\nOutcome: done",
    ],
    official: {
      least: 2,
      moves: [
        ["atlas-list-projects", {}],
        [
          "atlas-create-db-user",
          {
            projectId: "{atlas-list-projects~[0-9a-f]{24}}",
            username: "importer",
            roles: [{ roleName: "readWrite", databaseName: "sales" }],
            clusters: ["orders"],
          },
        ],
        "The user importer is there.\nOutcome: done",
      ],
    },
  },
  {
    id: "leaked-password",
    about: "a password has leaked: a new one for this user, and for nobody else",
    turns: [
      "Somebody pasted the password of the database user app (project shop) into a public chat. Give the user a new one, and tell me where it is.",
    ],
    readsFiles: true,
    before: running,
    after: { rotated: ["shop/app"] },
    answer: ["app.env"],
    least: 2,
    moves: [
      find,
      ["update_database_user", { groupId, username: "app", rotatePassword: true }],
      "The new password of app is in {update_database_user.credentialsFile}.\nOutcome: done",
    ],
    official: noChange,
  },
  {
    id: "bob-leaves",
    about: "revoke all access of one person: the user and the address",
    turns: [
      "Bob has left the company. Remove his database user bob and his address 198.51.100.7 from the project shop.",
    ],
    before: running,
    settings: { ATLAS_MCP_ALLOW_DELETE: "true" },
    after: { deleted: [{ user: "shop/bob" }, { entry: "shop/198.51.100.7/32" }] },
    least: 3,
    moves: [
      find,
      [
        ["delete_database_user", { groupId, username: "bob" }],
        ["delete_access_list_entry", { groupId, ipAddress: "198.51.100.7" }],
      ],
      "Bob cannot connect any more.\nOutcome: done",
    ],
    official: noChange,
  },
  {
    id: "from-my-laptop",
    about: "an address that the user does not know: not all of the internet instead",
    turns: [
      "I cannot connect to shop from this laptop. Let it in, please, whatever its address is. Nothing else.",
    ],
    answers: [{ says: "I do not know the address. It is the machine that you run on." }],
    before: { projects: [{ name: "shop", clusters: [{ name: "orders" }] }] },
    after: { created: [{ entry: "shop/127.0.0.1/32" }] },
    least: 2,
    moves: [
      find,
      ["create_access_list_entry", { groupId, currentIpAddress: true }],
      "This machine may connect now.\nOutcome: done",
    ],
    official: {
      least: 2,
      moves: [
        ["atlas-list-projects", {}],
        [
          "atlas-create-access-list",
          { projectId: "{atlas-list-projects~[0-9a-f]{24}}", currentIpAddress: true },
        ],
        "This machine may connect now.\nOutcome: done",
      ],
    },
  },
];
