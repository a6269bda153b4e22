import { describe, expect, it } from "vitest";
import {
  benchFor,
  failureOf,
  groupId,
  openFakeAtlas,
  orgId,
  type SandboxBench,
  startSandboxBench,
} from "../support/atlas.ts";
import { json, type Responder } from "../support/fake-atlas.ts";
import { ensureProject, type How } from "./creating.ts";

const tags = [{ key: "environment", value: "test" }];

const start = async () => {
  const sandboxBench = await startSandboxBench();
  const body = { name: "shop", orgId: sandboxBench.sandbox.orgId };
  return {
    sandboxBench,
    ensure: (more = {}, how: How = {}) => ensureProject(sandboxBench, { ...body, ...more }, how),
  };
};

const truth = async (sandboxBench: SandboxBench) => ({
  projects: (await sandboxBench.state()).projects.length,
  posts: await sandboxBench.count("createGroup"),
});

describe("a project that was made although its answer was lost", () => {
  it.each([
    "commit_then_reset",
    "commit_then_truncate",
    "commit_then_hang",
    "commit_then_500",
    "commit_then_error:502:",
    "commit_then_error:503:",
    "commit_then_error:504:",
    "stale_reads:1+commit_then_reset",
    "stale_reads:4+commit_then_500",
  ])("(%s) is found, with one post", async (fault) => {
    const { sandboxBench, ensure } = await start();
    await sandboxBench.script("createGroup", fault);
    expect(await ensure({ tags })).toMatchObject({
      outcome: "created",
      reconciled: true,
      resource: { name: "shop", tags },
    });
    expect(await truth(sandboxBench)).toEqual({ projects: 1, posts: 1 });
  });

  it.each(["INVALID_ATTRIBUTE", "VALIDATION_ERROR", "BAD_REQUEST", "OF_NO_ROW"])(
    "is found behind a 400 %s to its tags (terraform#4124)",
    async (errorCode) => {
      const { sandboxBench, ensure } = await start();
      await sandboxBench.script("createGroup", `commit_then_error:400:${errorCode}`);
      expect(await ensure({ tags })).toMatchObject({ outcome: "created", reconciled: true });
      expect(await truth(sandboxBench)).toEqual({ projects: 1, posts: 1 });
    },
  );

  it("is found although look-ups fail in between", async () => {
    const { sandboxBench, ensure } = await start();
    const between = async () => {
      await sandboxBench.script("createGroup", "commit_then_reset");
      await sandboxBench.script("getOrgGroups", "error:503:", 6);
    };
    expect(await ensure({}, { between })).toMatchObject({ outcome: "created", reconciled: true });
    expect((await truth(sandboxBench)).posts).toBe(1);
  });

  it("is found although its caller has gone meanwhile", async () => {
    const { sandboxBench, ensure } = await start();
    const caller = new AbortController();
    await sandboxBench.script("createGroup", "commit_then_hang");
    const made = ensure({}, { caller: caller.signal });
    await expect.poll(() => sandboxBench.count("createGroup")).toBe(1);
    caller.abort();
    expect(await made).toMatchObject({ outcome: "created", reconciled: true });
  });

  it("is looked for after half a second, and then after 1, 2, 4 and 8 seconds", async () => {
    const { sandboxBench, ensure } = await start();
    await sandboxBench.script("createGroup", "reset");
    await failureOf(ensure());
    expect(sandboxBench.clock.sleeps).toEqual([500, 1000, 2000, 4000, 8000]);
  });
});

describe("a project that was lost and is not found", () => {
  it.each(["reset", "hang", "truncate", "html_503", "error:500:UNEXPECTED_ERROR"])(
    "(%s) has an unknown outcome and is never posted twice",
    async (fault) => {
      const { sandboxBench, ensure } = await start();
      await sandboxBench.script("createGroup", fault);
      expect(await failureOf(ensure())).toMatchObject({
        code: "outcome_unknown",
        outcome: "unknown",
        retry: "same_arguments",
      });
      expect(await truth(sandboxBench)).toEqual({ projects: 0, posts: 1 });
    },
  );

  it("comes with the look-up to make and the repeat that is safe", async () => {
    const { sandboxBench, ensure } = await start();
    await sandboxBench.script("createGroup", "reset");
    const { suggestions } = await failureOf(ensure());
    expect(suggestions).toMatchObject([
      { suggest: "look_up_project", with: { orgId: sandboxBench.sandbox.orgId, name: "shop" } },
      { suggest: "repeat", with: { ifExists: "return" } },
    ]);
  });

  it("can be repeated as advised, once it appears: there is one", async () => {
    const { sandboxBench, ensure } = await start();
    await sandboxBench.script("createGroup", "stale_reads:5+commit_then_reset");
    expect((await failureOf(ensure())).code).toBe("outcome_unknown");
    expect((await ensure({}, { ifExists: "return" })).outcome).toBe("existing");
    expect(await truth(sandboxBench)).toEqual({ projects: 1, posts: 1 });
  });

  it("is not looked for beyond the deadline", async () => {
    const { sandboxBench, ensure } = await start();
    await sandboxBench.script("createGroup", "reset");
    const startedAt = sandboxBench.clock.now();
    expect((await failureOf(ensure({}, { deadlineMs: 5000 }))).code).toBe("outcome_unknown");
    expect(sandboxBench.clock.now() - startedAt).toBeLessThanOrEqual(5000);
  });
});

