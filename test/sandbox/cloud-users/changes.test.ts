import { expect, test } from "vitest";
import { keysOf, start } from "../harness.ts";

const username = "new@example.com";
const owner = "5f0123456789abcdef012345";

const startWithUser = async () => {
  const harness = await start();
  const { api, sandbox } = harness;
  const groupId = await harness.createProject("shop");
  const users = (method: string, path = "", body?: unknown) =>
    api(method, `/orgs/${sandbox.orgId}/users${path}`, body === undefined ? {} : { body });
  const inProject = (method: string, path = "", body?: unknown) =>
    api(method, `/groups/${groupId}/users${path}`, body === undefined ? {} : { body });
  const created = await users("POST", "", { username, roles: { orgRoles: ["ORG_MEMBER"] } });
  return { ...harness, groupId, users, inProject, created, id: created.string("id") };
};

test("an invited user is pending, as recorded", async () => {
  const { created, id, users } = await startWithUser();
  const view = {
    id,
    invitationCreatedAt: "2026-08-10T03:02:55Z",
    invitationExpiresAt: "2026-09-09T03:02:55Z",
    inviterUsername: "user@example.com",
    orgMembershipStatus: "PENDING",
    roles: { groupRoleAssignments: [], orgRoles: ["ORG_MEMBER"] },
    teamIds: [],
    username,
  };
  expect([created.status, created.text]).toEqual([201, JSON.stringify(view)]);
  expect((await users("GET", `/${id}`)).text).toBe(created.text);
  expect((await users("GET", `?username=${username}`)).at("results")).toEqual([view]);
  expect((await users("GET", "?orgMembershipStatus=ACTIVE")).at("totalCount")).toBe(1);
  expect((await users("GET")).at("totalCount")).toBe(2);
});

test("a user gets other roles in the organization, and leaves it", async () => {
  const { groupId, id, users } = await startWithUser();
  const groupRoleAssignments = [{ groupId, groupRoles: ["GROUP_OWNER"] }];
  const roles = { orgRoles: ["ORG_READ_ONLY"], groupRoleAssignments };
  expect((await users("PATCH", `/${id}`, { roles })).at("roles")).toEqual(roles);
  const added = await users("POST", `/${id}:addRole`, { orgRole: "ORG_MEMBER" });
  expect(added.at("roles.orgRoles")).toEqual(["ORG_READ_ONLY", "ORG_MEMBER"]);
  const removed = await users("POST", `/${id}:removeRole`, { orgRole: "ORG_READ_ONLY" });
  expect(removed.at("roles.orgRoles")).toEqual(["ORG_MEMBER"]);
  expect((await users("DELETE", `/${id}`)).status).toBe(204);
  expect((await users("GET", `/${id}`)).at("errorCode")).toBe("USER_NOT_FOUND");
});

test("a user gets roles in a project, other ones, and none", async () => {
  const { groupId, id, inProject, users } = await startWithUser();
  expect((await inProject("GET", `/${id}`)).at("errorCode")).toBe("USER_NOT_FOUND");
  const added = await inProject("POST", "", { username, roles: ["GROUP_READ_ONLY"] });
  expect([added.status, added.at("id"), added.at("roles")]).toEqual([201, id, ["GROUP_READ_ONLY"]]);
  const both = await inProject("POST", `/${id}:addRole`, { groupRole: "GROUP_OWNER" });
  expect(both.at("roles")).toEqual(["GROUP_READ_ONLY", "GROUP_OWNER"]);
  await inProject("POST", `/${id}:removeRole`, { groupRole: "GROUP_READ_ONLY" });
  expect((await inProject("GET", `/${id}`)).at("roles")).toEqual(["GROUP_OWNER"]);
  expect((await users("GET", `/${id}`)).at("roles.groupRoleAssignments")).toEqual([
    { groupId, groupRoles: ["GROUP_OWNER"] },
  ]);
  expect((await inProject("GET")).at("totalCount")).toBe(2);
  expect((await inProject("DELETE", `/${id}`)).status).toBe(204);
  expect((await inProject("GET")).at("totalCount")).toBe(1);
});

test("who is invited to a project alone becomes a member of the organization", async () => {
  const { inProject, users } = await startWithUser();
  const added = await inProject("POST", "", { username: "b@example.com", roles: ["GROUP_OWNER"] });
  const member = await users("GET", `/${added.string("id")}`);
  expect(member.at("roles.orgRoles")).toEqual(["ORG_MEMBER"]);
});

test("nobody is invited twice, and the owner not at all", async () => {
  const { inProject, users } = await startWithUser();
  const roles = { orgRoles: ["ORG_MEMBER"] };
  for (const name of [username, "user@example.com"]) {
    const again = await users("POST", "", { username: name, roles });
    expect([again.status, again.at("errorCode")]).toEqual([409, "USER_ALREADY_IN_ORG"]);
  }
  const body = { username: "user@example.com", roles: ["GROUP_OWNER"] };
  expect((await inProject("POST", "", body)).at("errorCode")).toBe("USER_ALREADY_IN_GROUP");
});

test("the owner keeps all roles", async () => {
  const { inProject, users } = await startWithUser();
  const refused = [
    await users("DELETE", `/${owner}`),
    await users("PATCH", `/${owner}`, { roles: { orgRoles: ["ORG_MEMBER"] } }),
    await inProject("DELETE", `/${owner}`),
  ];
  for (const response of refused) {
    expect([response.status, response.at("errorCode")]).toEqual([
      403,
      "CANNOT_DEMOTE_LAST_ORG_OWNER",
    ]);
  }
});

test("an invitation ends after 30 days, and with its project the roles in it", async () => {
  const { api, groupId, id, inProject, oauth, pass, sandbox, users } = await startWithUser();
  await inProject("POST", "", { username, roles: ["GROUP_OWNER"] });
  await api("DELETE", `/groups/${groupId}`);
  expect((await users("GET", `/${id}`)).at("roles.groupRoleAssignments")).toEqual([]);
  pass(30 * 86_400_000);
  const grant = { grant_type: "client_credentials" };
  const token = (await oauth("token", grant)).string("access_token");
  const later = await api("GET", `/orgs/${sandbox.orgId}/users`, { token });
  expect(later.at("totalCount")).toBe(1);
});

test("the owner is read by id and by name", async () => {
  const { api, links, sandbox } = await startWithUser();
  const byId = await api("GET", `/users/${owner}`);
  const self = `${links}/users/${owner}`;
  expect(byId.at()).toMatchObject({
    links: [
      { href: self, rel: "self" },
      { href: `${self}/whitelist`, rel: "https://cloud.mongodb.com/whitelist" },
      { href: `${self}/accessList`, rel: "https://cloud.mongodb.com/accessList" },
    ],
    username: "user@example.com",
  });
  const keys = keysOf(byId.at());
  expect(keys).toEqual([...keys].sort());
  expect(byId.at("roles.0")).toEqual({ orgId: sandbox.orgId, roleName: "ORG_OWNER" });
  expect((await api("GET", "/users/byName/user%40example.com")).text).toBe(byId.text);
  const nobody = await api("GET", "/users/byName/nobody%40example.com");
  expect([nobody.status, nobody.at("errorCode")]).toEqual([404, "USERNAME_NOT_FOUND"]);
});
