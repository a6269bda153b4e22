import { expect, test } from "vitest";
import { type Harness, start, type TestResponse } from "../harness.ts";

// The harness's clock starts at 2026-08-10T03:02:55Z.
type Kind = {
  what: string;
  add(harness: Harness, groupId: string, deleteAfterDate: string): Promise<TestResponse>;
  list: string;
  one: string;
};

const kinds: Kind[] = [
  {
    what: "a database user",
    add: ({ createUser }, groupId, deleteAfterDate) =>
      createUser(groupId, "ann", { deleteAfterDate }),
    list: "databaseUsers",
    one: "databaseUsers/admin/ann",
  },
  {
    what: "an access list entry",
    add: ({ addEntries }, groupId, deleteAfterDate) =>
      addEntries(groupId, { ipAddress: "10.0.0.1", deleteAfterDate }),
    list: "accessList",
    one: "accessList/10.0.0.1",
  },
];

test.each(kinds)("$what is gone once its time has come, everywhere", async ({ add, list, one }) => {
  const harness = await start();
  const { api, control, pass } = harness;
  const id = await harness.createProject("shop");
  await add(harness, id, "2026-08-10T03:03:00Z");
  pass(4999);
  expect((await api("GET", `/groups/${id}/${one}`)).status).toBe(200);
  pass(1);
  expect((await api("GET", `/groups/${id}/${one}`)).status).toBe(404);
  expect((await api("GET", `/groups/${id}/${list}`)).at("totalCount")).toBe(0);
  expect((await control("GET", "/state")).at()).toMatchObject({ users: [], accessList: [] });
  expect((await add(harness, id, "2026-08-11T00:00:00Z")).status).toBe(201);
});

test.each(kinds)("$what may live for a week, not longer", async ({ add }) => {
  const harness = await start();
  const id = await harness.createProject("shop");
  const response = await add(harness, id, "2026-08-17T03:02:56Z");
  expect([response.status, response.at("errorCode"), response.at("parameters")]).toEqual([
    400,
    "EXPIRATION_DATE_EXCEEDS_MAX",
    [7],
  ]);
  expect((await add(harness, id, "2026-08-17T03:02:55Z")).status).toBe(201);
});

test.each(kinds)("$what cannot be made with a past date", async ({ add }) => {
  const harness = await start();
  const id = await harness.createProject("shop");
  const response = await add(harness, id, "2026-08-10T03:02:55Z");
  expect([response.status, response.at("errorCode")]).toEqual([400, "EXPIRATION_DATE_IN_PAST"]);
});

test.each(kinds)("$what needs a date that is one", async ({ add }) => {
  const harness = await start();
  const id = await harness.createProject("shop");
  for (const date of ["tomorrow", "2026-08-11", "2026-13-41T00:00:00Z"]) {
    const response = await add(harness, id, date);
    expect([response.at("errorCode"), response.at("parameters")]).toEqual([
      "INVALID_DATE_FORMAT",
      [date],
    ]);
  }
});

test("a date may name its zone, and is shown in UTC", async () => {
  const harness = await start();
  const id = await harness.createProject("shop");
  const response = await harness.createUser(id, "ann", {
    deleteAfterDate: "2026-08-10T06:30:00.5+03:00",
  });
  expect(response.at("deleteAfterDate")).toBe("2026-08-10T03:30:00Z");
});

test("a temporary user can be given more time", async () => {
  const harness = await start();
  const { api, createUser } = harness;
  const id = await harness.createProject("shop");
  await createUser(id, "ann", { deleteAfterDate: "2026-08-10T03:30:00Z" });
  const roles = [{ databaseName: "admin", roleName: "atlasAdmin" }];
  const body = { databaseName: "admin", groupId: id, roles, username: "ann" };
  const response = await api("PATCH", `/groups/${id}/databaseUsers/admin/ann`, {
    body: { ...body, deleteAfterDate: "2026-08-12T00:00:00Z" },
  });
  expect(response.at("deleteAfterDate")).toBe("2026-08-12T00:00:00Z");
});
