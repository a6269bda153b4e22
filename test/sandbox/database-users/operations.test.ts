import { expect, test } from "vitest";
import { type Harness, keysOf, start, testPassword } from "../harness.ts";

type InProject = Harness & { id: string; path: string };

const startInProject = async (): Promise<InProject> => {
  const harness = await start();
  const id = await harness.createProject("shop");
  return { ...harness, id, path: `/groups/${id}/databaseUsers` };
};

const readWriteRoles = [{ databaseName: "sales", roleName: "readWrite" }];

test("a new user is answered with 201 and the recorded members in their order", async () => {
  const { createUser, id, links } = await startInProject();
  const response = await createUser(id, "user-501");
  expect(response.status).toBe(201);
  expect(response.text).toBe(
    JSON.stringify({
      awsIAMType: "NONE",
      databaseName: "admin",
      groupId: id,
      labels: [],
      ldapAuthType: "NONE",
      links: [{ href: `${links}/groups/${id}/databaseUsers/admin/user-501`, rel: "self" }],
      oidcAuthType: "NONE",
      roles: [{ databaseName: "admin", roleName: "atlasAdmin" }],
      scopes: [],
      username: "user-501",
      x509Type: "NONE",
    }),
  );
  expect(response.headers.get("content-type")).toContain("vnd.atlas.2023-01-01+json");
  expect(response.headers.get("ratelimit-limit")).toBe("10000");
});

test("scopes, labels, description and expiry come back as they were sent", async () => {
  const { api, createUser, id, path } = await startInProject();
  const more = {
    deleteAfterDate: "2026-08-11T03:05:41Z",
    description: "for the shop",
    labels: [{ key: "team", value: "a" }],
    roles: [{ collectionName: "orders", databaseName: "sales", roleName: "read" }],
    scopes: [{ name: "snapshotCluster0", type: "CLUSTER" }],
  };
  const response = await createUser(id, "ann", more);
  expect(response.at()).toMatchObject(more);
  expect(keysOf(response.at()).slice(0, 5)).toEqual([
    "awsIAMType",
    "databaseName",
    "deleteAfterDate",
    "description",
    "groupId",
  ]);
  expect((await api("GET", `${path}/admin/ann`)).at()).toEqual(response.at());
});

test("the list shows the users of the project as a read does", async () => {
  const { api, createProject, createUser, id, path } = await startInProject();
  await createUser(id, "ann");
  await createUser(await createProject("other"), "bob");
  const response = await api("GET", path);
  expect([response.status, response.at("totalCount")]).toEqual([200, 1]);
  expect(response.at("results.0")).toEqual((await api("GET", `${path}/admin/ann`)).at());
});

test("a password is nowhere to be seen once it was sent", async () => {
  const { api, control, createUser, id, path } = await startInProject();
  const seen = [
    await createUser(id, "ann"),
    await createUser(id, "ann"),
    await createUser(id, "bob", { roles: [] }),
    await createUser(id, "bob", { password: [testPassword] }),
    await api("PATCH", `${path}/admin/ann`, {
      body: {
        databaseName: "admin",
        groupId: id,
        password: testPassword,
        roles: readWriteRoles,
        username: "ann",
      },
    }),
    await api("GET", path),
    await control("GET", "/state"),
  ];
  expect(seen.filter(({ text }) => text.includes(testPassword))).toEqual([]);
  expect(seen.at(-1)?.at("users.0.username")).toBe("ann");
});

test("a name that is taken is a conflict, in Atlas's words", async () => {
  const { createUser, id } = await startInProject();
  await createUser(id, "ann");
  const response = await createUser(id, "ann");
  expect(response.at()).toEqual({
    detail: "A user with username ann already exists.",
    error: 409,
    errorCode: "USER_ALREADY_EXISTS",
    parameters: ["ann"],
    reason: "Conflict",
  });
});

test("a name is taken only in its own project", async () => {
  const { createProject, createUser, id } = await startInProject();
  await createUser(id, "ann");
  expect((await createUser(await createProject("other"), "ann")).status).toBe(201);
});

test.each(["GET", "DELETE"])("%s of a user who is not there is not found", async (method) => {
  const { api, path } = await startInProject();
  const response = await api(method, `${path}/admin/none`);
  expect(response.at()).toEqual({
    detail: "No user with username none exists.",
    error: 404,
    errorCode: "USERNAME_NOT_FOUND",
    parameters: ["none"],
    reason: "Not Found",
  });
});

test("a project that is not there is told apart from a user who is not", async () => {
  const { createUser } = await startInProject();
  const response = await createUser("111111111111111111111111", "ann");
  expect(response.at("errorCode")).toBe("GROUP_NOT_FOUND");
});

test("a delete is 204 without a body, and frees the name at once", async () => {
  const { api, createUser, id, path } = await startInProject();
  await createUser(id, "ann");
  const response = await api("DELETE", `${path}/admin/ann`);
  expect([response.status, response.text]).toEqual([204, ""]);
  expect((await api("GET", path)).at("totalCount")).toBe(0);
  expect((await createUser(id, "ann")).status).toBe(201);
});

test("names of any kind find their way through a path", async () => {
  const { api, createUser, id, path } = await startInProject();
  const username = "arn:aws:iam::358363220050:user/an ödd+name?";
  const more = { awsIAMType: "USER", databaseName: "$external" };
  const response = await createUser(id, username, more);
  expect(response.status).toBe(201);
  const one = `${path}/$external/${encodeURIComponent(username)}`;
  expect(response.string("links.0.href").endsWith(one)).toBe(true);
  expect((await api("GET", one)).at("username")).toBe(username);
});

test("the 101st user of a project is one too many", async () => {
  const { createUser, id } = await startInProject();
  for (let n = 0; n < 100; n += 1) expect((await createUser(id, `u${n}`)).status).toBe(201);
  const response = await createUser(id, "last");
  expect([response.status, response.at("errorCode")]).toEqual([403, "GROUP_USERS_LIMIT_EXCEEDED"]);
});
