import { expect, test } from "vitest";
import { start, testPassword } from "../harness.ts";

const actions = [
  { action: "UPDATE", resources: [{ cluster: false, collection: "carts", db: "shop" }] },
  { action: "LIST_SESSIONS", resources: [{ cluster: true }] },
];

const startInProject = async () => {
  const harness = await start();
  const id = await harness.createProject("shop");
  const roles = (method: string, path = "", body?: unknown) =>
    harness.api(
      method,
      `/groups/${id}/customDBRoles/roles${path}`,
      body === undefined ? {} : { body },
    );
  const createRole = (roleName: string, more: object = { actions }) =>
    roles("POST", "", { roleName, ...more });
  const createUserWith = (username: string, ...names: string[]) =>
    harness.createUser(id, username, {
      password: testPassword,
      roles: names.map((roleName) => ({ databaseName: "admin", roleName })),
    });
  return { ...harness, id, roles, createRole, createUserWith };
};

test("a create answers 202 with the role, without what a resource does not have", async () => {
  const { createRole, roles } = await startInProject();
  const created = await createRole("cart-keeper");
  expect(created.status).toBe(202);
  expect(created.headers.get("ratelimit-limit")).toBe("2000");
  expect(created.text).toBe(
    '{"actions":[{"action":"UPDATE","resources":[{"collection":"carts","db":"shop"}]},{"action":"LIST_SESSIONS","resources":[{"cluster":true}]}],"inheritedRoles":[],"roleName":"cart-keeper"}',
  );
  expect((await roles("GET", "/cart-keeper")).text).toBe(created.text);
  // A bare list, not a page.
  expect((await roles("GET")).text).toBe(`[${created.text}]`);
});

test("an update replaces the lists that it has", async () => {
  const { createRole, roles } = await startInProject();
  await createRole("keeper");
  const inheritedRoles = [{ db: "admin", role: "read" }];
  const updated = await roles("PATCH", "/keeper", { inheritedRoles });
  expect([updated.status, updated.at("inheritedRoles")]).toEqual([200, inheritedRoles]);
  expect(updated.at("actions.1.action")).toBe("LIST_SESSIONS");
  expect((await roles("PATCH", "/keeper", { actions: [] })).at("actions")).toEqual([]);
});

test.each([
  ["_keeper", { actions }, "ATLAS_CUSTOM_ROLE_INVALID_NAME", 400],
  ["xgen-keeper", { actions }, "ATLAS_RESERVED_CUSTOM_ROLE_RESTRICTED", 400],
  ["readWrite", { actions }, "ATLAS_INVALID_CUSTOM_ROLE_RESTRICTED", 400],
  ["keeper", {}, "ATLAS_CUSTOM_ROLE_HAS_NO_PERMISSIONS", 400],
  ["keeper", { actions: [...actions, ...actions] }, "ATLAS_DUPLICATE_CUSTOM_ROLE_ACTION", 400],
  ["keeper", { actions: [{ action: "FLY", resources: [] }] }, "INVALID_ENUM_VALUE", 400],
  [
    "keeper",
    { inheritedRoles: [{ db: "admin", role: "nobody" }] },
    "ATLAS_INVALID_CUSTOM_ROLE_INHERITANCE",
    400,
  ],
  [
    "keeper",
    { inheritedRoles: [{ db: "admin", role: "keeper" }] },
    "ATLAS_INVALID_CUSTOM_ROLE_SELF_REFERENTIAL",
    400,
  ],
  ["taken", { actions }, "ATLAS_CUSTOM_ROLE_NAME_ALREADY_EXISTS", 409],
])("%s with %j is refused", async (name, more, code, status) => {
  const { createRole, roles } = await startInProject();
  await createRole("taken");
  const response = await createRole(name, more);
  expect([response.status, response.at("errorCode")]).toEqual([status, code]);
  expect((await roles("GET")).at()).toHaveLength(1);
});

test("a user has a custom role on the admin database only", async () => {
  const { createRole, createUser, createUserWith, id } = await startInProject();
  expect((await createUserWith("ada", "keeper")).at("errorCode")).toBe("ATLAS_INVALID_ROLE");
  await createRole("keeper");
  const elsewhere = { roles: [{ databaseName: "shop", roleName: "keeper" }] };
  expect((await createUser(id, "ada", elsewhere)).at("errorCode")).toBe("UNSUPPORTED_ROLE");
  expect((await createUserWith("ada", "keeper")).status).toBe(201);
});

test("a role that is all that a user has cannot be deleted", async () => {
  const { api, createRole, createUserWith, id, roles } = await startInProject();
  await createRole("keeper");
  await createUserWith("ada", "keeper");
  await createUserWith("bob", "keeper", "read");
  expect((await roles("DELETE", "/keeper")).at()).toEqual({
    detail: "Deleting specified custom role would leave the following users without a role: ada.",
    error: 409,
    errorCode: "ATLAS_CUSTOM_ROLE_IN_USE_BY_USERS",
    parameters: ["ada"],
    reason: "Conflict",
  });
  await api("DELETE", `/groups/${id}/databaseUsers/admin/ada`);
  expect((await roles("DELETE", "/keeper")).status).toBe(204);
  expect((await roles("GET", "/keeper")).at("errorCode")).toBe("ATLAS_CUSTOM_ROLE_NOT_FOUND");
  const bob = await api("GET", `/groups/${id}/databaseUsers/admin/bob`);
  expect(bob.at("roles")).toEqual([{ databaseName: "admin", roleName: "read" }]);
});

test("a role that is all that another role has cannot be deleted", async () => {
  const { createRole, roles } = await startInProject();
  await createRole("base");
  const inheritedRoles = [{ db: "admin", role: "base" }];
  await createRole("heir", { inheritedRoles });
  await createRole("rich", { actions, inheritedRoles });
  const response = await roles("DELETE", "/base");
  expect([response.at("errorCode"), response.at("parameters")]).toEqual([
    "ATLAS_CUSTOM_ROLE_IN_USE_BY_ROLES",
    ["heir"],
  ]);
  await roles("DELETE", "/heir");
  expect((await roles("DELETE", "/base")).status).toBe(204);
  expect((await roles("GET", "/rich")).at("inheritedRoles")).toEqual([]);
});

test("roles belong to their project", async () => {
  const { api, createProject, createRole } = await startInProject();
  await createRole("keeper");
  const other = await createProject("other");
  expect((await api("GET", `/groups/${other}/customDBRoles/roles`)).at()).toEqual([]);
});

test("a project has as many roles as its limit says", async () => {
  const { api, createRole, id } = await startInProject();
  const limit = `/groups/${id}/limits/atlas.project.security.databaseAccess.customRoles`;
  await api("PATCH", limit, { body: { value: 1 } });
  expect((await createRole("one")).status).toBe(202);
  expect((await createRole("two")).at("errorCode")).toBe("CUSTOM_ROLES_LIMIT_EXCEEDED");
  expect((await api("GET", limit)).at("currentUsage")).toBe(1);
});
