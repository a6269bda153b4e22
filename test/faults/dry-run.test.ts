import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { aws, type Harness, openHarness } from "./harness.ts";
import { type Answer, type Provision, userAgent } from "./provision.ts";

let harness: Harness;
let call: Provision["call"];
let groupId: string;

beforeEach(async () => {
  harness = await openHarness();
  onTestFinished(() => harness.close());
  groupId = await harness.makeProject("home");
  ({ call } = harness.process());
});

const nowhere = "0123456789abcdef01234567";
const tags = [{ key: "env", value: "test" }];

const project = (more: object = {}) =>
  call("create_project", { name: "shop", orgId: harness.sandbox.orgId, dryRun: true, ...more });
const cluster = (more: object = {}) =>
  call("create_flex_cluster", {
    groupId,
    name: "shop",
    providerSettings: aws,
    dryRun: true,
    ...more,
  });

/** What a dry run may send: reads, and the request for its own access token. */
const mutations = async () =>
  (await harness.state()).requests
    .filter(({ method, operation }) => method !== "GET" && operation !== "token")
    .map(({ operation }) => operation)
    .slice(1); // the one that made home

const actionsOf = (answer: Answer): { tool: string; arguments: object }[] =>
  answer.error.nextActions;

describe("a dry run", () => {
  it("shows the request for a project, and sends nothing that changes anything", async () => {
    const body = {
      name: "shop",
      orgId: harness.sandbox.orgId,
      tags,
      withDefaultAlertsSettings: false,
    };
    const answer = await project({ ...body, projectOwnerId: nowhere });
    expect(answer).toEqual({
      status: "ok",
      backend: "atlas",
      outcome: "would_create",
      request: {
        method: "POST",
        path: `/api/atlas/v2/groups?projectOwnerId=${nowhere}`,
        headers: {
          accept: "application/vnd.atlas.2023-01-01+json",
          "content-type": "application/json",
          "user-agent": userAgent,
        },
        body,
      },
    });
    expect(await mutations()).toEqual([]);
    expect((await harness.state()).projects.map(({ name }) => name)).toEqual(["home"]);
  });

  it("shows the request for a cluster, and sends nothing that changes anything", async () => {
    const body = { name: "shop", providerSettings: aws, tags, terminationProtectionEnabled: true };
    const answer = await cluster({ ...body, waitSeconds: 40 });
    expect(answer).toEqual({
      status: "ok",
      backend: "atlas",
      outcome: "would_create",
      request: {
        method: "POST",
        path: `/api/atlas/v2/groups/${groupId}/flexClusters`,
        headers: {
          accept: "application/vnd.atlas.2024-11-13+json",
          "content-type": "application/json",
          "user-agent": userAgent,
        },
        body,
      },
    });
    expect(await mutations()).toEqual([]);
    expect((await harness.state()).clusters).toEqual([]);
  });

  it.each(["create_project", "create_flex_cluster"])(
    "of %s shows what the real call then sends, credentials apart",
    async (tool) => {
      const args =
        tool === "create_project"
          ? { name: "shop", orgId: harness.sandbox.orgId, tags }
          : { groupId, name: "shop", providerSettings: aws, tags };
      const { request } = await call(tool, { ...args, dryRun: true });
      await call(tool, args);
      const sent = harness.proxy.passed.filter(
        ({ method, path }) => method === "POST" && path.startsWith("/api/atlas/"),
      );
      expect(sent).toHaveLength(1);
      expect(sent[0]).toMatchObject(request);
      expect(sent[0]?.headers.authorization).toMatch(/^Bearer /);
      expect(JSON.stringify(request)).not.toMatch(/authorization|bearer/i);
    },
  );

  it("says that an organization does not exist", async () => {
    const { error } = await project({ orgId: nowhere });
    expect(error).toMatchObject({ code: "not_found", outcome: "not_created" });
    expect(error.fields[0].path).toBe("orgId");
    for (const action of actionsOf({ error }))
      expect(await call(action.tool, action.arguments)).toMatchObject({ status: "ok" });
  });

  it("says that a project does not exist", async () => {
    const { error } = await cluster({ groupId: nowhere });
    expect(error).toMatchObject({ code: "not_found", outcome: "not_created" });
    expect(error.fields[0].path).toBe("groupId");
  });

  it("says that the organization is full at 250 projects, and not before", async () => {
    const make = (n: number) => harness.makeProject(`p-${n}`);
    await Promise.all(Array.from({ length: 248 }, (_, n) => make(n)));
    expect(await project()).toMatchObject({ outcome: "would_create" });
    await make(248);
    const { error } = await project();
    expect(error).toMatchObject({ code: "quota_exceeded", outcome: "not_created" });
    const real = await call("create_project", { name: "shop", orgId: harness.sandbox.orgId });
    expect(real.error.code).toBe(error.code);
  });

  it("says that the project is full at 25 clusters, and not before", async () => {
    for (let n = 0; n < 24; n += 1) await harness.makeCluster(groupId, `c-${n}`);
    expect(await cluster()).toMatchObject({ outcome: "would_create" });
    await harness.makeCluster(groupId, "c-24");
    const { error } = await cluster();
    expect(error).toMatchObject({ code: "quota_exceeded", outcome: "not_created" });
    const real = await call("create_flex_cluster", {
      groupId,
      name: "shop",
      providerSettings: aws,
    });
    expect(real.error.code).toBe(error.code);
  });

  it.each([
    ["us-east-1", "AWS", "US_EAST_1"],
    ["us-central1", "GCP", "CENTRAL_US"],
    ["eastus2", "AZURE", "US_EAST_2"],
  ])(
    "refuses the region %s of %s, and its next action is the dry run that passes",
    async (regionName, backingProviderName, meant) => {
      const { error } = await cluster({ providerSettings: { backingProviderName, regionName } });
      expect(error).toMatchObject({
        code: "invalid_input",
        outcome: "not_created",
        fields: [{ path: "providerSettings.regionName", example: meant }],
      });
      const [action] = actionsOf({ error });
      expect(action?.arguments).toMatchObject({
        dryRun: true,
        providerSettings: { backingProviderName, regionName: meant },
      });
      expect(await call(action?.tool ?? "", action?.arguments ?? {})).toMatchObject({
        outcome: "would_create",
      });
      expect(await mutations()).toEqual([]);
    },
  );

  it("does not blame a region where Atlas does not tell which it offers", async () => {
    await harness.script("listGroupClusterProviderRegions", "error:403:ACCESS_FORBIDDEN");
    const answer = await cluster();
    // It could not be checked: the answer may say so, but not that the region is wrong.
    expect(answer.error?.code).not.toBe("invalid_input");
    expect(JSON.stringify(answer)).not.toMatch(/does not offer|not accepted/);
  });

  it("refuses a region of the provider that has no flex clusters, and lists those that have", async () => {
    const { error } = await cluster({
      providerSettings: { ...aws, regionName: "CA_CENTRAL_1" },
    });
    expect(error).toMatchObject({ code: "invalid_input", outcome: "not_created" });
    expect(error.fields[0].problem).toMatch(/US_EAST_1.*EU_WEST_1/);
    expect(error.fields[0].problem).not.toMatch(/MX_CENTRAL_1/);
  });
});

