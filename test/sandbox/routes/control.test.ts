import { request } from "node:http";
import { networkInterfaces } from "node:os";
import { expect, test } from "vitest";
import { keysOf, start } from "../harness.ts";

/** Node's own client, because fetch does not let a test forge Host. */
const statusWith = (url: string, headers: Record<string, string>): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { headers }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode));
    });
    sent.on("error", reject).end();
  });

test("the state of a new sandbox is its organization and nothing else", async () => {
  const { control, sandbox } = await start();
  expect((await control("GET", "/state")).at()).toEqual({
    organizations: [{ id: sandbox.orgId, name: "Sandbox" }],
    projects: [],
    clusters: [],
    advancedClusters: [],
    users: [],
    accessList: [],
    ephemeralClusters: [],
    requests: [],
    faultsFired: {},
  });
});

test("the state shows projects and clusters with their documented members", async () => {
  const { control, createCluster, createProject } = await start();
  const id = await createProject("shop");
  await createCluster(id, "one");
  const state = await control("GET", "/state");
  expect(state.at("projects.0")).toMatchObject({ id, name: "shop", clusterCount: 1 });
  expect(keysOf(state.at("projects.0"))).not.toContain("links");
  expect(state.at("clusters.0")).toMatchObject({ groupId: id, stateName: "CREATING" });
});

test("the state shows whom a project was given to", async () => {
  const { api, control, sandbox } = await start();
  const owner = "32b6e34b3d91647abb20e7b8";
  const body = { name: "shop", orgId: sandbox.orgId };
  await api("POST", `/groups?projectOwnerId=${owner}`, { body });
  expect((await control("GET", "/state")).at("projects.0.projectOwnerId")).toBe(owner);
});

test("looking at the state does not use up stale reads", async () => {
  const { api, control, createProject, script } = await start();
  await script("createGroup", "stale_reads:1");
  await createProject("shop");
  expect((await control("GET", "/state")).at("projects.0.name")).toBe("shop");
  expect((await api("GET", "/groups")).at("totalCount")).toBe(0);
});

test("every request is logged with its operation, path, status and fault", async () => {
  const { api, control, script } = await start();
  await script("listOrgs", "html_503");
  await api("GET", "/orgs?pageNum=1");
  await api("GET", "/nonsense");
  expect((await control("GET", "/state")).at("requests")).toEqual([
    {
      at: "2026-08-10T03:02:55.000Z",
      operation: "token",
      method: "POST",
      path: "/api/oauth/token",
      status: 200,
    },
    {
      at: "2026-08-10T03:02:55.000Z",
      operation: "listOrgs",
      method: "GET",
      path: "/api/atlas/v2/orgs?pageNum=1",
      status: 503,
      fault: "html_503",
    },
    {
      at: "2026-08-10T03:02:55.000Z",
      operation: null,
      method: "GET",
      path: "/api/atlas/v2/nonsense",
      status: 404,
    },
  ]);
});

test("faults that fired are counted", async () => {
  const { api, control, script } = await start();
  await script("listOrgs", "html_503", 2);
  await api("GET", "/orgs");
  await api("GET", "/orgs");
  expect((await control("GET", "/state")).at("faultsFired")).toEqual({ html_503: 2 });
});

test("the script is appended to, and what is left of it can be read", async () => {
  const { api, control, script } = await start();
  await script("listOrgs", "reset", 1);
  await script("*", "html_503", 3);
  expect((await control("GET", "/faults")).at("faults")).toEqual([
    { operation: "listOrgs", fault: "reset", times: 1 },
    { operation: "*", fault: "html_503", times: 3 },
  ]);
  await api("GET", "/groups");
  expect((await control("GET", "/faults")).at("faults.1.times")).toBe(2);
});

test("times is 1 where it is not given", async () => {
  const { control } = await start();
  const response = await control("POST", "/faults", [{ operation: "listOrgs", fault: "hang" }]);
  expect(response.at("faults.0.times")).toBe(1);
});

