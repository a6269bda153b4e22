import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connect, type Driver } from "../support/clients.ts";
import { actionsOf, callAll } from "../support/contract.ts";
import { aws, type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";

let sandbox: LiveSandbox;
let driver: Driver;
let groupId: string;

beforeAll(async () => {
  sandbox = await startSandbox();
  driver = await connect("v2 legacy", { env: sandbox.env });
});
beforeEach(async () => {
  await sandbox.reset();
  groupId = (await sandbox.make("/groups", { name: "home", orgId: sandbox.orgId })).id;
});
afterAll(async () => {
  await driver.close();
  await sandbox.close();
});

const calls = {
  createGroup: () => driver.call("create_project", { name: "shop", orgId: sandbox.orgId }),
  createGroupFlexCluster: () =>
    driver.call("create_flex_cluster", { groupId, name: "db", providerSettings: aws }),
  getOrgGroups: () => driver.call("list_projects", { orgId: sandbox.orgId }),
  getGroupFlexCluster: () => driver.call("get_flex_cluster", { groupId, name: "db" }),
} as const;

type Row = [
  operation: keyof typeof calls,
  fault: string,
  code: string,
  outcome: string,
  retry: string,
];

const known: Row[] = [
  [
    "createGroupFlexCluster",
    "error:402:NO_PAYMENT_INFORMATION_FOUND",
    "payment_required",
    "not_created",
    "after_fix",
  ],
  [
    "createGroupFlexCluster",
    "error:402:ACCOUNT_SUSPENDED",
    "payment_required",
    "not_created",
    "after_fix",
  ],
  ["createGroup", "error:401:NOT_ORG_GROUP_CREATOR", "forbidden", "not_created", "after_fix"],
  [
    "createGroupFlexCluster",
    "error:401:USER_UNAUTHORIZED",
    "forbidden",
    "not_created",
    "after_fix",
  ],
  [
    "createGroup",
    "error:403:IP_ADDRESS_NOT_ON_ACCESS_LIST",
    "forbidden",
    "not_created",
    "after_fix",
  ],
  ["createGroup", "error:403:ORG_REQUIRES_ACCESS_LIST", "forbidden", "not_created", "after_fix"],
  [
    "createGroup",
    "error:400:MAX_GROUPS_PER_ORG_EXCEEDED",
    "quota_exceeded",
    "not_created",
    "after_fix",
  ],
  ["createGroup", "error:404:ORG_NOT_FOUND", "not_found", "not_created", "after_fix"],
  ["createGroupFlexCluster", "error:409:OUT_OF_CAPACITY", "conflict", "not_created", "after_delay"],
  ["getGroupFlexCluster", "error:404:GROUP_NOT_FOUND", "not_found", "no_change", "after_fix"],
  ["getGroupFlexCluster", "error:401:NOT_IN_GROUP", "forbidden", "no_change", "after_fix"],
];

const unknown: Row[] = [
  ["createGroup", "error:400:BRAND_NEW", "invalid_input", "not_created", "after_fix"],
  ["createGroup", "error:401:BRAND_NEW", "forbidden", "not_created", "after_fix"],
  ["createGroup", "error:402:BRAND_NEW", "payment_required", "not_created", "after_fix"],
  ["createGroup", "error:403:BRAND_NEW", "forbidden", "not_created", "after_fix"],
  ["createGroup", "error:404:BRAND_NEW", "not_found", "not_created", "after_fix"],
  ["createGroup", "error:409:BRAND_NEW", "conflict", "not_created", "after_fix"],
  ["createGroup", "error:418:BRAND_NEW", "internal", "not_created", "never"],
  ["createGroup", "error:400:", "invalid_input", "not_created", "after_fix"],
  ["getOrgGroups", "error:401:BRAND_NEW", "forbidden", "no_change", "after_fix"],
  ["getOrgGroups", "error:418:BRAND_NEW", "internal", "no_change", "never"],
];

describe.each([
  ["a refusal that the table knows", known],
  ["a refusal that nobody has heard of", unknown],
])("%s", (_what, rows) => {
  it.each(rows)("of %s, %s, is %s, %s, %s", async (operation, fault, code, outcome, retry) => {
    await sandbox.script(operation, fault);
    const { structured, isError } = await calls[operation]();
    expect(isError).toBe(true);
    expect(structured.error).toMatchObject({ code, outcome, retry });
  });

  it.each(rows)("of %s, %s, quotes Atlas", async (operation, fault) => {
    const [, status, errorCode] = fault.split(":");
    await sandbox.script(operation, fault);
    const { structured } = await calls[operation]();
    expect(structured.error.atlas.status).toBe(Number(status));
    expect(structured.error.atlas.errorCode ?? "").toBe(errorCode);
  });

  it.each(rows)("of %s, %s, has next actions that are valid calls", async (operation, fault) => {
    await sandbox.script(operation, fault);
    const actions = actionsOf(await calls[operation]());
    const results = await callAll(driver, actions);
    expect(results.map(({ structured }) => structured.error?.code)).not.toContain("invalid_input");
  });

  it.each(rows.filter(([operation]) => operation.startsWith("create")))(
    "of %s, %s, is sent once and makes nothing",
    async (operation, fault) => {
      await sandbox.script(operation, fault);
      await calls[operation]();
      const { requests, projects, clusters } = await sandbox.state();
      const posts = requests.filter((one) => one.operation === operation);
      expect(posts).toHaveLength(operation === "createGroup" ? 2 : 1);
      expect([projects.length, clusters.length]).toEqual([1, 0]);
    },
  );
});

describe("a region that Atlas refuses", () => {
  it.each([
    ["AWS", "us-east-1", "US_EAST_1"],
    ["AWS", "eu_west_1", "EU_WEST_1"],
    ["AZURE", "eastus2", "US_EAST_2"],
    ["AZURE", "northeurope", "EUROPE_NORTH"],
    ["GCP", "us-central1", "CENTRAL_US"],
    ["GCP", "europe-west1", "WESTERN_EUROPE"],
  ])("%s %s leads to %s by a call that is ready to make", async (provider, given, meant) => {
    const refused = await driver.call("create_flex_cluster", {
      groupId,
      name: "db",
      providerSettings: { backingProviderName: provider, regionName: given },
      terminationProtectionEnabled: true,
    });
    expect(refused.structured.error).toMatchObject({
      code: "invalid_input",
      outcome: "not_created",
      fields: [{ path: "providerSettings.regionName", example: meant }],
    });
    const [action] = actionsOf(refused);
    expect(action?.tool).toBe("create_flex_cluster");
    const made = await driver.call("create_flex_cluster", action?.arguments);
    expect(made.structured).toMatchObject({
      outcome: "created",
      cluster: {
        name: "db",
        providerSettings: { backingProviderName: provider, regionName: meant },
        terminationProtectionEnabled: true,
      },
    });
  });

  it("is named together with those that Atlas offers for flex clusters", async () => {
    const { structured } = await driver.call("create_flex_cluster", {
      groupId,
      name: "db",
      providerSettings: { backingProviderName: "AWS", regionName: "US_EAST_2" },
    });
    const [{ problem }] = structured.error.fields;
    expect(problem).toContain("EU_NORTH_1");
    expect(problem).not.toContain("CA_CENTRAL_1");
  });

  it("is the only reason to ask Atlas for its regions", async () => {
    await calls.createGroupFlexCluster();
    const before = (await sandbox.state()).requests.map((one) => one.operation);
    expect(before).not.toContain("listGroupClusterProviderRegions");
    await driver.call("create_flex_cluster", {
      groupId,
      name: "other",
      providerSettings: { backingProviderName: "AWS", regionName: "nowhere" },
    });
    const after = (await sandbox.state()).requests.map((one) => one.operation);
    expect(after).toContain("listGroupClusterProviderRegions");
  });
});
