import { describe, expect, it } from "vitest";
import { actionsOf } from "../support/contract.ts";
import { aws } from "../support/live-sandbox.ts";
import { type Fixture, sharedFixture } from "./fixture.ts";

const live = sharedFixture({ kind: "v2 modern", step: 20 });
const slow = sharedFixture({ kind: "v2 modern", step: 20, atlas: { provisionMs: 600_000 } });
const readOnly = sharedFixture({
  kind: "v1 over http",
  step: 20,
  env: { ATLAS_MCP_READ_ONLY: "true" },
});

const makeCluster = ({ sandbox, groupId }: Fixture) =>
  sandbox.make(`/groups/${groupId}/flexClusters`, { name: "db", providerSettings: aws });

const makeUser = ({ sandbox, groupId }: Fixture, username: string, clusters: string[] = []) =>
  sandbox.make(`/groups/${groupId}/databaseUsers`, {
    databaseName: "admin",
    groupId,
    username,
    password: "Abcdefgh12345678",
    roles: [{ roleName: "readWriteAnyDatabase", databaseName: "admin" }],
    scopes: clusters.map((name) => ({ name, type: "CLUSTER" })),
  });

const makeEntry = ({ sandbox, groupId }: Fixture, cidrBlock = "203.0.113.7/32") =>
  sandbox.make(`/groups/${groupId}/accessList`, [{ cidrBlock }]);

const get = ({ driver, groupId }: Fixture) =>
  driver.call("get_flex_cluster", { groupId, name: "db" });

/** How often the project's users and entries were read. */
const readsOf = async ({ sandbox }: Fixture) =>
  (await sandbox.state()).requests.filter(({ operation }) =>
    ["listGroupDatabaseUsers", "listGroupAccessListEntries"].includes(operation ?? ""),
  ).length;

const ask = "Ask the user which address or block may connect, then call create_access_list_entry.";

describe("what is missing to connect to a cluster", () => {
  it("is a user and an entry in a new project, with a user as next action and no address", () =>
    live(async (fixture) => {
      await makeCluster(fixture);
      const result = await get(fixture);
      const { groupId } = fixture;
      expect(result.structured).toMatchObject({
        ready: true,
        missing: ["database_user", "access_list_entry"],
        note: ask,
      });
      expect(actionsOf(result)).toEqual([
        {
          tool: "create_database_user",
          arguments: { groupId, username: "app" },
          why: expect.stringContaining("suggestion"),
        },
        {
          tool: "create_access_list_entry",
          arguments: { groupId, currentIpAddress: true },
          why: expect.stringContaining("if the user agrees"),
        },
      ]);
    }));

  it("is nothing once the next action and the user's address are there", () =>
    live(async (fixture) => {
      await makeCluster(fixture);
      const [action] = actionsOf(await get(fixture));
      const made = await fixture.driver.call(action?.tool ?? "", action?.arguments ?? {});
      expect(made.structured).toMatchObject({ outcome: "created" });
      await makeEntry(fixture);
      const result = await get(fixture);
      expect(result.structured).toMatchObject({ ready: true, missing: [] });
      expect(result.structured).not.toHaveProperty("note");
      const { groupId } = fixture;
      expect(actionsOf(result)).toMatchObject([
        { tool: "check_connection", arguments: { groupId, name: "db" } },
      ]);
    }));

  it("is told by a create, a create that finds it, and updates", () =>
    live(async (fixture) => {
      const { driver, groupId } = fixture;
      await makeEntry(fixture, "0.0.0.0/0");
      const missing = ["database_user"];
      const args = { groupId, name: "db", providerSettings: aws };
      const created = await driver.call("create_flex_cluster", { ...args, waitSeconds: 30 });
      expect(created.structured).toMatchObject({ outcome: "created", ready: true, missing });
      expect(actionsOf(created).map(({ tool }) => tool)).toEqual(["create_database_user"]);
      const found = await driver.call("create_flex_cluster", { ...args, ifExists: "return" });
      expect(found.structured).toMatchObject({ outcome: "existing", missing });
      const change = { groupId, name: "db", tags: [{ key: "team", value: "shop" }] };
      for (const outcome of ["updated", "unchanged"])
        expect((await driver.call("update_flex_cluster", change)).structured).toMatchObject({
          outcome,
          missing,
        });
    }));

  it("is not looked for before the cluster is ready", () =>
    slow(async (fixture) => {
      await makeCluster(fixture);
      const before = await readsOf(fixture);
      const { structured } = await get(fixture);
      expect(structured.ready).toBe(false);
      expect(structured).not.toHaveProperty("missing");
      expect(await readsOf(fixture)).toBe(before);
    }));

  it.each<[what: string, clusters: string[], missing: string[]]>([
    ["of all clusters", [], []],
    ["of this cluster", ["other", "db"], []],
    ["of another cluster", ["other"], ["database_user"]],
  ])("counts a user %s as it is", (_what, clusters, missing) =>
    live(async (fixture) => {
      await makeCluster(fixture);
      await makeEntry(fixture);
      await makeUser(fixture, "report", clusters);
      expect((await get(fixture)).structured.missing).toEqual(missing);
    }),
  );

  it("offers a name that no user has", () =>
    live(async (fixture) => {
      await makeCluster(fixture);
      await makeUser(fixture, "app", ["other"]);
      await makeUser(fixture, "app-2", ["other"]);
      const result = await get(fixture);
      const [action] = actionsOf(result);
      expect(action?.arguments).toEqual({ groupId: fixture.groupId, username: "app-3" });
      const made = await fixture.driver.call(action?.tool ?? "", action?.arguments ?? {});
      expect(made.structured).toMatchObject({ outcome: "created" });
    }));

  const unreadable = ["error:403:ACCESS_FORBIDDEN", "html_503", "reset", "hang", "rate_limit"];

  it.each(
    unreadable.flatMap((fault) => [
      { fault, operation: "listGroupDatabaseUsers", missing: ["access_list_entry"] },
      { fault, operation: "listGroupAccessListEntries", missing: ["database_user"] },
    ]),
  )("leaves out what cannot be read ($operation, $fault)", ({ fault, operation, missing }) =>
    live(async (fixture) => {
      await makeCluster(fixture);
      await fixture.sandbox.script(operation, fault, 20);
      const { structured } = await get(fixture);
      expect(structured).toMatchObject({ status: "ok", ready: true, missing });
    }),
  );

  it("is not told where neither can be read", () =>
    live(async (fixture) => {
      await makeCluster(fixture);
      await fixture.sandbox.script("listGroupDatabaseUsers", "error:403:ACCESS_FORBIDDEN");
      await fixture.sandbox.script("listGroupAccessListEntries", "hang", 20);
      const result = await get(fixture);
      expect(result.structured).toMatchObject({ status: "ok", outcome: "found", ready: true });
      for (const member of ["missing", "note", "nextActions"])
        expect(result.structured).not.toHaveProperty(member);
    }));

  it("names no tool that is switched off", () =>
    readOnly(async (fixture) => {
      await makeCluster(fixture);
      const result = await get(fixture);
      expect(result.structured.missing).toEqual(["database_user", "access_list_entry"]);
      expect(actionsOf(result)).toEqual([]);
      expect(result.structured).not.toHaveProperty("note");
    }));
});