/** An Atlas with no project, until one is posted: then the answer to that is `posted`, and `made` is what there is. */
const atlasThat = async (
  posted: Responder,
  made: object,
  lists: Partial<Record<string, Responder>> = {},
) => {
  let exists = false;
  const fakeAtlas = await openFakeAtlas((seen, response, count) => {
    const { pathname } = new URL(seen.path, "http://x");
    if (!pathname.startsWith("/api/atlas/")) return undefined;
    if (seen.method === "POST") {
      exists = true;
      return posted(seen, response, count);
    }
    const list = pathname === "/api/atlas/v2/groups" ? lists.groups : lists.orgGroups;
    const results = exists ? [{ id: groupId, name: "shop", orgId, ...made }] : [];
    return (
      list?.(seen, response, count) ?? json(response, 200, { results, totalCount: results.length })
    );
  });
  const bench = benchFor(fakeAtlas.url);
  return {
    ensure: (more = {}) => ensureProject(bench, { name: "shop", orgId, ...more }),
    posts: () => fakeAtlas.api().filter((one) => one.method === "POST").length,
    paths: () => fakeAtlas.api().map((one) => one.path),
  };
};

const fails =
  (status: number, errorCode: string): Responder =>
  (_seen, response) =>
    json(response, status, { error: status, errorCode, detail: "Atlas's words." });

const succeeds: Responder = (_seen, response) =>
  json(response, 201, { id: groupId, name: "shop", orgId });

describe("a project that was made otherwise than asked for", () => {
  it("behind a 400 is told with Atlas's error, what exists and how it differs, and not repeated", async () => {
    const { ensure, posts } = await atlasThat(fails(400, "INVALID_ATTRIBUTE"), { tags: [] });
    expect(await failureOf(ensure({ tags }))).toMatchObject({
      code: "invalid_input",
      outcome: "exists",
      retry: "never",
      existing: { id: groupId },
      differences: [{ field: "tags", yours: tags, existing: [] }],
      atlas: { status: 400, errorCode: "INVALID_ATTRIBUTE", detail: "Atlas's words." },
    });
    expect(posts()).toBe(1);
  });

  it("behind a 500 is told with what exists and how it differs, and not repeated", async () => {
    const { ensure, posts } = await atlasThat(fails(500, "UNEXPECTED_ERROR"), {
      withDefaultAlertsSettings: true,
    });
    expect(await failureOf(ensure({ withDefaultAlertsSettings: false }))).toMatchObject({
      outcome: "exists",
      retry: "never",
      existing: { id: groupId },
      differences: [{ field: "withDefaultAlertsSettings", yours: false, existing: true }],
      atlas: { status: 500 },
    });
    expect(posts()).toBe(1);
  });
});

describe("a project that cannot be looked up", () => {
  const hidden = {
    orgGroups: fails(401, "USER_CANNOT_ACCESS_ORG"),
    groups: fails(403, "ACCESS_FORBIDDEN"),
  };

  it("since that is not permitted is posted all the same", async () => {
    const { ensure, posts } = await atlasThat(succeeds, {}, hidden);
    expect(await ensure()).toMatchObject({ outcome: "created", resource: { id: groupId } });
    expect(posts()).toBe(1);
  });

  it("since that is not permitted has an unknown outcome once its answer is lost", async () => {
    const { ensure, posts } = await atlasThat(fails(500, "UNEXPECTED_ERROR"), {}, hidden);
    expect(await failureOf(ensure())).toMatchObject({
      code: "outcome_unknown",
      outcome: "unknown",
    });
    expect(posts()).toBe(1);
  });

  it("is not taken for ours when it is seen only afterwards: it may have been there before", async () => {
    let look = 0;
    const first: Responder = (seen, response, count) => {
      look += 1;
      return look === 1 ? fails(401, "USER_CANNOT_ACCESS_ORG")(seen, response, count) : undefined;
    };
    const lists = { orgGroups: first, groups: fails(403, "ACCESS_FORBIDDEN") };
    const { ensure, posts } = await atlasThat(fails(500, "UNEXPECTED_ERROR"), {}, lists);
    expect((await failureOf(ensure())).outcome).not.toBe("not_created");
    expect(posts()).toBe(1);
  });

  it.each<[what: string, list: Responder]>([
    ["fails", fails(500, "UNEXPECTED_ERROR")],
    ["answers with a page", (_seen, response) => json(response, 200, "<html></html>")],
  ])("since Atlas %s is not posted at all", async (_what, list) => {
    const { ensure, posts } = await atlasThat(succeeds, {}, { orgGroups: list });
    const { code, outcome = "not_created" } = await failureOf(ensure());
    expect([code, outcome]).toEqual(["unavailable", "not_created"]);
    expect(posts()).toBe(0);
  });
});
