import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { latestVersion, start } from "../harness.ts";

const run = promisify(execFile);

const startWithKey = async () => {
  const harness = await start();
  const { api, sandbox } = harness;
  const groupId = await harness.createProject("shop");
  const keys = (method: string, path = "", body?: unknown) =>
    api(method, `/orgs/${sandbox.orgId}/apiKeys${path}`, body === undefined ? {} : { body });
  const inProject = (method: string, path = "", body?: unknown) =>
    api(method, `/groups/${groupId}/apiKeys${path}`, body === undefined ? {} : { body });
  const created = await keys("POST", "", { desc: "ci", roles: ["ORG_READ_ONLY"] });
  return { ...harness, groupId, keys, inProject, created, id: created.string("id") };
};

test("an organization lists the sandbox's API key, without its private key", async () => {
  const { api, sandbox } = await start();
  const response = await api("GET", `/orgs/${sandbox.orgId}/apiKeys`);
  expect(response.at("results.0")).toMatchObject({
    publicKey: sandbox.publicKey,
    roles: [{ orgId: sandbox.orgId, roleName: "ORG_OWNER" }],
  });
  expect(response.text).not.toContain(sandbox.privateKey);
});

test("the sandbox's own key cannot be changed", async () => {
  const { keys } = await startWithKey();
  const own = (await keys("GET")).string("results.0.id");
  for (const [method, body] of [["PATCH", { desc: "mine" }], ["DELETE"]] as const) {
    expect((await keys(method, `/${own}`, body)).at("errorCode")).toBe("ACCESS_FORBIDDEN");
  }
});

test("a key shows its private key once, and afterwards the end of it", async () => {
  const { created, id, keys, links, sandbox } = await startWithKey();
  const { orgId } = sandbox;
  const privateKey = created.string("privateKey");
  const view = {
    desc: "ci",
    id,
    links: [{ href: `${links}/orgs/${orgId}/apiKeys/${id}`, rel: "self" }],
    privateKey,
    publicKey: created.string("publicKey"),
    roles: [{ orgId, roleName: "ORG_READ_ONLY" }],
  };
  expect([created.status, created.text]).toEqual([200, JSON.stringify(view)]);
  const masked = { ...view, privateKey: `********-****-****-${privateKey.slice(-12)}` };
  expect((await keys("GET", `/${id}`)).text).toBe(JSON.stringify(masked));
  const updated = await keys("PATCH", `/${id}`, { desc: "cd", roles: ["ORG_OWNER"] });
  const changed = { ...masked, desc: "cd", roles: [{ orgId, roleName: "ORG_OWNER" }] };
  expect(updated.at()).toEqual(changed);
  expect((await keys("DELETE", `/${id}`)).status).toBe(204);
  const gone = await keys("GET", `/${id}`);
  expect([gone.status, gone.at("errorCode")]).toEqual([400, "API_KEY_NOT_FOUND"]);
});

test.each([
  [{ desc: "", roles: ["ORG_OWNER"] }, "API_KEY_REQUIRES_DESCRIPTION"],
  [{ desc: "x", roles: [] }, "MISSING_ATTRIBUTE"],
  [{ desc: "x", roles: ["GROUP_OWNER"] }, "INVALID_ROLE_FOR_ORG"],
])("a key of %j is refused", async (body, code) => {
  const { keys } = await startWithKey();
  const response = await keys("POST", "", body);
  expect([response.status, response.at("errorCode")]).toEqual([400, code]);
});

test("a key gets roles in a project, other ones, and none", async () => {
  const { groupId, id, inProject } = await startWithKey();
  expect((await inProject("PATCH", `/${id}`, { roles: ["GROUP_OWNER"] })).at("errorCode")).toBe(
    "API_KEY_NOT_FOUND",
  );
  expect((await inProject("POST", `/${id}`, [{ roles: ["GROUP_READ_ONLY"] }])).status).toBe(204);
  expect((await inProject("GET")).at("results.0.roles.1")).toEqual({
    groupId,
    roleName: "GROUP_READ_ONLY",
  });
  const updated = await inProject("PATCH", `/${id}`, { roles: ["GROUP_OWNER"] });
  expect(updated.at("roles.1")).toEqual({ groupId, roleName: "GROUP_OWNER" });
  expect((await inProject("DELETE", `/${id}`)).status).toBe(204);
  expect((await inProject("GET")).at("totalCount")).toBe(0);
});

test("a key that a project creates is a member of the organization, also after the project", async () => {
  const { api, groupId, inProject, keys, sandbox } = await startWithKey();
  const member = { orgId: sandbox.orgId, roleName: "ORG_MEMBER" };
  const created = await inProject("POST", "", { desc: "p", roles: ["GROUP_OWNER"] });
  expect(created.at("roles")).toEqual([member, { groupId, roleName: "GROUP_OWNER" }]);
  await api("DELETE", `/groups/${groupId}`);
  expect((await keys("GET", `/${created.string("id")}`)).at("roles")).toEqual([member]);
});

test("a key has an access list", async () => {
  const { id, keys, links, sandbox } = await startWithKey();
  const list = `/${id}/accessList`;
  const entry = {
    cidrBlock: "192.0.2.1/32",
    count: 0,
    created: "2026-08-10T03:02:55Z",
    ipAddress: "192.0.2.1",
    links: [{ href: `${links}/orgs/${sandbox.orgId}/apiKeys${list}/192.0.2.1`, rel: "self" }],
  };
  const added = await keys("POST", list, [{ ipAddress: "192.0.2.1" }, { cidrBlock: "10.0.0.0/8" }]);
  expect([added.status, added.at("totalCount")]).toEqual([200, 2]);
  expect((await keys("GET", `${list}/192.0.2.1`)).text).toBe(JSON.stringify(entry));
  expect((await keys("DELETE", `${list}/10.0.0.0%2F8`)).status).toBe(204);
  expect((await keys("GET", list)).at("results")).toEqual([entry]);
  expect((await keys("GET", `${list}/10.0.0.0%2F8`)).status).toBe(404);
});

/** What the API shows of the key that calls it; empty if it refuses the key. */
const callWith = async (base: string, publicKey: string, privateKey: string): Promise<unknown> => {
  const user = ["--digest", "--user", `${publicKey}:${privateKey}`];
  const accept = ["--header", `Accept: ${latestVersion}`];
  const { stdout } = await run("curl", ["--silent", ...user, ...accept, `${base}/api/atlas/v2`]);
  return JSON.parse(stdout).apiKey ?? {};
};

test("a created key opens the API until it is deleted, and is shown to itself", async () => {
  const { base, created, id, keys, sandbox } = await startWithKey();
  const call = (privateKey: string) => callWith(base, created.string("publicKey"), privateKey);
  expect(await call("wrong")).toEqual({});
  expect(await call(created.string("privateKey"))).toMatchObject({
    id,
    roles: [{ orgId: sandbox.orgId, roleName: "ORG_READ_ONLY" }],
  });
  await keys("DELETE", `/${id}`);
  expect(await call(created.string("privateKey"))).toEqual({});
});