test.each([
  [{ operation: "makeCoffee", fault: "reset" }, "names an unknown operation"],
  [{ operation: "listOrgs", fault: "explode" }, "names an unknown fault"],
  [{ operation: "listOrgs", fault: "error:200:OK" }, "names an unknown fault"],
  [{ operation: "listOrgs", fault: "error:404:GROUP_NOT_FOUND:why" }, "names an unknown fault"],
  [{ operation: "listOrgs", fault: "json_portal:199" }, "names an unknown fault"],
  [{ operation: "listOrgs", fault: "html:600" }, "names an unknown fault"],
  [{ operation: "listOrgs", fault: "racy:500" }, "cannot apply to listOrgs"],
  [{ operation: "listOrgs", fault: "reset+hang" }, "names an unknown fault"],
  [{ operation: "listOrgs", fault: "stuck_creating" }, "cannot apply to listOrgs"],
  [{ operation: "listOrgs", fault: "reset", times: 0 }, 'whole number of 1 or more as "times"'],
  [{ operation: "listOrgs", fault: "reset", when: "now" }, "unknown member"],
  ["reset", "is not an object"],
])("%j is refused", async (fault, problem) => {
  const { control } = await start();
  const response = await control("POST", "/faults", [fault]);
  expect(response.status).toBe(400);
  expect(response.string("error")).toContain(problem);
});

test("a refusal lists what there is", async () => {
  const { control } = await start();
  const response = await control("POST", "/faults", [{}]);
  expect(response.at("operations")).toEqual(
    expect.arrayContaining(["createGroup", "createGroupFlexCluster", "token", "revoke", "*"]),
  );
  expect(response.at("faults")).toEqual(
    expect.arrayContaining(["reset", "error:<status>:<errorCode>", "stale_reads:<n>", "racy"]),
  );
});

test("of a script with one bad fault nothing is taken", async () => {
  const { control } = await start();
  await control("POST", "/faults", [{ operation: "listOrgs", fault: "hang" }, {}]);
  expect((await control("GET", "/faults")).at("faults")).toEqual([]);
});

test("a script is an array", async () => {
  const { control } = await start();
  expect((await control("POST", "/faults", { operation: "*", fault: "hang" })).status).toBe(400);
});

test("reset forgets resources, faults, requests and limits, but no token", async () => {
  const { api, control, createCluster, createProject, script } = await start();
  await createCluster(await createProject("shop"), "one");
  await script("*", "html_503");
  expect((await control("POST", "/reset")).status).toBe(200);
  const state = await control("GET", "/state");
  expect(state.at()).toMatchObject({ projects: [], clusters: [], requests: [], faultsFired: {} });
  const response = await api("GET", "/groups");
  expect([response.status, response.headers.get("ratelimit-remaining")]).toEqual([200, "1199"]);
});

// The first address of this machine that is not loopback: requests to it come from it too.
const outward = Object.values(networkInterfaces())
  .flat()
  .find((one) => one?.family === "IPv4" && !one.internal)?.address;

test.runIf(outward !== undefined)(
  "another machine is refused, whatever Host it names",
  async () => {
    const { sandbox } = await start({ host: "0.0.0.0" });
    const { port } = new URL(sandbox.url);
    const at = (host: string) => `http://${host}:${port}/_sandbox/state`;
    const named = { Host: `localhost:${port}` };
    expect(await statusWith(at("127.0.0.1"), named)).toBe(200);
    expect(await statusWith(at(outward ?? ""), named)).toBe(403);
    expect(await statusWith(at(outward ?? ""), {})).toBe(403);
  },
);

test("a Host is not replaced by that of a request target", async () => {
  const { sandbox } = await start();
  const { hostname, port } = new URL(sandbox.url);
  const status = (host: string) =>
    new Promise((resolve, reject) => {
      const path = `http://localhost:${port}/_sandbox/state`;
      const sent = request({ hostname, port, path, headers: { host } }, (response) => {
        response.resume().on("end", () => resolve(response.statusCode));
      });
      sent.on("error", reject).end();
    });
  expect(await status("rebound.example")).toBe(403);
  expect(await status("no host")).toBe(403);
  expect(await status(`localhost:${port}`)).toBe(200);
});

test("a web page is refused", async () => {
  const { sandbox } = await start();
  const state = `${sandbox.url}/_sandbox/state`;
  expect(await statusWith(state, { Origin: "http://localhost:3000" })).toBe(403);
});

test("a Host that is not this machine is refused", async () => {
  const { sandbox } = await start();
  const state = `${sandbox.url}/_sandbox/state`;
  expect(await statusWith(state, { Host: "rebound.example" })).toBe(403);
  expect(await statusWith(state, { Host: "localhost" })).toBe(200);
  expect(await statusWith(state, { Host: "[::1]:80" })).toBe(200);
});
