import { describe, expect, it } from "vitest";
import { benchFor, failureOf, groupId, openFakeAtlas } from "../support/atlas.ts";
import { json, type Responder } from "../support/fake-atlas.ts";
import { ensureCluster } from "./creating.ts";
import { clusterBody, openCluster } from "./in-project.ts";

const tags = [{ key: "environment", value: "test" }];

const start = async () => {
  const opened = await openCluster();
  const { sandboxBench, groupId } = opened;
  return {
    ...opened,
    /** Asks Atlas for the deletion, behind the back of what is tested. */
    remove: async () => {
      const { url, clientId, clientSecret } = sandboxBench.sandbox;
      const basic = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
      const minted = await fetch(`${url}/api/oauth/token`, {
        method: "POST",
        headers: { authorization: `Basic ${basic}` },
        body: new URLSearchParams({ grant_type: "client_credentials" }),
      });
      const { access_token } = (await minted.json()) as { access_token: string };
      const deleted = await fetch(`${url}/api/atlas/v2/groups/${groupId}/flexClusters/c-0`, {
        method: "DELETE",
        headers: {
          authorization: `Bearer ${access_token}`,
          accept: "application/vnd.atlas.2024-11-13+json",
        },
      });
      expect(deleted.status).toBe(204);
    },
  };
};

describe("a flex cluster that is not there", () => {
  it("is created, with what was asked for", async () => {
    const { ensure, truth } = await start();
    const made = await ensure({ tags, terminationProtectionEnabled: true });
    expect(made).toMatchObject({
      outcome: "created",
      resource: { ...clusterBody, tags, terminationProtectionEnabled: true, stateName: "CREATING" },
    });
    expect(await truth()).toEqual({ there: 1, posts: 1 });
  });

  it.each([
    ["error:402:NO_PAYMENT_INFORMATION_FOUND", "payment_required"],
    ["error:400:DUPLICATE_CLUSTER_NAME_PREFIX", "name_conflict"],
    ["error:409:OUT_OF_CAPACITY", "conflict"],
    ["error:403:HOURLY_BILLING_LIMIT_EXCEEDED", "quota_exceeded"],
    ["error:401:USER_UNAUTHORIZED", "forbidden"],
  ])("is not created after %s", async (fault, code) => {
    const { ensure, truth, script } = await start();
    await script(fault);
    expect(await failureOf(ensure())).toMatchObject({ code, outcome: "not_created" });
    expect(await truth()).toEqual({ there: 0, posts: 1 });
  });
});

describe("a flex cluster that is there already", () => {
  it("is an identical conflict, or returned if asked for", async () => {
    const { ensure, truth } = await start();
    const { resource } = await ensure({ tags });
    expect(await failureOf(ensure({ tags }))).toMatchObject({
      code: "name_conflict",
      outcome: "exists",
      identical: true,
      differences: [],
      existing: { name: "c-0" },
    });
    const again = await ensure({}, { ifExists: "return" });
    expect([again.outcome, again.resource.id]).toEqual(["existing", resource.id]);
    expect(await truth()).toEqual({ there: 1, posts: 1 });
  });

  it("is a conflict that says all that differs", async () => {
    const { ensure } = await start();
    await ensure();
    const other = {
      providerSettings: { backingProviderName: "GCP", regionName: "CENTRAL_US" },
      terminationProtectionEnabled: true,
      tags,
    } as const;
    expect(
      await failureOf(ensure({ ...other, tags: [...tags] }, { ifExists: "return" })),
    ).toMatchObject({
      code: "name_conflict",
      identical: false,
      differences: [
        { field: "providerSettings.backingProviderName", yours: "GCP", existing: "AWS" },
        { field: "providerSettings.regionName", yours: "CENTRAL_US", existing: "US_EAST_1" },
        { field: "tags", yours: tags, existing: [] },
        { field: "terminationProtectionEnabled", yours: true, existing: false },
      ],
    });
  });

  it("of another kind is a conflict before anything is posted", async () => {
    const fakeAtlas = await openFakeAtlas((seen, response) =>
      seen.method === "GET"
        ? json(response, 400, { error: 400, errorCode: "CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API" })
        : undefined,
    );
    const failure = await failureOf(ensureCluster(benchFor(fakeAtlas.url), groupId, clusterBody));
    expect(failure).toMatchObject({ code: "name_conflict", outcome: "exists" });
    expect(fakeAtlas.api().map((one) => one.method)).toEqual(["GET"]);
  });
});

