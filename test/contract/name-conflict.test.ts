import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connect, type Driver, type ToolResult } from "../support/clients.ts";
import { actionsOf, callAll } from "../support/contract.ts";
import { fileClock } from "../support/fast-clock.ts";
import { aws, type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";

const tags = [
  { key: "a", value: "1" },
  { key: "b", value: "2" },
];

// A project that was made a moment ago is looked at again.
const clock = fileClock();

let sandbox: LiveSandbox;
let driver: Driver;
let groupId: string;

beforeAll(async () => {
  sandbox = await startSandbox({ ...(clock && { clock: clock.now }) });
  driver = await connect("v2 modern", { env: sandbox.env, clock });
});
beforeEach(async () => {
  await sandbox.reset();
  groupId = (await sandbox.make("/groups", { name: "home", orgId: sandbox.orgId })).id;
});
afterAll(async () => {
  await driver.close();
  await sandbox.close();
});

const project = (more: object = {}): Promise<ToolResult> =>
  driver.call("create_project", { name: "shop", orgId: sandbox.orgId, ...more });
const cluster = (more: object = {}): Promise<ToolResult> =>
  driver.call("create_flex_cluster", { groupId, name: "db", providerSettings: aws, ...more });

describe.each([
  ["a project", project, "project", "projects", { tags: [{ key: "a", value: "other" }] }],
  ["a flex cluster", cluster, "cluster", "clusters", { tags: [{ key: "a", value: "other" }] }],
] as const)("the name of %s that is taken", (_what, create, member, kept, different) => {
  const count = async () => {
    const all = (await sandbox.state())[kept];
    return all.filter((one) => one.name !== "home").length;
  };

  it("by an identical one is a conflict that says so and shows it", async () => {
    const first = await create({ tags });
    const { structured, isError } = await create({ tags });
    expect(isError).toBe(true);
    expect(structured.error).toMatchObject({
      code: "name_conflict",
      outcome: "exists",
      identical: true,
      differences: [],
      existing: { id: first.structured[member].id },
    });
  });

  it("by one whose tags stand in another order is still identical", async () => {
    await create({ tags });
    const { structured } = await create({ tags: [...tags].reverse() });
    expect(structured.error).toMatchObject({ code: "name_conflict", identical: true });
  });

  it("by a different one says what differs, yours and existing", async () => {
    await create({ tags });
    const { structured } = await create(different);
    expect(structured.error).toMatchObject({
      code: "name_conflict",
      outcome: "exists",
      identical: false,
    });
    const [difference] = structured.error.differences;
    expect(difference).toMatchObject({ field: "tags", yours: different.tags });
    expect(difference.existing).toEqual(expect.arrayContaining(tags));
  });

  it("is answered with the existing one where that is asked for and it is identical", async () => {
    const first = await create({ tags });
    const { structured } = await create({ tags, ifExists: "return" });
    expect(structured).toMatchObject({ status: "ok", outcome: "existing" });
    expect(structured[member].id).toBe(first.structured[member].id);
  });

  it("stays a conflict where the existing one is asked for and differs", async () => {
    await create({ tags });
    const { structured } = await create({ ...different, ifExists: "return" });
    expect(structured.error).toMatchObject({ code: "name_conflict", identical: false });
  });

  it("never makes a second one", async () => {
    await create({ tags });
    await create({ tags });
    await create(different);
    await create({ tags, ifExists: "return" });
    expect(await count()).toBe(1);
  });

  it("is a conflict in a dry run already", async () => {
    await create({ tags });
    const { structured } = await create({ tags, dryRun: true });
    expect(structured.error).toMatchObject({ code: "name_conflict", outcome: "exists" });
  });

  it.each([
    ["identical", { tags }],
    ["different", different],
  ])("leads on by calls that work as they stand, from an %s one", async (_which, args) => {
    await create({ tags });
    const actions = actionsOf(await create(args));
    expect(actions.length).toBeGreaterThan(0);
    for (const { why } of actions) expect(why).toMatch(/\S/);
    const results = await callAll(driver, actions);
    expect(results.map(({ structured }) => structured.status)).toEqual(results.map(() => "ok"));
  });

  it("is found out by Atlas alone where the look-up missed it, and is still one", async () => {
    const operation = member === "project" ? "createGroup" : "createGroupFlexCluster";
    await sandbox.script(operation, "stale_reads:1");
    await create({ tags });
    const { structured } = await create({ tags });
    expect(structured.error).toMatchObject({ code: "name_conflict", outcome: "exists" });
    expect(await count()).toBe(1);
  });
});

describe("what differs in a flex cluster", () => {
  it.each([
    [
      "region",
      { providerSettings: { ...aws, regionName: "EU_WEST_1" } },
      "providerSettings.regionName",
      "EU_WEST_1",
      "US_EAST_1",
    ],
    [
      "provider",
      { providerSettings: { backingProviderName: "GCP", regionName: "CENTRAL_US" } },
      "providerSettings.backingProviderName",
      "GCP",
      "AWS",
    ],
    [
      "protection",
      { terminationProtectionEnabled: true },
      "terminationProtectionEnabled",
      true,
      false,
    ],
  ])("is said of its %s", async (_what, args, field, yours, existing) => {
    await cluster();
    const { structured } = await cluster(args);
    expect(structured.error.differences).toContainEqual({ field, yours, existing });
  });

  it("is not said of what was not asked for", async () => {
    await cluster({ tags, terminationProtectionEnabled: true });
    const { structured } = await cluster();
    expect(structured.error).toMatchObject({ identical: true, differences: [] });
  });
});
