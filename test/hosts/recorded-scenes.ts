/** How the sandbox gets to give the answers that were recorded of Atlas. */
import type { Harness, TestResponse } from "../sandbox/harness.ts";

/** Brings a new sandbox to the state of the recording, and asks. */
export type Scene = (harness: Harness) => Promise<TestResponse>;

/** The harness with a project. */
export type InProject = Harness & { id: string; org: string };

export const inProject =
  (ask: (harness: InProject) => Promise<TestResponse>): Scene =>
  async (harness) =>
    ask({ ...harness, id: await harness.createProject("shop"), org: harness.sandbox.orgId });

/** A flex cluster, and what comes then. */
const flex = (then: (harness: InProject) => Promise<unknown>): Scene =>
  inProject(async (harness) => {
    const created = await harness.createCluster(harness.id, "one");
    if (created.status !== 201) throw new Error(created.text);
    await then(harness);
    return harness.api("GET", `/groups/${harness.id}/flexClusters/one`);
  });

const untilIdle = async ({ pass }: Harness) => pass(3000);
const remove = ({ api, id }: InProject) => api("DELETE", `/groups/${id}/flexClusters/one`);

/** A database user as in the recording, with an end. */
const user = ({ createUser, id }: InProject) =>
  createUser(id, "ada", {
    deleteAfterDate: "2026-08-11T03:05:41Z",
    scopes: [{ name: "one", type: "CLUSTER" }],
  });

const entry = { ipAddress: "192.168.0.243", comment: "test" };

const action = { action: "UPDATE", resources: [{ collection: "collection", db: "db" }] };
const role = {
  roleName: "keeper",
  actions: [action],
  inheritedRoles: [{ db: "admin", role: "enableSharding" }],
};
const createRole = ({ api, id }: InProject, body: object = role) =>
  api("POST", `/groups/${id}/customDBRoles/roles`, { body });

const createTeam = ({ api, org }: InProject) =>
  api("POST", `/orgs/${org}/teams`, { body: { name: "ops" } });

const addTeam = async (harness: InProject) => {
  const teamId = (await createTeam(harness)).string("id");
  const body = [{ teamId, roleNames: ["GROUP_READ_ONLY"] }];
  return harness.api("POST", `/groups/${harness.id}/teams`, { body });
};

const get = (
  path: string,
  before: (harness: InProject) => Promise<unknown> = async () => {},
): Scene =>
  inProject(async (harness) => {
    await before(harness);
    return harness.api("GET", path.replace("{id}", harness.id).replace("{org}", harness.org));
  });

const group = "/groups/{id}";

