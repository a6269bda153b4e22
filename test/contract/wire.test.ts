import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Seen } from "../support/fake-atlas.ts";
import { fileClock } from "../support/fast-clock.ts";
import { aws } from "../support/live-sandbox.ts";
import { groupId, orgId, type Recording, startRecording } from "./recording.ts";

const clock = fileClock();

let recording: Recording;
beforeAll(async () => {
  recording = await startRecording(clock);
});
afterAll(async () => {
  await recording.driver.close();
  await recording.close();
});

/** Makes the call and gives the one POST that it caused. */
const posted = async (tool: string, args: Record<string, unknown>): Promise<Seen> => {
  const before = recording.posts().length;
  const { structured } = await recording.driver.call(tool, args);
  expect(structured).toMatchObject({ status: "ok", outcome: "created" });
  const [post, ...more] = recording.posts().slice(before);
  if (post === undefined || more.length > 0) throw new Error("Not exactly one POST arrived.");
  return post;
};

const tags = [
  { key: "environment", value: "test" },
  { key: "team", value: "Größe 1" },
];

const projectFields: [string, Record<string, unknown>][] = [
  ["nothing more", {}],
  ["tags", { tags }],
  ["an empty list of tags", { tags: [] }],
  ["withDefaultAlertsSettings true", { withDefaultAlertsSettings: true }],
  ["withDefaultAlertsSettings false", { withDefaultAlertsSettings: false }],
  ["all of them", { tags, withDefaultAlertsSettings: false }],
];

describe("create_project on the wire", () => {
  it.each(projectFields)("sends exactly the documented body, with %s", async (_what, fields) => {
    const { body } = await posted("create_project", { name: "shop", orgId, ...fields });
    expect(JSON.parse(body)).toEqual({ name: "shop", orgId, ...fields });
  });

  it.each(["Größe", "a-b_c.(d),:&@+'e", "日本語"])("sends the name %s as it is", async (name) => {
    const { body } = await posted("create_project", { name, orgId });
    expect(JSON.parse(body).name).toBe(name);
  });

  it("goes to the documented path, without a query", async () => {
    const { method, path } = await posted("create_project", { name: "shop", orgId });
    expect([method, path]).toEqual(["POST", "/api/atlas/v2/groups"]);
  });

  it("carries projectOwnerId in the query and not in the body", async () => {
    const projectOwnerId = "c".repeat(24);
    const { path, body } = await posted("create_project", { name: "shop", orgId, projectOwnerId });
    expect(path).toBe(`/api/atlas/v2/groups?projectOwnerId=${projectOwnerId}`);
    expect(JSON.parse(body)).toEqual({ name: "shop", orgId });
  });

  it("keeps our own arguments off the wire", async () => {
    const args = { name: "shop", orgId, ifExists: "return", dryRun: false };
    const { path, body } = await posted("create_project", args);
    expect(path).toBe("/api/atlas/v2/groups");
    expect(JSON.parse(body)).toEqual({ name: "shop", orgId });
  });

  it("asks for the API version that has it", async () => {
    const { headers } = await posted("create_project", { name: "shop", orgId });
    expect(headers.accept).toBe("application/vnd.atlas.2023-01-01+json");
  });

  it.each(["COMMERCIAL_FEDRAMP_REGIONS_ONLY", "GOV_REGIONS_ONLY"])(
    "is refused here, with the reason, where it carries regionUsageRestrictions %s",
    async (regionUsageRestrictions) => {
      const before = recording.seen.length;
      const args = { name: "shop", orgId, regionUsageRestrictions };
      const { structured } = await recording.driver.call("create_project", args);
      expect(structured.error).toMatchObject({
        code: "invalid_input",
        outcome: "not_created",
        fields: [
          { path: "regionUsageRestrictions", problem: expect.stringContaining("Government") },
        ],
      });
      expect(recording.seen).toHaveLength(before);
    },
  );
});

const clusterFields: [string, Record<string, unknown>][] = [
  ["nothing more", {}],
  ["tags", { tags }],
  ["an empty list of tags", { tags: [] }],
  ["terminationProtectionEnabled true", { terminationProtectionEnabled: true }],
  ["terminationProtectionEnabled false", { terminationProtectionEnabled: false }],
  ["all of them", { tags, terminationProtectionEnabled: false }],
];

describe("create_flex_cluster on the wire", () => {
  const base = { name: "db", providerSettings: aws };

  it.each(clusterFields)("sends exactly the documented body, with %s", async (_what, fields) => {
    const { body } = await posted("create_flex_cluster", { groupId, ...base, ...fields });
    expect(JSON.parse(body)).toEqual({ ...base, ...fields });
  });

  it.each([
    ["AWS", "EU_WEST_1"],
    ["AZURE", "US_EAST_2"],
    ["GCP", "CENTRAL_US"],
    ["AWS", "A_REGION_OF_TOMORROW"],
  ])("sends %s %s as it is", async (backingProviderName, regionName) => {
    const providerSettings = { backingProviderName, regionName };
    const { body } = await posted("create_flex_cluster", { groupId, name: "db", providerSettings });
    expect(JSON.parse(body)).toEqual({ name: "db", providerSettings });
  });

  it("goes to the documented path of the project, without a query", async () => {
    const { method, path } = await posted("create_flex_cluster", { groupId, ...base });
    expect([method, path]).toEqual(["POST", `/api/atlas/v2/groups/${groupId}/flexClusters`]);
  });

  it("keeps our own arguments off the wire", async () => {
    const ours = { waitSeconds: 1, ifExists: "return", dryRun: false };
    const { path, body } = await posted("create_flex_cluster", { groupId, ...base, ...ours });
    expect(path).toBe(`/api/atlas/v2/groups/${groupId}/flexClusters`);
    expect(JSON.parse(body)).toEqual(base);
  });

  it("asks for the API version that has it", async () => {
    const { headers } = await posted("create_flex_cluster", { groupId, ...base });
    expect(headers.accept).toBe("application/vnd.atlas.2024-11-13+json");
  });
});

describe.each([
  ["create_project", { name: "shop", orgId }],
  ["create_flex_cluster", { groupId, name: "db", providerSettings: aws }],
])("every request of %s", (tool, args) => {
  it("names JSON as its content, us as its sender and the token as its right", async () => {
    const { headers } = await posted(tool, args);
    expect(headers["content-type"]).toBe("application/json");
    expect(headers["user-agent"]).toMatch(/^atlas-provision-mcp\/\d/);
    expect(headers.authorization).toBe(`Bearer ${recording.token}`);
  });

  it("says how long its body is", async () => {
    const { headers, body } = await posted(tool, args);
    expect(headers["content-length"]).toBe(`${Buffer.byteLength(body)}`);
  });
});

describe("all requests together", () => {
  it("were sent with one token, which was asked for once", () => {
    const mints = recording.seen.filter((one) => one.path === "/api/oauth/token");
    expect(mints).toHaveLength(1);
  });

  it("say who sends them", () => {
    const agents = new Set(recording.seen.map(({ headers }) => headers["user-agent"]));
    expect([...agents]).toEqual([expect.stringMatching(/^atlas-provision-mcp\/\d+\.\d+\.\d+ \(/)]);
  });
});
