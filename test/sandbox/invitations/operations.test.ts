import { expect, test } from "vitest";
import { start } from "../harness.ts";

const username = "new@example.com";
const times = { createdAt: "2026-08-10T03:02:55Z", expiresAt: "2026-09-09T03:02:55Z" };

const startWithProject = async () => {
  const harness = await start();
  const { api, sandbox } = harness;
  const groupId = await harness.createProject("shop");
  const at =
    (place: string) =>
    (method: string, path = "", body?: unknown) =>
      api(method, `${place}/invites${path}`, body === undefined ? {} : { body });
  const orgName = (await api("GET", `/orgs/${sandbox.orgId}`)).string("name");
  return {
    ...harness,
    groupId,
    orgName,
    inOrganization: at(`/orgs/${sandbox.orgId}`),
    inProject: at(`/groups/${groupId}`),
  };
};

test("an invitation to an organization is made, changed and withdrawn, as recorded", async () => {
  const { inOrganization, orgName, sandbox } = await startWithProject();
  const created = await inOrganization("POST", "", { username, roles: ["ORG_MEMBER"] });
  const id = created.string("id");
  const view = {
    ...times,
    groupRoleAssignments: [],
    id,
    inviterUsername: "user@example.com",
    orgId: sandbox.orgId,
    orgName,
    roles: ["ORG_MEMBER"],
    teamIds: [],
    username,
  };
  expect([created.status, created.text]).toEqual([200, JSON.stringify(view)]);
  expect((await inOrganization("GET")).at()).toEqual([view]);
  expect((await inOrganization("GET", "?username=other@example.com")).at()).toEqual([]);
  const roles = ["ORG_READ_ONLY"];
  const changed = { ...view, roles };
  expect((await inOrganization("PATCH", "", { username, roles })).at()).toEqual(changed);
  expect((await inOrganization("GET", `/${id}`)).at()).toEqual(changed);
  expect((await inOrganization("DELETE", `/${id}`)).status).toBe(204);
  expect((await inOrganization("GET", `/${id}`)).status).toBe(404);
  expect((await inOrganization("GET")).text).toBe("[]");
});

test("an invitation to a project is one to the project alone", async () => {
  const { groupId, inOrganization, inProject } = await startWithProject();
  const created = await inProject("POST", "", { username, roles: ["GROUP_READ_ONLY"] });
  const id = created.string("id");
  const view = {
    ...times,
    groupId,
    groupName: "shop",
    id,
    inviterUsername: "user@example.com",
    roles: ["GROUP_READ_ONLY"],
    username,
  };
  expect([created.status, created.text]).toEqual([200, JSON.stringify(view)]);
  expect((await inOrganization("GET")).at()).toEqual([]);
  const roles = ["GROUP_OWNER"];
  const changed = await inProject("PATCH", `/${id}`, { roles });
  expect(changed.at()).toEqual({ ...view, roles });
  expect((await inProject("DELETE", `/${id}`)).status).toBe(204);
  expect((await inProject("GET")).at()).toEqual([]);
});

test.each([
  ["inOrganization", { username, roles: ["GROUP_OWNER"] }, "INVALID_ROLE_FOR_ORG"],
  ["inOrganization", { roles: ["ORG_MEMBER"] }, "MISSING_ATTRIBUTE"],
  ["inProject", { username, roles: ["ORG_OWNER"] }, "INVALID_ROLE_FOR_GROUP"],
  ["inProject", { username, roles: "GROUP_OWNER" }, "INVALID_JSON_ATTRIBUTE"],
] as const)("an invitation %s of %j is refused", async (place, body, code) => {
  const harness = await startWithProject();
  const response = await harness[place]("POST", "", body);
  expect([response.status, response.at("errorCode")]).toEqual([400, code]);
});
