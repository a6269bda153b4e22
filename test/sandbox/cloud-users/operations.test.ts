import { expect, test } from "vitest";
import { keysOf, start } from "../harness.ts";

const first = "application/vnd.atlas.2023-01-01+json";

const startInProject = async () => {
  const harness = await start();
  const id = await harness.createProject("shop");
  return { ...harness, id, org: `/orgs/${harness.sandbox.orgId}` };
};

test("an organization has one user, its owner, who owns the projects", async () => {
  const { api, id, org } = await startInProject();
  const response = await api("GET", `${org}/users`);
  expect(response.headers.get("content-type")).toContain("2025-02-19");
  expect(response.headers.get("ratelimit-limit")).toBe("500");
  expect(keysOf(response.at("results.0"))).toEqual([
    "country",
    "createdAt",
    "firstName",
    "id",
    "lastAuth",
    "lastName",
    "mobileNumber",
    "orgMembershipStatus",
    "roles",
    "teamIds",
    "username",
  ]);
  expect(response.at("results.0.roles")).toEqual({
    groupRoleAssignments: [{ groupId: id, groupRoles: ["GROUP_OWNER"] }],
    orgRoles: ["ORG_OWNER"],
  });
  const userId = response.string("results.0.id");
  expect((await api("GET", `${org}/users/${userId}`)).at()).toEqual(response.at("results.0"));
});

test("a project has the same user", async () => {
  const { api, id, org } = await startInProject();
  const response = await api("GET", `/groups/${id}/users?flattenTeams=true&includeOrgUsers=true`);
  const user = (await api("GET", `${org}/users`)).string("results.0.id");
  expect(response.at("results.0")).toMatchObject({ id: user, roles: ["GROUP_OWNER"] });
  expect((await api("GET", `/groups/${id}/users/${user}`)).at()).toEqual(response.at("results.0"));
});

test("the first version shows the user in its own way", async () => {
  const { api, id, org, sandbox } = await startInProject();
  for (const path of [`${org}/users`, `/groups/${id}/users`]) {
    const response = await api("GET", path, { accept: first });
    expect(response.headers.get("content-type")).toContain("2023-01-01");
    expect(response.at("results.0.roles")).toEqual([
      { orgId: sandbox.orgId, roleName: "ORG_OWNER" },
      { groupId: id, roleName: "GROUP_OWNER" },
    ]);
  }
});

test.each([
  ["username=user%40example.com", 1],
  ["username=nobody%40example.com", 0],
  ["orgMembershipStatus=ACTIVE", 1],
  ["orgMembershipStatus=PENDING", 0],
])("%s lists %i", async (query, count) => {
  const { api, org } = await startInProject();
  expect((await api("GET", `${org}/users?${query}`)).at("totalCount")).toBe(count);
});

test.each([
  ["32b6e34b3d91647abb20e7b8", "USER_NOT_FOUND"],
  ["somebody", "INVALID_USER_ID"],
])("a user %s is %s", async (userId, code) => {
  const { api, org } = await startInProject();
  const response = await api("GET", `${org}/users/${userId}`);
  expect([response.status, response.at("errorCode")]).toEqual([404, code]);
});