describe("a flex cluster that was made although its answer was lost", () => {
  it("is found behind a 400 to its tags", async () => {
    const { ensure, truth, script } = await start();
    await script("commit_then_error:400:INVALID_ATTRIBUTE");
    expect(await ensure({ tags })).toMatchObject({ outcome: "created", reconciled: true });
    expect(await truth()).toEqual({ there: 1, posts: 1 });
  });

  it("is posted once, and looked for twice, where its tags are refused", async () => {
    const { sandboxBench, ensure, truth, script } = await start();
    await script("error:400:BAD_REQUEST");
    sandboxBench.clock.sleeps.length = 0;
    expect(await failureOf(ensure({ tags }))).toMatchObject({
      code: "invalid_input",
      outcome: "unknown",
      retry: "after_fix",
    });
    expect(sandboxBench.clock.sleeps).toEqual([500, 1500]);
    expect(await truth()).toEqual({ there: 0, posts: 1 });
  });
});

describe("a flex cluster that could not be looked up before its answer was lost", () => {
  it("is told to exist where it is seen afterwards, but not claimed", async () => {
    const { sandboxBench, ensure, truth, script } = await start();
    await sandboxBench.script("getGroupFlexCluster", "error:401:USER_UNAUTHORIZED");
    await script("commit_then_reset");
    expect(await failureOf(ensure())).toMatchObject({
      code: "name_conflict",
      outcome: "exists",
      identical: true,
    });
    expect(await truth()).toEqual({ there: 1, posts: 1 });
  });
});

describe("a flex cluster whose namesake is being deleted", () => {
  it.each(["error", "return"] as const)(
    "waits for the name, with ifExists %s",
    async (ifExists) => {
      const { ensure, truth, remove } = await start();
      await ensure();
      await remove();
      expect(await failureOf(ensure({}, { ifExists }))).toMatchObject({
        code: "name_conflict",
        outcome: "exists",
        retry: "after_delay",
        retryAfterSeconds: 60,
        existing: { stateName: "DELETING" },
      });
      expect(await truth()).toMatchObject({ posts: 1 });
    },
  );
});

describe("a flex cluster that cannot be looked up", () => {
  const fails =
    (status: number, errorCode: string): Responder =>
    (_seen, response) =>
      json(response, status, { error: status, errorCode });

  const start = async (list: Responder) => {
    const fakeAtlas = await openFakeAtlas((seen, response, count) => {
      if (!seen.path.startsWith("/api/atlas/")) return undefined;
      return seen.method === "POST"
        ? json(response, 201, { id: "c".repeat(24), ...clusterBody })
        : list(seen, response, count);
    });
    return {
      made: () => ensureCluster(benchFor(fakeAtlas.url), groupId, clusterBody),
      posts: () => fakeAtlas.api().filter((one) => one.method === "POST").length,
    };
  };

  it("since that is not permitted is posted all the same", async () => {
    const { made, posts } = await start(fails(401, "USER_UNAUTHORIZED"));
    expect((await made()).outcome).toBe("created");
    expect(posts()).toBe(1);
  });

  it.each([
    [500, "UNEXPECTED_ERROR"],
    [404, "SOMETHING_ELSE"],
  ])("since Atlas fails (%i %s) is not posted at all", async (status, errorCode) => {
    const { made, posts } = await start(fails(status, errorCode));
    expect((await failureOf(made())).code).toBe("unavailable");
    expect(posts()).toBe(0);
  });
});
