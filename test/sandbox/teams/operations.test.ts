import { expect, test } from "vitest";
import { start } from "../harness.ts";

const username = "user@example.com";

const startWithTeam = async () => {
  const harness = await start();
  const { api, sandbox } = harness;
  const groupId = await harness.createProject("shop");
  const teams = (method: string, path = "", body?: unknown) =>
    api(method, `/orgs/${sandbox.orgId}/teams${path}`, body === undefined ? {} : { body });
  const inProject = (method: string, path = "", body?: unknown) =>
    api(method, `/groups/${groupId}/teams${path}`, body === undefined ? {} : { body });
  const created = await teams("POST", "", { name: "ops", usernames: [username] });
  return { ...harness, groupId, teams, inProject, created, id: created.string("id") };
};

test("a team is created with its users, and read by id, by name and in the list", async () => {
  const { created, id, links, sandbox, teams } = await startWithTeam();
  const view = {
    id,
    links: [{ href: `${links}/orgs/${sandbox.orgId}/teams/${id}`, rel: "self" }],
    name: "ops",
  };
  expect([created.status, created.text]).toEqual([
    201,
    JSON.stringify({ ...view, usernames: [username] }),
  ]);
  for (const path of [`/${id}`, "/byName/ops"]) {
    expect((await teams("GET", path)).text).toBe(JSON.stringify(view));
  }
  expect((await teams("GET")).at("results")).toEqual([view]);
});

test("a team is renamed, and deleted", async () => {
  const { id, teams } = await startWithTeam();
  expect((await teams("PATCH", `/${id}`, { name: "sre" })).at("name")).toBe("sre");
  expect((await teams("GET", "/byName/ops")).at("errorCode")).toBe("TEAM_NAME_NOT_FOUND");
  expect((await teams("DELETE", `/${id}`)).status).toBe(204);
  expect((await teams("GET", `/${id}`)).at("errorCode")).toBe("TEAM_NOT_FOUND");
});

test.each([
  [{ usernames: [] }, "MISSING_ATTRIBUTE", 400],
  [{ name: "" }, "INVALID_TEAM_NAME", 400],
  [{ name: "ops" }, "TEAM_NAME_NOT_AVAILABLE", 409],
  [{ name: "new", usernames: ["nobody@example.com"] }, "BAD_USERNAME_REF", 400],
  [{ name: "new", usernames: [1] }, "INVALID_JSON_ATTRIBUTE", 400],
])("a team of %j is refused", async (body, code, status) => {
  const { teams } = await startWithTeam();
  const response = await teams("POST", "", body);
  expect([response.status, response.at("errorCode")]).toEqual([status, code]);
});

test("a team gets roles in a project, other ones, and none", async () => {
  const { groupId, id, inProject, links } = await startWithTeam();
  const view = (roleNames: string[]) => ({
    links: [{ href: `${links}/groups/${groupId}/teams/${id}`, rel: "self" }],
    roleNames,
    teamId: id,
  });
  const readOnly = ["GROUP_READ_ONLY"];
  const added = await inProject("POST", "", [{ teamId: id, roleNames: readOnly }]);
  expect([added.status, added.at("results")]).toEqual([200, [view(readOnly)]]);
  const owner = ["GROUP_OWNER"];
  const updated = await inProject("PATCH", `/${id}`, { roleNames: owner });
  expect([updated.status, updated.at("results")]).toEqual([200, [view(owner)]]);
  expect((await inProject("GET", `/${id}`)).at()).toEqual(view(owner));
  expect((await inProject("GET")).at("totalCount")).toBe(1);
  expect((await inProject("DELETE", `/${id}`)).status).toBe(204);
  expect((await inProject("GET", `/${id}`)).at("errorCode")).toBe("TEAM_NOT_IN_GROUP");
});

test("a team with a project is deleted only after it has left it, or the project is gone", async () => {
  const { api, groupId, id, inProject, teams } = await startWithTeam();
  await inProject("POST", "", [{ teamId: id, roleNames: ["GROUP_OWNER"] }]);
  const refused = await teams("DELETE", `/${id}`);
  expect([refused.status, refused.at("errorCode")]).toEqual([
    404,
    "CANNOT_DELETE_TEAM_ASSIGNED_TO_PROJECT",
  ]);
  await api("DELETE", `/groups/${groupId}`);
  expect((await teams("DELETE", `/${id}`)).status).toBe(204);
});

test.each([
  ["TEAM_EXISTS_IN_GROUP", 409, (id: string) => [{ teamId: id, roleNames: ["GROUP_OWNER"] }]],
  ["INVALID_ROLE_FOR_GROUP", 400, (id: string) => [{ teamId: id, roleNames: ["ORG_OWNER"] }]],
  ["NO_ROLES_IN_ASSIGNMENT", 403, (id: string) => [{ teamId: id, roleNames: [] }]],
  ["INVALID_TEAM_ID", 404, () => [{ teamId: "ops", roleNames: ["GROUP_OWNER"] }]],
])("one bad team of a list is %s, and adds none", async (code, status, items) => {
  const { id, inProject, teams } = await startWithTeam();
  const other = (await teams("POST", "", { name: "other" })).string("id");
  await inProject("POST", "", [{ teamId: id, roleNames: ["GROUP_READ_ONLY"] }]);
  const list = [{ teamId: other, roleNames: ["GROUP_OWNER"] }, ...items(id)];
  const response = await inProject("POST", "", list);
  expect([response.status, response.at("errorCode")]).toEqual([status, code]);
  expect((await inProject("GET")).at("totalCount")).toBe(1);
});

test("users join and leave a team, in the old way and in the new one", async () => {
  const { id, sandbox, teams, api } = await startWithTeam();
  const userId = (await teams("GET", `/${id}/users`)).string("results.0.id");
  expect((await teams("DELETE", `/${id}/users/${userId}`)).status).toBe(204);
  expect((await teams("GET", `/${id}/users`)).at("results")).toEqual([]);
  const added = await teams("POST", `/${id}/users`, [{ id: userId }]);
  expect([added.status, added.at("results.0.emailAddress")]).toEqual([200, username]);
  const again = await teams("POST", `/${id}/users`, [{ id: userId }]);
  expect([again.status, again.at("errorCode")]).toEqual([409, "USER_ALREADY_IN_TEAM"]);

  const removed = await teams("POST", `/${id}:removeUser`, { id: userId });
  expect([removed.status, removed.at("teamIds")]).toEqual([200, []]);
  expect((await teams("POST", `/${id}:removeUser`, { id: userId })).status).toBe(404);
  expect((await teams("POST", `/${id}:addUser`, { id: userId })).at("teamIds")).toEqual([id]);
  expect((await api("GET", `/orgs/${sandbox.orgId}/users`)).at("results.0.teamIds")).toEqual([id]);
});