/** The scenes by the name of the recording. */
export const scenes: Record<string, Scene> = {
  "GET /orgs 200": get("/orgs"),
  "GET /orgs/{id} 200": get("/orgs/{org}"),
  "GET /orgs/{id}/teams 200": get("/orgs/{org}/teams", createTeam),
  "GET /orgs/{id}/users 200": get("/orgs/{org}/users"),
  "GET /groups 200": get("/groups"),
  "GET /groups/{id} 200": inProject(async ({ api, id }) => {
    await api("PATCH", `/groups/${id}`, { body: { tags: [{ key: "env", value: "e2e" }] } });
    return api("GET", `/groups/${id}`);
  }),
  "GET /groups/{id}/settings 200": get(`${group}/settings`),
  "GET /groups/{id}/teams 200": get(`${group}/teams`, addTeam),
  "GET /groups/{id}/users 200": get(`${group}/users`),
  "GET /groups/{id}/clusters/provider/regions 200": get(
    `${group}/clusters/provider/regions?providers=AWS&tier=M10`,
  ),
  "GET /groups/{id}/accessList/{name} 200": get(
    `${group}/accessList/${entry.ipAddress}`,
    (harness) => harness.addEntries(harness.id, entry),
  ),
  "GET /groups/{id}/databaseUsers/admin/{name} 200": get(`${group}/databaseUsers/admin/ada`, user),
  "GET /groups/{id}/customDBRoles/roles 200": get(`${group}/customDBRoles/roles`, (harness) =>
    createRole(harness, {
      roleName: "list",
      actions: [{ action: "UPDATE", resources: [{ db: "db" }] }],
    }),
  ),
  "GET /groups/{id}/customDBRoles/roles/{name} 200": get(
    `${group}/customDBRoles/roles/keeper`,
    (harness) => createRole(harness),
  ),
  "GET /groups/{id}/flexClusters/{name} 404 CLUSTER_NOT_FOUND": get(`${group}/flexClusters/none`),
  "GET /groups/{id}/flexClusters/{name}/backup/snapshots 200": inProject(
    async ({ api, createCluster, id, oauth, pass }) => {
      await createCluster(id, "one");
      pass(86_400_000);
      const grant = { grant_type: "client_credentials" };
      const token = (await oauth("token", grant)).string("access_token");
      return api("GET", `/groups/${id}/flexClusters/one/backup/snapshots`, { token });
    },
  ),
  "GET /groups/{id}/flexClusters/{name} 200 CREATING standardSrv strings": flex(async () => {}),
  "GET /groups/{id}/flexClusters/{name} 200 IDLE standard+standardSrv strings": flex(untilIdle),
  "GET /groups/{id}/flexClusters/{name} 200 DELETING standard+standardSrv strings": flex(
    async (harness) => {
      await untilIdle(harness);
      await remove(harness);
    },
  ),
  "GET /api/private/ipinfo 200": async ({ api }) => api("GET", "/../../private/ipinfo"),
  "GET /api/private/ipinfo 401 UNEXPECTED_ERROR": async ({ api }) =>
    api("GET", "/../../private/ipinfo", { headers: { Authorization: "" } }),
  "POST /groups 201": inProject(({ api, org }) =>
    api("POST", "/groups", { body: { name: "another", orgId: org } }),
  ),
  "PATCH /groups/{id} 200": inProject(({ api, id }) =>
    api("PATCH", `/groups/${id}`, { body: { tags: [] } }),
  ),
  "DELETE /groups/{id} 202": inProject(({ api, id }) => api("DELETE", `/groups/${id}`)),
  "PATCH /groups/{id}/settings 200": inProject(({ api, id }) =>
    api("PATCH", `/groups/${id}/settings`, { body: { isDataExplorerEnabled: false } }),
  ),
  "POST /groups/{id}/accessList 201": inProject(({ addEntries, id }) =>
    addEntries(id, { ...entry, deleteAfterDate: "2026-08-10T03:08:14Z" }),
  ),
  "DELETE /groups/{id}/accessList/{name} 204": inProject(async ({ addEntries, api, id }) => {
    await addEntries(id, entry);
    return api("DELETE", `/groups/${id}/accessList/${entry.ipAddress}`);
  }),
  "POST /groups/{id}/databaseUsers 201": inProject(({ createUser, id }) => createUser(id, "ada")),
  "POST /groups/{id}/databaseUsers 404 GROUP_NOT_FOUND": ({ createUser }) =>
    createUser("111111111111111111111111", "ada"),
  "PATCH /groups/{id}/databaseUsers/admin/{name} 200": inProject(async (harness) => {
    await user(harness);
    return harness.api("PATCH", `/groups/${harness.id}/databaseUsers/admin/ada`, {
      body: { roles: [{ databaseName: "admin", roleName: "readWrite" }] },
    });
  }),
  "DELETE /groups/{id}/databaseUsers/admin/{name} 204": inProject(async (harness) => {
    await user(harness);
    return harness.api("DELETE", `/groups/${harness.id}/databaseUsers/admin/ada`);
  }),
  "POST /groups/{id}/customDBRoles/roles 202": inProject(createRole),
  "DELETE /groups/{id}/customDBRoles/roles/{name} 204": inProject(async (harness) => {
    await createRole(harness);
    return harness.api("DELETE", `/groups/${harness.id}/customDBRoles/roles/keeper`);
  }),
  "POST /groups/{id}/flexClusters 201 CREATING standardSrv strings": inProject(
    ({ createCluster, id }) => createCluster(id, "one"),
  ),
  "POST /groups/{id}/flexClusters 400 DUPLICATE_CLUSTER_NAME": inProject(
    async ({ createCluster, id }) => {
      await createCluster(id, "one");
      return createCluster(id, "one");
    },
  ),
  "DELETE /groups/{id}/flexClusters/{name} 204": inProject(async (harness) => {
    await harness.createCluster(harness.id, "one");
    return remove(harness);
  }),
};

/** What the sandbox does not have, or never shows. */
export const unreachable: Record<string, string> = {
  "DELETE /groups/{id}/dataFederation/{name} 404 DATA_FEDERATION_TENANT_NOT_FOUND_FOR_NAME":
    "no data federation beyond the empty list",
  "DELETE /orgs/{id}/liveMigrations/linkTokens 404 UNEXPECTED_ERROR": "no live migrations",
  "GET /groups/{id}/clusters/{name}/onlineArchives/{id} 404 RESOURCE_NOT_FOUND": "no archives",
  "PATCH /groups/{id}/clusters/{name}/onlineArchives/{id} 400 ONLINE_ARCHIVE_CANNOT_MODIFY_FIELD":
    "no archives",
  "PATCH /groups/{id}/clusters/{name}/onlineArchives/{id} 409 ONLINE_ARCHIVE_MUST_BE_ACTIVE_TO_PAUSE":
    "no archives",
  "GET /groups/{id}/databaseUsers/{name}/certs 200": "it makes no certificates",
  "GET /groups/{id}/flexClusters/{name} 200 DELETING standard strings":
    "seen once, in 2025: a cluster with the other string alone",
};
