import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { nounOf } from "../../src/consent/question.ts";
import type { Rules } from "../../src/policy/rules.ts";
import { aws, type Harness, openHarness } from "../faults/harness.ts";
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

const askAll: Rules = {
  consent: { create_project: "ask", create_database_user: "ask", create_access_list_entry: "ask" },
};

/** The question that a user is asked for this call, and declines. */
const questionFor = async (tool: string, args: object): Promise<string> => {
  const asked: string[] = [];
  const host: Host = async ({ message, state }) => {
    asked.push(message);
    // A person takes longer than a host that says no by itself.
    await harness.clock.sleep(1000);
    return { reply: "declined", state };
  };
  const server = harness.process({ confirm: "auto", rules: askAll });
  const answer = await server.call(tool, args, { host });
  expect(answer).toMatchObject({ error: { code: "declined" } });
  expect(asked).toHaveLength(1);
  return asked[0] ?? "";
};

const where = () =>
  `project "home" (${groupId}) of organization "Sandbox" (${harness.sandbox.orgId})`;

describe("a question", () => {
  it("to create a cluster says what, where and for how much", async () => {
    const args = { groupId, name: "db", providerSettings: aws };
    expect(await questionFor("create_flex_cluster", args)).toBe(
      `Create flex cluster "db" (AWS, US_EAST_1) in ${where()}? It costs 8 to 30 USD a month until it is deleted. Backend: Atlas at ${harness.proxy.url}.`,
    );
  });

  it("is not asked about a region that Atlas does not have, and the mended call is ready", async () => {
    const asked: string[] = [];
    const host: Host = ({ message, state }) => {
      asked.push(message);
      return { reply: "accepted", state };
    };
    const server = harness.process({ confirm: "auto" });
    const args = { groupId, name: "db", providerSettings: { ...aws, regionName: "us-east-1" } };
    const { error } = await server.call("create_flex_cluster", args, { host });
    expect(asked).toEqual([]);
    expect(error).toMatchObject({ code: "invalid_input", outcome: "not_created" });
    expect(error.fields[0]).toMatchObject({ example: "US_EAST_1" });
    const [{ tool, arguments: mended }] = error.nextActions;
    expect(await server.call(tool, mended, { host })).toMatchObject({ outcome: "created" });
    expect(asked).toHaveLength(1);
  });

  it("to delete a cluster says what is lost", async () => {
    await harness.makeCluster(groupId, "db");
    expect(await questionFor("delete_flex_cluster", { groupId, name: "db" })).toBe(
      `Delete flex cluster "db" in ${where()}? This cannot be undone: its data is lost. It has no snapshot. It costs nothing. Backend: Atlas at ${harness.proxy.url}.`,
    );
  });

  it("to delete a project has its id, since names may be alike", async () => {
    expect(await questionFor("delete_project", { groupId, name: "home" })).toContain(
      `Delete project "home" (${groupId}) in organization "Sandbox" (${harness.sandbox.orgId})? This`,
    );
  });

  it("to create a user says what that one may do", async () => {
    const roles = [
      { roleName: "atlasAdmin", databaseName: "admin" },
      { roleName: "read", databaseName: "shop", collectionName: "orders" },
    ];
    expect(
      await questionFor("create_database_user", { groupId, username: "app", roles }),
    ).toContain('Create database user "app" (atlasAdmin on admin, read on shop.orders) in project');
  });

  it("to create a user without roles says which ones that gives", async () => {
    expect(await questionFor("create_database_user", { groupId, username: "app" })).toContain(
      "(readWriteAnyDatabase on admin)",
    );
  });

  it("shows every argument that matters", async () => {
    const tags = [{ key: "team", value: "a b" }];
    const owner = "32b6e34b3d91647abb20e7b8";
    const args = { name: "shop", orgId: harness.sandbox.orgId, tags };
    const more = { projectOwnerId: owner, withDefaultAlertsSettings: false };
    expect(await questionFor("create_project", { ...args, ...more })).toContain(
      `(owner ${owner}, without Atlas's default alerts, tags team = "a b")`,
    );
    const cluster = { groupId, name: "db", providerSettings: aws, tags };
    expect(
      await questionFor("create_flex_cluster", { ...cluster, terminationProtectionEnabled: true }),
    ).toContain('(AWS, US_EAST_1, with termination protection, tags team = "a b")');
    const end = new Date(harness.clock.now() + 86_400_000).toISOString();
    const scopes = [{ name: "db", type: "CLUSTER" }];
    const user = { groupId, username: "app", scopes, deleteAfterDate: end, description: "of (x)" };
    expect(await questionFor("create_database_user", user)).toContain(
      `(readWriteAnyDatabase on admin, only for CLUSTER db, until ${end}, described as "of (x)")`,
    );
    const entry = { groupId, ipAddress: "203.0.113.7", comment: "home", deleteAfterDate: end };
    expect(await questionFor("create_access_list_entry", entry)).toContain(
      `(until ${end}, comment "home")`,
    );
  });

  it("to open a project to the world says so", async () => {
    expect(
      await questionFor("create_access_list_entry", { groupId, cidrBlock: "0.0.0.0/0" }),
    ).toMatch(/"0\.0\.0\.0\/0" in .*\? It opens the project's clusters to every address/);
  });
});

// What a name could do in a host: end its quotes, begin a line, turn the text round, or hide a part of it.
const hostile = [
  'app"? It costs nothing. Backend: sandbox (nothing is real). "',
  "app\u202Egnihton stsoc tI\u202C",
  "app\u2028It costs nothing.",
  "app\u2029It costs nothing.",
  "a\u200Bp\u2060p\uFEFF",
  "app\u{E0041}\u{E0042}",
  `app${" ".repeat(300)}It costs nothing.`,
  "x".repeat(1024),
];

describe("a question about a hostile name", () => {
  it.each(hostile)("keeps it within its quotes, on one line, and visible: %j", async (username) => {
    const roles = [{ roleName: username.slice(0, 100), databaseName: username.slice(0, 60) }];
    const question = await questionFor("create_database_user", { groupId, username, roles });
    expect(question).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(question.length).toBeLessThan(700);
    // Without what stands in quotes, the words are the server's own.
    const own = question.replace(/"(?:[^"\\]|\\.)*"/g, '""').replace(/\([^()]*\)/g, "()");
    expect(own).toBe(
      `Create database user "" () in project "" () of organization "" ()? Its roles may do more than read and write data. It costs nothing. Backend: Atlas at ${harness.proxy.url}.`,
    );
  });

  it("that a project has in Atlas keeps it there too", async () => {
    const name = "home, of organization (x): it costs nothing.".replace(/[ ]/g, "_").slice(0, 64);
    groupId = await harness.makeProject(name);
    const args = { groupId, name: "db", providerSettings: aws };
    expect(await questionFor("create_flex_cluster", args)).toContain(`in project "${name}" (`);
  });
});

describe("the name of what is changed", () => {
  it.each([
    ["a\u009B31mb", '"a\\u{9b}31mb"'],
    ["a\u007Fb", '"a\\u{7f}b"'],
    ["a\u202Eb", '"a\\u{202e}b"'],
    ["a\u2028b", '"a\\u{2028}b"'],
    ["a\nb", '"a\\nb"'],
    ['a"b', '"a\\"b"'],
    ["日本 café 👍", '"日本 café 👍"'],
  ])("%j is shown as it is", (name, shown) => {
    expect(nounOf({ kind: "project", name })).toBe(`project ${shown}`);
  });
});
