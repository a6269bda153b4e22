import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Rules } from "../../src/policy/rules.ts";
import { type Harness, openHarness } from "../faults/harness.ts";
import type { Host } from "../faults/provision.ts";

let harness: Harness;
let groupId: string;

beforeAll(async () => {
  harness = await openHarness(20, { rateLimits: false });
});
afterAll(() => harness.close());
beforeEach(async () => {
  await harness.reset();
  groupId = await harness.makeProject("home");
});

const userId = "32b6e34b3d91647abb20e7b8";

/** A server whose user agrees to everything, and what that user was asked. */
const server = (rules: Rules = {}) => {
  const asked: string[] = [];
  const host: Host = ({ message, state }) => {
    asked.push(message);
    return { reply: "accepted", state };
  };
  const { passwords } = harness;
  const process = harness.process({ confirm: "auto", rules, passwords });
  return { asked, call: (tool: string, args: object) => process.call(tool, args, { host }) };
};

const withRoles = (...roles: [roleName: string, databaseName: string][]) => ({
  groupId,
  username: "app",
  roles: roles.map(([roleName, databaseName]) => ({ roleName, databaseName })),
});

describe("the roles of a user on live Atlas", () => {
  it.each([
    [[["read", "shop"]]],
    [[["readWrite", "shop"]]],
    [[["readAnyDatabase", "admin"]]],
    [[["readWriteAnyDatabase", "admin"]]],
    [
      [
        ["clusterMonitor", "admin"],
        ["readWrite", "shop"],
      ],
    ],
  ] as [string, string][][][])("are given without a question: %j", async (roles) => {
    const { asked, call } = server();
    expect(await call("create_database_user", withRoles(...roles))).toMatchObject({
      outcome: "created",
      receipt: { approver: "not_needed" },
    });
    expect(asked).toEqual([]);
  });

  it.each(["atlasAdmin", "dbAdmin", "dbAdminAnyDatabase", "backup", "enableSharding"])(
    "are asked about: %s",
    async (roleName) => {
      const { asked, call } = server();
      const args = withRoles(["read", "shop"], [roleName, "admin"]);
      expect(await call("create_database_user", args)).toMatchObject({
        outcome: "created",
        receipt: { approver: "user" },
      });
      expect(asked).toEqual([
        expect.stringMatching(
          new RegExp(`\\(read on shop, ${roleName} on admin\\).*Its roles may do more than`),
        ),
      ]);
    },
  );

  it("are bounded by the rule roles, in a plan as in a create", async () => {
    const { asked, call } = server({ roles: ["read", "readWrite"] });
    for (const dryRun of [true, false]) {
      const args = { ...withRoles(["read", "a"], ["atlasAdmin", "admin"]), dryRun };
      expect(await call("create_database_user", args)).toMatchObject({
        error: {
          code: "policy_denied",
          outcome: "not_created",
          fields: [{ path: "roles[1].roleName", problem: "must be one of read, readWrite" }],
        },
      });
    }
    const byDefault = await call("create_database_user", { groupId, username: "b" });
    expect(byDefault).toMatchObject({ error: { fields: [{ path: "roles[0].roleName" }] } });
    expect(asked).toEqual([]);
    expect(await call("create_database_user", withRoles(["readWrite", "a"]))).toMatchObject({
      outcome: "created",
    });
  });
});

describe("the owner of a project", () => {
  const project = () => ({ name: "shop", orgId: harness.sandbox.orgId, projectOwnerId: userId });

  it("is asked about on live Atlas", async () => {
    const { asked, call } = server();
    await call("create_project", project());
    expect(asked).toEqual([
      expect.stringMatching(
        new RegExp(
          `\\(owner ${userId}\\).*It makes user ${userId} Project Owner, who may do every`,
        ),
      ),
    ]);
  });

  it("is not asked about where nobody is named", async () => {
    const { asked, call } = server();
    const { projectOwnerId: _, ...plain } = project();
    expect(await call("create_project", plain)).toMatchObject({ outcome: "created" });
    expect(asked).toEqual([]);
  });

  it("is bounded by the rule projectOwners", async () => {
    const { call } = server({ projectOwners: ["a".repeat(24)] });
    expect(await call("create_project", project())).toMatchObject({
      error: { code: "policy_denied", fields: [{ path: "projectOwnerId" }] },
    });
  });
});

const entry = (cidrBlock: string) => ({ groupId, cidrBlock });

describe("the internet, piece by piece", () => {
  const pieces = Array.from(
    { length: 20 },
    (_, part) => `44.${part >> 4}.${(part & 15) * 16}.0/20`,
  );

  it("is asked about at a step, though each piece is small", async () => {
    const { asked, call } = server();
    for (const piece of pieces) await call("create_access_list_entry", entry(piece));
    // 2^12 addresses each: 16 of them are 2^16.
    expect(asked).toEqual([expect.stringContaining("65,536 may then connect")]);
  });

  it("is asked about once by calls at the same time", async () => {
    const { asked, call } = server();
    const results = await Promise.all(
      pieces.map((piece) => call("create_access_list_entry", entry(piece))),
    );
    expect(results.map(({ outcome }) => outcome)).toEqual(pieces.map(() => "created"));
    expect(asked).toEqual([expect.stringContaining("65,536 may then connect")]);
  });

  it("is bounded by the rule addresses, also by calls at the same time", async () => {
    const { asked, call } = server({ addresses: { most: 1000, blocks: ["44.0.0.0/8"] } });
    const blocks = Array.from({ length: 6 }, (_, part) => `44.0.${part}.0/24`);
    const results = await Promise.all(
      blocks.map((block) => call("create_access_list_entry", entry(block))),
    );
    expect(results.map(({ outcome, error }) => outcome ?? error.code)).toEqual([
      ...Array.from({ length: 3 }, () => "created"),
      ...Array.from({ length: 3 }, () => "policy_denied"),
    ]);
    expect(await call("create_access_list_entry", entry("45.0.0.0/32"))).toMatchObject({
      error: {
        code: "policy_denied",
        fields: [{ path: "cidrBlock", problem: "must lie in one of 44.0.0.0/8" }],
      },
    });
    expect(asked).toEqual([]);
  });

  it("is not let in as an address that means every one", async () => {
    const { call } = server({ addresses: { blocks: ["0.0.0.0/8", "::/96"] } });
    for (const block of ["0.0.0.0/32", "::/128", "0.0.0.0/0"])
      expect(await call("create_access_list_entry", entry(block))).toMatchObject({
        error: { code: "policy_denied", fields: [{ path: "cidrBlock" }] },
      });
  });

  it("may have what adds nothing, though the list is over the most", async () => {
    await server().call("create_access_list_entry", entry("44.0.0.0/16"));
    const { call } = server({ addresses: { most: 100 } });
    for (const block of ["10.1.0.0/16", "44.0.0.0/24"])
      expect(await call("create_access_list_entry", entry(block))).toMatchObject({
        outcome: "created",
      });
    expect(await call("create_access_list_entry", entry("45.0.0.0/32"))).toMatchObject({
      error: { code: "policy_denied" },
    });
  });

  it("is refused in a few words, however many roles a call has", async () => {
    const { call } = server({ roles: ["read"] });
    const roles = Array.from({ length: 3000 }, () => ["x", "y"] as [string, string]);
    const refused = await call("create_database_user", withRoles(...roles));
    expect(refused).toMatchObject({ error: { code: "policy_denied" } });
    expect(JSON.stringify(refused).length).toBeLessThan(5000);
  });
});
