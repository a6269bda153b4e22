import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connect, type Driver } from "../support/clients.ts";
import { file } from "../support/config.ts";
import { actionsOf, rpcCodeOf } from "../support/contract.ts";
import { aws, type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";

const [mine, other] = ["a".repeat(24), "b".repeat(24)];

let sandbox: LiveSandbox;
let everyone: Driver;
let ids: Record<string, string>;

const make = async (name: string, orgId: string): Promise<string> =>
  (await sandbox.make("/groups", { name, orgId })).id;

beforeAll(async () => {
  sandbox = await startSandbox({
    rateLimits: false,
    organizations: [
      { id: mine, name: "Mine" },
      { id: other, name: "Other" },
    ],
  });
  everyone = await connect("v2 legacy", { env: sandbox.env });
});
afterAll(async () => {
  await everyone.close();
  await sandbox.close();
});
beforeEach(async () => {
  await sandbox.reset();
  ids = {
    one: await make("one", mine),
    two: await make("two", mine),
    far: await make("far", other),
  };
});

/** A server under these rules, for as long as `use` takes. */
const under = async (rules: object, use: (driver: Driver) => Promise<void>) => {
  const args = ["--policy", file(JSON.stringify(rules))];
  const driver = await connect("v2 modern", { env: sandbox.env, args });
  await use(driver).finally(() => driver.close());
};

const namesOf = ({ structured }: { structured: Record<string, any> }) =>
  structured.projects.map((one: { name: string }) => one.name);

describe("allowed organizations", () => {
  it("bound what is listed and read", () =>
    under({ organizations: [mine] }, async (driver) => {
      const account = await driver.call("get_account");
      expect(account.structured.organizations.map((one: { id: string }) => one.id)).toEqual([mine]);
      expect(account.structured.policy.rules).toEqual([{ organizations: [mine] }]);
      expect(account.structured.note).toBe(
        "The policy hides 1 organization that the credentials can see.",
      );
      expect(JSON.stringify(account.structured)).not.toContain(other);
      const listed = await driver.call("list_projects");
      expect([namesOf(listed), listed.structured.totalCount]).toEqual([["one", "two"], 2]);
      for (const [tool, args] of [
        ["list_projects", { orgId: other }],
        ["get_project", { groupId: ids.far }],
        ["get_flex_cluster", { groupId: ids.far, name: "db" }],
      ] as const)
        expect((await driver.call(tool, args)).structured.error).toMatchObject({
          code: "policy_denied",
        });
    }));

  it("that the credentials cannot see leave none, and get_account says why", () =>
    under({ organizations: ["c".repeat(24)] }, async (driver) => {
      const { structured } = await driver.call("get_account");
      expect(structured).toMatchObject({
        organizations: [],
        note: "The policy hides 2 organizations that the credentials can see.",
      });
    }));

  it("page what is left of several of them", () =>
    under({ organizations: [mine, other] }, async (driver) => {
      const { structured } = await driver.call("list_projects", { itemsPerPage: 2, pageNum: 2 });
      expect([structured.projects.length, structured.totalCount]).toEqual([1, 3]);
    }));

  it("bound what is changed, and nothing is sent for it", () =>
    under({ organizations: [mine] }, async (driver) => {
      const made = await driver.call("create_project", { name: "new", orgId: other });
      const cluster = { groupId: ids.far, name: "db", providerSettings: aws };
      const denied = [made, await driver.call("create_flex_cluster", cluster)];
      for (const { structured } of denied)
        expect(structured.error).toMatchObject({ code: "policy_denied", outcome: "not_created" });
      const { projects, clusters } = await sandbox.state();
      expect([projects.length, clusters.length]).toEqual([3, 0]);
    }));
});

describe("allowed projects", () => {
  it("bound reads, and switch off what would make another", () =>
    under({ projects: [ids.one, "c".repeat(24)] }, async (driver) => {
      expect(namesOf(await driver.call("list_projects"))).toEqual(["one"]);
      expect(namesOf(await driver.call("get_account"))).toEqual(["one"]);
      const tools = (await driver.listTools()).map(({ name }) => name);
      expect(tools).not.toContain("create_project");
      expect(await rpcCodeOf(driver.call("create_project", { name: "x", orgId: mine }))).toBe(
        -32602,
      );
      const far = await driver.call("get_project", { groupId: ids.two });
      expect(far.structured.error).toMatchObject({ code: "policy_denied", outcome: "no_change" });
      const offered = actionsOf(far).map(({ tool }) => tool);
      expect(offered).not.toContain("create_project");
    }));
});

describe("a limit", () => {
  it("is counted in Atlas: the last one passes, one more does not", () =>
    under({ limits: { projectsPerOrganization: 3, flexClustersPerProject: 1 } }, async (driver) => {
      const project = (name: string) => driver.call("create_project", { name, orgId: mine });
      expect((await project("three")).structured.outcome).toBe("created");
      expect((await project("four")).structured.error).toMatchObject({
        code: "policy_denied",
        fields: [{ path: "orgId", problem: expect.stringContaining("already has 3") }],
      });
      const cluster = (name: string, more = {}) =>
        driver.call("create_flex_cluster", {
          groupId: ids.one,
          name,
          providerSettings: aws,
          ...more,
        });
      expect((await cluster("a")).structured.outcome).toBe("created");
      expect((await cluster("b", { dryRun: true })).structured.error.code).toBe("policy_denied");
      // What is there already is no one more.
      expect((await cluster("a", { ifExists: "return" })).structured.outcome).toBe("existing");
    }));
});
