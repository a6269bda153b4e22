import { describe, expect, test } from "vitest";
import { failureOf, type Harness, start, type TestResponse } from "../harness.ts";

type Change = {
  operation: string;
  /** What must be there before. */
  before(harness: Harness, groupId: string): Promise<unknown>;
  act(harness: Harness, groupId: string): Promise<TestResponse>;
  /** What of the state the operation changes. */
  changed: "users" | "accessList";
};

const nothing = async (): Promise<void> => {};
const addAnn = ({ createUser }: Harness, id: string) => createUser(id, "ann");
const addAddress = ({ addEntries }: Harness, id: string) =>
  addEntries(id, { ipAddress: "10.0.0.1" });

const changes: Change[] = [
  { operation: "createGroupDatabaseUser", before: nothing, act: addAnn, changed: "users" },
  {
    operation: "updateGroupDatabaseUser",
    before: addAnn,
    act: ({ api }, id) =>
      api("PATCH", `/groups/${id}/databaseUsers/admin/ann`, {
        body: {
          databaseName: "admin",
          groupId: id,
          roles: [{ databaseName: "sales", roleName: "read" }],
          username: "ann",
        },
      }),
    changed: "users",
  },
  {
    operation: "deleteGroupDatabaseUser",
    before: addAnn,
    act: ({ api }, id) => api("DELETE", `/groups/${id}/databaseUsers/admin/ann`),
    changed: "users",
  },
  {
    operation: "createGroupAccessListEntry",
    before: nothing,
    act: addAddress,
    changed: "accessList",
  },
  {
    operation: "deleteGroupAccessListEntry",
    before: addAddress,
    act: ({ api }, id) => api("DELETE", `/groups/${id}/accessList/10.0.0.1`),
    changed: "accessList",
  },
];

describe.each(changes)("$operation", ({ operation, before, act, changed }) => {
  const stateOf = async ({ control }: Harness) => (await control("GET", "/state")).at(changed);

  const underFault = async (fault: string) => {
    const harness = await start();
    const id = await harness.createProject("shop");
    await before(harness, id);
    const was = await stateOf(harness);
    await harness.script(operation, fault);
    return { harness, was, send: () => act(harness, id) };
  };

  test.each(["commit_then_reset", "commit_then_truncate"])("%s acts", async (fault) => {
    const { harness, was, send } = await underFault(fault);
    expect(await failureOf(send())).not.toBe("none");
    expect(await stateOf(harness)).not.toEqual(was);
  });

  test.each(["commit_then_500", "commit_then_error:503:"])("%s acts", async (fault) => {
    const { harness, was, send } = await underFault(fault);
    expect((await send()).status).toBeGreaterThanOrEqual(500);
    expect(await stateOf(harness)).not.toEqual(was);
  });

  test.each(["error:500:UNEXPECTED_ERROR", "html_503", "rate_limit", "empty_401"])(
    "%s does not act",
    async (fault) => {
      const { harness, was, send } = await underFault(fault);
      expect((await send()).status).toBeGreaterThanOrEqual(400);
      expect(await stateOf(harness)).toEqual(was);
    },
  );

  test.each(["reset", "truncate"])("%s does not act", async (fault) => {
    const { harness, was, send } = await underFault(fault);
    expect(await failureOf(send())).not.toBe("none");
    expect(await stateOf(harness)).toEqual(was);
  });
});

test("stale_reads hides a new database user, which holds its name all the same", async () => {
  const { api, createProject, createUser, script } = await start();
  const id = await createProject("shop");
  const path = `/groups/${id}/databaseUsers`;
  await script("createGroupDatabaseUser", "stale_reads:2");
  expect((await createUser(id, "ann")).status).toBe(201);
  expect((await api("GET", path)).at("totalCount")).toBe(0);
  expect((await createUser(id, "ann")).at("errorCode")).toBe("USER_ALREADY_EXISTS");
  expect((await api("GET", `${path}/admin/ann`)).at("errorCode")).toBe("USERNAME_NOT_FOUND");
  expect((await api("GET", `${path}/admin/ann`)).status).toBe(200);
});

test("stale_reads hides a new access list entry from reads, not from the answer to its create", async () => {
  const { addEntries, api, createProject, script } = await start();
  const id = await createProject("shop");
  const path = `/groups/${id}/accessList`;
  await script("createGroupAccessListEntry", "stale_reads:3");
  expect((await addEntries(id, { ipAddress: "10.0.0.1" })).at("totalCount")).toBe(1);
  expect((await api("GET", path)).at("totalCount")).toBe(0);
  expect((await api("GET", `${path}/10.0.0.1`)).status).toBe(404);
  expect((await api("GET", `${path}/10.0.0.1/status`)).status).toBe(404);
  expect((await api("GET", path)).at("totalCount")).toBe(1);
});

test.each([
  ["error:400:ATLAS_SCOPE_CLUSTER_NOT_FOUND", ["db"]],
  ["error:409:USER_ALREADY_EXISTS", ["ann"]],
  ["error:400:ATLAS_INVALID_ROLE", ["atlasAdmin", "admin"]],
  ["error:403:GROUP_USERS_LIMIT_EXCEEDED", [100]],
])("%s names what the request named", async (fault, parameters) => {
  const { createProject, createUser, script } = await start();
  const id = await createProject("shop");
  await script("createGroupDatabaseUser", fault);
  const scopes = [{ name: "db", type: "CLUSTER" }];
  expect((await createUser(id, "ann", { scopes })).at("parameters")).toEqual(parameters);
});

test("a scripted error to the access list names the address", async () => {
  const { addEntries, createProject, script } = await start();
  await script("createGroupAccessListEntry", "error:400:INVALID_IP_ADDRESS_OR_CIDR_NOTATION");
  const response = await addEntries(await createProject("shop"), { ipAddress: "10.0.0.1" });
  expect(response.at("parameters")).toEqual(["10.0.0.1"]);
});
