import { expect, test } from "vitest";
import { type Harness, start } from "../harness.ts";

type InProject = Harness & { id: string; path: string };

const startInProject = async (): Promise<InProject> => {
  const harness = await start();
  const id = await harness.createProject("shop");
  return { ...harness, id, path: `/groups/${id}/databaseUsers` };
};

const role = (roleName: string, databaseName: string) => ({ roles: [{ databaseName, roleName }] });
const x509User = { x509Type: "MANAGED", databaseName: "$external", password: undefined };

test.each([
  ["no database", { databaseName: undefined }, "MISSING_ATTRIBUTE", ["databaseName"]],
  ["no username", { username: undefined }, "MISSING_ATTRIBUTE", ["username"]],
  ["no roles", { roles: undefined }, "MISSING_ATTRIBUTE", ["roles"]],
  ["an empty list of roles", { roles: [] }, "MISSING_ATTRIBUTE", ["roles"]],
  ["no password", { password: undefined }, "MISSING_ATTRIBUTE", ["password"]],
  ["a short password", { password: "1234567" }, "WEAK_PASSWORD", []],
  ["an empty username", { username: "" }, "ATLAS_INVALID_USERNAME", [""]],
  ["another project", { groupId: "1".repeat(24) }, "GROUP_MISMATCH", ["1".repeat(24)]],
  ["an unknown member", { colour: "red" }, "INVALID_ATTRIBUTE", ["colour"]],
  ["roles that are no list", { roles: "read" }, "INVALID_JSON_ATTRIBUTE", ["roles"]],
  ["roles that are no objects", { roles: ["read"] }, "INVALID_JSON_ATTRIBUTE", ["roles"]],
  ["an unknown role", role("boss", "shop"), "ATLAS_INVALID_ROLE", ["boss", "shop"]],
  [
    "a role of admin's elsewhere",
    role("atlasAdmin", "shop"),
    "ATLAS_INVALID_ROLE_DATABASE",
    ["atlasAdmin", "admin"],
  ],
  [
    "an unknown scope type",
    { scopes: [{ name: "c", type: "TABLE" }] },
    "INVALID_ENUM_VALUE",
    ["TABLE"],
  ],
  ["an unknown way to sign in", { awsIAMType: "MAYBE" }, "INVALID_ENUM_VALUE", ["MAYBE"]],
  ["a database of its own", { databaseName: "shop" }, "DATABASE_NAME_INVALID_ADMIN", ["Users"]],
  [
    "a password user outside admin",
    { databaseName: "$external" },
    "DATABASE_NAME_INVALID_ADMIN",
    ["Users"],
  ],
  [
    "an X.509 user on admin",
    { ...x509User, databaseName: "admin" },
    "DATABASE_NAME_INVALID_EXTERNAL",
    [],
  ],
])("a create with %s is refused", async (_what, more, code, parameters) => {
  const { api, createUser, id, path } = await startInProject();
  const response = await createUser(id, "ann", more);
  expect([response.status, response.at("errorCode"), response.at("parameters")]).toEqual([
    400,
    code,
    parameters,
  ]);
  expect((await api("GET", path)).at("totalCount")).toBe(0);
});

test("the same role twice is refused, and named", async () => {
  const { createUser, id } = await startInProject();
  const [read] = role("read", "sales").roles;
  const response = await createUser(id, "ann", { roles: [read, read] });
  expect(response.at("detail")).toBe(
    "Duplicate database roles specified for user ann: read@sales.",
  );
});

test("1024 characters are a name, 1025 are not", async () => {
  const { createUser, id } = await startInProject();
  expect((await createUser(id, "a".repeat(1024))).status).toBe(201);
  expect((await createUser(id, "a".repeat(1025))).at("errorCode")).toBe("ATLAS_INVALID_USERNAME");
});

test("100 characters are a description, 101 are not", async () => {
  const { createUser, id } = await startInProject();
  expect((await createUser(id, "ann", { description: "d".repeat(100) })).status).toBe(201);
  const response = await createUser(id, "bob", { description: "d".repeat(101) });
  expect(response.at("errorCode")).toBe("VALIDATION_ERROR");
});

test("a user who signs in with a certificate needs no password", async () => {
  const { createUser, id } = await startInProject();
  expect((await createUser(id, "CN=ann", x509User)).at()).toMatchObject({
    databaseName: "$external",
    x509Type: "MANAGED",
  });
});

test("the project may be left to the path, as in Atlas's examples for curl", async () => {
  const { createUser, id } = await startInProject();
  expect((await createUser(id, "ann", { groupId: undefined })).status).toBe(201);
});

test("an update replaces lists and keeps what it is not told", async () => {
  const { api, createUser, id, path } = await startInProject();
  await createUser(id, "ann", { description: "first", scopes: [{ name: "c", type: "CLUSTER" }] });
  const body = { databaseName: "admin", groupId: id, username: "ann", ...role("read", "sales") };
  const response = await api("PATCH", `${path}/admin/ann`, { body });
  expect(response.status).toBe(200);
  expect(response.at()).toMatchObject({
    description: "first",
    ...role("read", "sales"),
    scopes: [{ name: "c", type: "CLUSTER" }],
  });
  expect((await api("GET", `${path}/admin/ann`)).at()).toEqual(response.at());
});

test.each([
  [{ username: "bob" }, 409, "DATABASE_USERNAME_CANNOT_BE_CHANGED"],
  [{ databaseName: "$external" }, 409, "DATABASE_NAME_CANNOT_BE_CHANGED"],
  [{ x509Type: "MANAGED" }, 409, "AUTH_TYPE_CANNOT_BE_CHANGED"],
  [{ deleteAfterDate: "2026-08-11T00:00:00Z" }, 400, "PERMANENT_ENTITY_CANNOT_BE_MADE_TEMPORARY"],
  [{ password: "short" }, 400, "WEAK_PASSWORD"],
  [{ roles: [{ databaseName: "x", roleName: "boss" }] }, 400, "ATLAS_INVALID_ROLE"],
])("an update to %j is refused and changes nothing", async (more, status, code) => {
  const { api, createUser, id, path } = await startInProject();
  const before = (await createUser(id, "ann")).at();
  const body = { databaseName: "admin", groupId: id, username: "ann", description: "new", ...more };
  const response = await api("PATCH", `${path}/admin/ann`, { body });
  expect([response.status, response.at("errorCode")]).toEqual([status, code]);
  expect((await api("GET", `${path}/admin/ann`)).at()).toEqual(before);
});
