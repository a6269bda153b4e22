import { expect, test } from "vitest";
import { keysOf } from "../harness.ts";
import { startWithAccounts } from "./accounts.ts";

test("a create shows the secret, and nothing else ever does", async () => {
  const { create, control, org } = await startWithAccounts();
  const created = await create();
  expect(created.status).toBe(201);
  expect(created.headers.get("content-type")).toContain("2024-08-05");
  expect(keysOf(created.at())).toEqual([
    "clientId",
    "createdAt",
    "description",
    "name",
    "roles",
    "secrets",
  ]);
  expect(created.at("secrets.0")).toEqual({
    createdAt: "2026-08-10T03:02:55Z",
    expiresAt: "2026-08-10T11:02:55Z",
    id: expect.stringMatching(/^[0-9a-f]{24}$/),
    lastUsedAt: null,
    secret: expect.stringMatching(/^mdb_sa_sk_[\w-]{40}$/),
  });
  const secret = created.string("secrets.0.secret");
  const id = created.string("clientId");
  for (const response of [
    await org("GET"),
    await org("GET", `/${id}`),
    await org("PATCH", `/${id}`, { name: "other" }),
    await control("GET", "/state"),
  ]) {
    expect([response.status, response.text.includes(secret)]).toEqual([200, false]);
  }
  const { maskedSecretValue } = (await org("GET", `/${id}`)).at("secrets.0") as Record<
    string,
    string
  >;
  expect(maskedSecretValue).toBe(`mdb_sa_sk_...${secret.slice(-4)}`);
});

test("the sandbox's own account is in the list, and cannot be changed", async () => {
  const { org, sandbox } = await startWithAccounts();
  expect((await org("GET")).at("results.0.clientId")).toBe(sandbox.clientId);
  expect((await org("GET", `/${sandbox.clientId}`)).at("roles")).toEqual(["ORG_OWNER"]);
  for (const [method, path, body] of [
    ["PATCH", "", { name: "x" }],
    ["DELETE", "", undefined],
    ["POST", "/secrets", { secretExpiresAfterHours: 8 }],
  ] as const) {
    const response = await org(method, `/${sandbox.clientId}${path}`, body);
    expect([response.status, response.at("errorCode")]).toEqual([403, "ACCESS_FORBIDDEN"]);
  }
});

test("an account is changed and deleted", async () => {
  const { create, org } = await startWithAccounts();
  const id = (await create()).string("clientId");
  const body = { description: "", roles: ["ORG_READ_ONLY"] };
  expect((await org("PATCH", `/${id}`, body)).at()).toMatchObject({ name: "deployer", ...body });
  expect((await org("DELETE", `/${id}`)).status).toBe(204);
  const gone = await org("GET", `/${id}`);
  expect([gone.status, gone.at("errorCode")]).toEqual([404, "RESOURCE_NOT_FOUND"]);
});

test.each([
  [{ name: null }, "MISSING_ATTRIBUTE"],
  [{ description: null }, "MISSING_ATTRIBUTE"],
  [{ roles: [] }, "MISSING_ATTRIBUTE"],
  [{ roles: ["GROUP_OWNER"] }, "INVALID_ROLE_FOR_ORG"],
  [{ roles: [1] }, "INVALID_JSON_ATTRIBUTE"],
  [{ secretExpiresAfterHours: null }, "MISSING_ATTRIBUTE"],
  [{ secretExpiresAfterHours: 7 }, "INVALID_ATTRIBUTE"],
  [{ secretExpiresAfterHours: 8761 }, "INVALID_ATTRIBUTE"],
  [{ name: "a/b" }, "INVALID_ATTRIBUTE"],
  [{ description: "x".repeat(251) }, "VALIDATION_ERROR"],
  [{ secret: "chosen" }, "INVALID_ATTRIBUTE"],
])("an account with %j is refused", async (more, code) => {
  const { create, org } = await startWithAccounts();
  const response = await create(more);
  expect([response.status, response.at("errorCode")]).toEqual([400, code]);
  expect((await org("GET")).at("totalCount")).toBe(1);
});

test("an account of a project is a member of the organization", async () => {
  const { createInProject, groupId, org, project } = await startWithAccounts();
  const created = await createInProject();
  expect([created.status, created.at("roles")]).toEqual([201, ["GROUP_OWNER"]]);
  const id = created.string("clientId");
  expect((await project("GET")).at("results.0.clientId")).toBe(id);
  expect((await org("GET", `/${id}`)).at("roles")).toEqual(["ORG_MEMBER"]);
  expect((await org("GET", `/${id}/groups`)).at("results")).toEqual([
    { groupId, roles: ["GROUP_OWNER"] },
  ]);
  const roles = ["GROUP_READ_ONLY"];
  expect((await project("PATCH", `/${id}`, { roles })).at("roles")).toEqual(roles);
  expect((await project("DELETE", `/${id}`)).status).toBe(204);
  expect((await project("GET", `/${id}`)).status).toBe(404);
  expect((await org("GET", `/${id}`)).status).toBe(200);
});

test("an account of the organization is invited to a project", async () => {
  const { create, project } = await startWithAccounts();
  const id = (await create()).string("clientId");
  expect((await project("GET", `/${id}`)).status).toBe(404);
  const roles = ["GROUP_OWNER"];
  const invited = await project("POST", `/${id}:invite`, { roles });
  expect([invited.status, invited.at("clientId"), invited.at("roles")]).toEqual([200, id, roles]);
  expect((await project("GET", `/${id}`)).at("roles")).toEqual(roles);
  const bad = await project("POST", `/${id}:invite`, { roles: ["ORG_OWNER"] });
  expect(bad.at("errorCode")).toBe("INVALID_ROLE_FOR_GROUP");
  expect((await project("POST", "/nobody:invite", { roles })).status).toBe(404);
});

test("an access list is kept", async () => {
  const { create, org } = await startWithAccounts();
  const id = (await create()).string("clientId");
  const path = `/${id}/accessList`;
  const entries = [{ ipAddress: "192.0.2.1" }, { cidrBlock: "198.51.100.0/24" }];
  const added = await org("POST", path, entries);
  expect([added.status, added.at("results.0")]).toEqual([
    200,
    {
      cidrBlock: "192.0.2.1/32",
      createdAt: "2026-08-10T03:02:55Z",
      ipAddress: "192.0.2.1",
      lastUsedAddress: null,
      lastUsedAt: null,
      requestCount: 0,
    },
  ]);
  expect((await org("POST", path, entries)).at("totalCount")).toBe(2);
  expect((await org("DELETE", `${path}/192.0.2.1`)).status).toBe(204);
  expect((await org("DELETE", `${path}/192.0.2.1`)).status).toBe(404);
  expect((await org("DELETE", `${path}/198.51.100.0%2F24`)).status).toBe(204);
  expect((await org("GET", path)).at("results")).toEqual([]);
});
