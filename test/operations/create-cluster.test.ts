import { describe, expect, it } from "vitest";
import type { CreateFlexClusterBody } from "../../src/atlas/bodies.ts";
import { benchFor, failureOf, groupId, imitate, startTwin } from "../support/atlas.ts";
import { ensureCluster, ensureProject, type How } from "../support/ensure.ts";
import { json, type Responder } from "../support/imitation.ts";

const tags = [{ key: "environment", value: "test" }];

const body: CreateFlexClusterBody = {
  name: "c-0",
  providerSettings: { backingProviderName: "AWS", regionName: "US_EAST_1" },
};

const start = async () => {
  const twin = await startTwin();
  const { resource } = await ensureProject(twin, { name: "shop", orgId: twin.sandbox.orgId });
  const groupId = resource.id ?? "";
  twin.clock.sleeps.length = 0;
  return {
    twin,
    groupId,
    ensure: (more: Partial<CreateFlexClusterBody> = {}, how: How = {}) =>
      ensureCluster(twin, groupId, { ...body, ...more }, how),
    truth: async () => ({
      clusters: (await twin.state()).clusters.length,
      posts: await twin.count("createGroupFlexCluster"),
    }),
    script: (fault: string, times?: number) => twin.script("createGroupFlexCluster", fault, times),
    /** Asks Atlas for the deletion, behind the back of what is tested. */
    remove: async () => {
      const { url, clientId, clientSecret } = twin.sandbox;
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
      resource: { ...body, tags, terminationProtectionEnabled: true, stateName: "CREATING" },
    });
    expect(await truth()).toEqual({ clusters: 1, posts: 1 });
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
    expect(await truth()).toEqual({ clusters: 0, posts: 1 });
  });

  it("is not created in a project that does not exist, and not posted", async () => {
    const { twin } = await start();
    expect((await failureOf(ensureCluster(twin, groupId, body))).code).toBe("not_found");
    expect(await twin.count("createGroupFlexCluster")).toBe(0);
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
    expect(await truth()).toEqual({ clusters: 1, posts: 1 });
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
    const imitation = await imitate((seen, response) =>
      seen.method === "GET"
        ? json(response, 400, { error: 400, errorCode: "CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API" })
        : undefined,
    );
    const failure = await failureOf(ensureCluster(benchFor(imitation.url), groupId, body));
    expect(failure).toMatchObject({ code: "name_conflict", outcome: "exists" });
    expect(imitation.api().map((one) => one.method)).toEqual(["GET"]);
  });
});

describe("a flex cluster that was made although its answer was lost", () => {
  it.each([
    "commit_then_reset",
    "commit_then_truncate",
    "commit_then_hang",
    "commit_then_500",
    "commit_then_error:503:",
    "stale_reads:4+commit_then_reset",
  ])("(%s) is found, with one post", async (fault) => {
    const { ensure, truth, script } = await start();
    await script(fault);
    expect(await ensure()).toMatchObject({ outcome: "created", reconciled: true });
    expect(await truth()).toEqual({ clusters: 1, posts: 1 });
  });

  it("is found behind a 400 to its tags", async () => {
    const { ensure, truth, script } = await start();
    await script("commit_then_error:400:INVALID_ATTRIBUTE");
    expect(await ensure({ tags })).toMatchObject({ outcome: "created", reconciled: true });
    expect(await truth()).toEqual({ clusters: 1, posts: 1 });
  });

  it("and appears late is found by the second post, which Atlas refuses", async () => {
    const { ensure, truth, script } = await start();
    await script("stale_reads:5+commit_then_reset");
    expect(await ensure()).toMatchObject({ outcome: "created", reconciled: true });
    expect(await truth()).toEqual({ clusters: 1, posts: 2 });
  });

  it("is found behind a second post that is a 400 to its tags", async () => {
    const { ensure, truth, script } = await start();
    await script("error:400:BAD_REQUEST");
    await script("commit_then_error:400:BAD_REQUEST");
    expect(await ensure({ tags })).toMatchObject({ outcome: "created", reconciled: true });
    expect(await truth()).toEqual({ clusters: 1, posts: 2 });
  });
});

describe("a flex cluster that was lost and is not found", () => {
  it.each(["reset", "truncate", "html_503", "error:500:UNEXPECTED_ERROR"])(
    "(%s) is posted once more",
    async (fault) => {
      const { ensure, truth, script } = await start();
      await script(fault);
      expect((await ensure()).outcome).toBe("created");
      expect(await truth()).toEqual({ clusters: 1, posts: 2 });
    },
  );

  it("twice has an unknown outcome, with the look-up to make and the repeat that is safe", async () => {
    const { ensure, truth, script, groupId } = await start();
    await script("reset", 2);
    expect(await failureOf(ensure())).toMatchObject({
      code: "outcome_unknown",
      outcome: "unknown",
      retry: "same_arguments",
      hints: [
        { advice: "look_up_cluster", with: { groupId, name: "c-0" } },
        { advice: "repeat", with: { ifExists: "return" } },
      ],
    });
    expect(await truth()).toEqual({ clusters: 0, posts: 2 });
  });

  it("is not posted again for a caller who has gone", async () => {
    const { twin, ensure, truth, script } = await start();
    const caller = new AbortController();
    await script("hang");
    const made = failureOf(ensure({}, { caller: caller.signal }));
    await expect.poll(() => twin.count("createGroupFlexCluster")).toBe(1);
    caller.abort();
    expect((await made).code).toBe("outcome_unknown");
    expect(await truth()).toEqual({ clusters: 0, posts: 1 });
  });

  it("stays unknown if the second post is refused: the first may still arrive", async () => {
    const { ensure, truth, script } = await start();
    await script("reset");
    await script("error:402:NO_PAYMENT_INFORMATION_FOUND");
    expect(await failureOf(ensure())).toMatchObject({
      code: "outcome_unknown",
      outcome: "unknown",
    });
    expect(await truth()).toEqual({ clusters: 0, posts: 2 });
  });
});

describe("a flex cluster that could not be looked up before its answer was lost", () => {
  it("is told to exist where it is seen afterwards, but not claimed", async () => {
    const { twin, ensure, truth, script } = await start();
    await twin.script("getGroupFlexCluster", "error:401:USER_UNAUTHORIZED");
    await script("commit_then_reset");
    expect(await failureOf(ensure())).toMatchObject({
      code: "name_conflict",
      outcome: "exists",
      identical: true,
    });
    expect(await truth()).toEqual({ clusters: 1, posts: 1 });
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
    const imitation = await imitate((seen, response, count) => {
      if (!seen.path.startsWith("/api/atlas/")) return undefined;
      return seen.method === "POST" ? json(response, 201, body) : list(seen, response, count);
    });
    return {
      made: () => ensureCluster(benchFor(imitation.url), groupId, body),
      posts: () => imitation.api().filter((one) => one.method === "POST").length,
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