describe("a dry run for a name that is taken", () => {
  it("of a project tells the existing one, and differences where there are some", async () => {
    const id = await harness.makeProject("shop", { tags });
    expect((await project()).error).toMatchObject({
      code: "name_conflict",
      outcome: "exists",
      identical: true,
      existing: { id },
    });
    expect((await project({ tags: [] })).error).toMatchObject({
      identical: false,
      differences: [{ field: "tags", yours: [], existing: tags }],
    });
  });

  it("of a cluster tells the existing one, and differences where there are some", async () => {
    const id = await harness.makeCluster(groupId, "shop");
    expect((await cluster()).error).toMatchObject({
      code: "name_conflict",
      outcome: "exists",
      identical: true,
      existing: { id },
    });
    const elsewhere = { ...aws, regionName: "EU_WEST_1" };
    expect((await cluster({ providerSettings: elsewhere })).error).toMatchObject({
      identical: false,
      differences: [
        { field: "providerSettings.regionName", yours: "EU_WEST_1", existing: "US_EAST_1" },
      ],
    });
  });

  it("answers an identical one as existing where it may be returned, without waiting", async () => {
    const [p, c] = [await harness.makeProject("shop"), await harness.makeCluster(groupId, "shop")];
    expect(await project({ ifExists: "return" })).toMatchObject({
      outcome: "existing",
      project: { id: p },
    });
    expect(await cluster({ ifExists: "return", waitSeconds: 40 })).toMatchObject({
      outcome: "existing",
      cluster: { id: c },
    });
    expect(await mutations()).toEqual(["createGroup", "createGroupFlexCluster"]);
  });

  it("does not return one that differs", async () => {
    await harness.makeProject("shop", { tags });
    const { error } = await project({ ifExists: "return", tags: [{ key: "env", value: "prod" }] });
    expect(error).toMatchObject({ code: "name_conflict", outcome: "exists", identical: false });
  });
});
