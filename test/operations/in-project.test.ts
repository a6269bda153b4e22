/** What holds for a flex cluster, a database user and an access list entry alike; projects.test.ts has projects. */
import { describe, expect, it } from "vitest";
import { failureOf, groupId as noProject } from "../support/atlas.ts";
import { openCluster, openEntry, openUser } from "./in-project.ts";

describe.each([
  ["a flex cluster", openCluster, "look_up_cluster"],
  ["a database user", openUser, "show_project"],
  ["an access list entry", openEntry, "show_project"],
] as const)("%s", (_what, open, lookUp) => {
  it("is not created in a project that does not exist, and not posted", async () => {
    const { ensureIn, truth } = await open();
    expect((await failureOf(ensureIn(noProject))).code).toBe("not_found");
    expect(await truth()).toEqual({ there: 0, posts: 0 });
  });

  it.each([
    "commit_then_reset",
    "commit_then_truncate",
    "commit_then_hang",
    "commit_then_500",
    "commit_then_error:503:",
    "stale_reads:4+commit_then_reset",
  ])("whose answer was lost (%s) is found, with one post", async (fault) => {
    const { ensure, truth, script } = await open();
    await script(fault);
    expect(await ensure()).toMatchObject({ outcome: "created", reconciled: true });
    expect(await truth()).toEqual({ there: 1, posts: 1 });
  });

  it.each(["reset", "truncate", "html_503", "error:500:UNEXPECTED_ERROR"])(
    "that was lost and is not found (%s) is posted once more",
    async (fault) => {
      const { ensure, truth, script } = await open();
      await script(fault);
      expect((await ensure()).outcome).toBe("created");
      expect(await truth()).toEqual({ there: 1, posts: 2 });
    },
  );

  it("lost twice has an unknown outcome, with the look-up to make and the repeat that is safe", async () => {
    const { ensure, truth, script, groupId } = await open();
    await script("reset", 2);
    expect(await failureOf(ensure())).toMatchObject({
      code: "outcome_unknown",
      outcome: "unknown",
      retry: "same_arguments",
      suggestions: [
        { suggest: lookUp, with: { groupId } },
        { suggest: "repeat", with: { ifExists: "return" } },
      ],
    });
    expect(await truth()).toEqual({ there: 0, posts: 2 });
  });

  it("is not posted again for a caller who has gone", async () => {
    const { ensure, truth, script } = await open();
    const caller = new AbortController();
    await script("hang");
    const made = failureOf(ensure({}, { caller: caller.signal }));
    await expect.poll(async () => (await truth()).posts).toBe(1);
    caller.abort();
    expect((await made).code).toBe("outcome_unknown");
    expect(await truth()).toEqual({ there: 0, posts: 1 });
  });

  it("stays unknown if the second post is refused: the first may still arrive", async () => {
    const { ensure, truth, script } = await open();
    await script("reset");
    await script("error:402:NO_PAYMENT_INFORMATION_FOUND");
    expect(await failureOf(ensure())).toMatchObject({
      code: "outcome_unknown",
      outcome: "unknown",
    });
    expect(await truth()).toEqual({ there: 0, posts: 2 });
  });
});

describe.each([
  ["a flex cluster", openCluster],
  ["a database user", openUser],
] as const)("%s", (_what, open) => {
  it("that appears late is found by the second post, which Atlas refuses", async () => {
    const { ensure, truth, script } = await open();
    await script("stale_reads:5+commit_then_reset");
    expect(await ensure()).toMatchObject({ outcome: "created", reconciled: true });
    expect(await truth()).toEqual({ there: 1, posts: 2 });
  });
});
