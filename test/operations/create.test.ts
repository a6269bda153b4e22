import { describe, expect, it } from "vitest";
import type { Sent } from "../../src/atlas/client.ts";
import { createGroup } from "../../src/atlas/requests.ts";
import type { Project } from "../../src/atlas/resources/project.ts";
import { create, lookBefore } from "../../src/operations/create.ts";
import type { CreateResult, CreateSpec } from "../../src/operations/create-spec.ts";
import { projectCreateSpec } from "../../src/operations/project.ts";
import {
  benchFor,
  clientFor,
  failureOf,
  openFakeAtlas,
  startSandboxBench,
} from "../support/atlas.ts";
import { behind } from "../support/behind.ts";
import { ensureProject, type How } from "./creating.ts";

const start = async () => {
  const sandboxBench = await startSandboxBench();
  const shop = { name: "shop", orgId: sandboxBench.sandbox.orgId };
  const other = benchFor(sandboxBench.sandbox.url, {
    clock: sandboxBench.clock,
    account: sandboxBench.sandbox,
  });
  return {
    sandboxBench,
    shop,
    ensure: (how: How = {}, more: object = {}) =>
      ensureProject(sandboxBench, { ...shop, ...more }, how),
    /** Another process on the same Atlas makes the project too. */
    makeOther: () => ensureProject(other, shop),
    /** The creation with parts of it replaced, as it comes to be made after the first look. */
    make: async (
      change: (real: CreateSpec<Project>) => Partial<CreateSpec<Project>>,
      options: Parameters<typeof sandboxBench.work>[0] = {},
    ): Promise<CreateResult<Project>> => {
      const work = sandboxBench.work(options);
      const { spec } = projectCreateSpec(work, shop);
      const before = await lookBefore(spec, "error", work, work.singleFlights.projects);
      if ("existing" in before) throw new Error("It is there already.");
      const changed = { ...spec, ...change(spec) };
      return create(changed, before, "error", work, work.singleFlights.projects);
    },
    looks: () => sandboxBench.count("getOrgGroups"),
    posts: () => sandboxBench.count("createGroup"),
  };
};

describe("what was seen before", () => {
  it.each([
    [2000, 3],
    [2001, 4],
  ])("%i ms ago is enough up to two seconds, and then looked at again", async (ms, count) => {
    const { sandboxBench, ensure, looks } = await start();
    await ensure({ between: async () => sandboxBench.clock.pass(ms) });
    // One before, and two after the post, since Atlas may have made two.
    expect(await looks()).toBe(count);
  });

  it("is looked at again as soon where somebody has set the clock back", async () => {
    const { sandboxBench, ensure, looks } = await start();
    const between = async () => {
      sandboxBench.clock.set(-2 * 3_600_000);
      sandboxBench.clock.pass(2001);
    };
    await ensure({ between });
    expect(await looks()).toBe(4);
  });

  it("may be returned where it is there when looked at again", async () => {
    const { sandboxBench, ensure, makeOther, posts } = await start();
    const between = async () => {
      await makeOther();
      sandboxBench.clock.pass(3000);
    };
    const made = await ensure({ between, ifExists: "return" });
    expect(made).toMatchObject({ outcome: "existing", resource: { name: "shop" } });
    expect(await posts()).toBe(1);
  });

  it("is not looked at again for a caller who has gone, who is told that nothing was sent", async () => {
    const { sandboxBench, ensure, looks, posts } = await start();
    const caller = new AbortController();
    const between = async () => {
      sandboxBench.clock.pass(3000);
      caller.abort();
    };
    expect(await failureOf(ensure({ between, caller: caller.signal }))).toEqual({
      code: "unavailable",
      message: "The call was cancelled before anything was sent.",
      outcome: "not_created",
      retry: "same_arguments",
      suggestions: [],
    });
    expect([await looks(), await posts()]).toEqual([1, 0]);
  });

  it("is looked at again for nothing where the caller goes meanwhile: nothing is posted", async () => {
    const { sandboxBench, make, posts } = await start();
    const caller = new AbortController();
    const call = make(
      ({ find }) => {
        sandboxBench.clock.pass(3000);
        return {
          find: (deadline) => {
            caller.abort();
            return find(deadline);
          },
        };
      },
      { caller: caller.signal },
    );
    expect((await failureOf(call)).outcome).toBe("not_created");
    expect(await posts()).toBe(0);
  });
});

describe("a name that somebody takes between the look-up and the post", () => {
  it("is looked for at once and three times more, and told where it does not show", async () => {
    const { sandboxBench, ensure, makeOther } = await start();
    const between = async () => {
      await sandboxBench.script("createGroup", "stale_reads:99");
      await makeOther();
      sandboxBench.clock.sleeps.length = 0;
    };
    const told = await failureOf(ensure({ between, ifExists: "return" }));
    expect(told).toMatchObject({ code: "name_conflict", outcome: "exists" });
    expect(told.message).toContain("does not show it");
    expect(sandboxBench.clock.sleeps).toEqual([500, 1000, 2000]);
  });

  it("twice is told of both, also where one may be returned", async () => {
    const { sandboxBench, shop, ensure, makeOther } = await start();
    await makeOther();
    await sandboxBench.script("createGroup", "racy");
    // By a program that takes nothing back.
    await behind(sandboxBench.sandbox)("/groups", shop);
    const told = await failureOf(ensure({ ifExists: "return" }));
    expect(told).toMatchObject({ code: "name_conflict", identical: false });
    expect(told.existing).toHaveLength(2);
  });

  it("is not ours where our answer is lost and two are there", async () => {
    const { sandboxBench, ensure, makeOther } = await start();
    const between = async () => {
      await makeOther();
      await sandboxBench.script("createGroup", "racy+commit_then_reset");
    };
    const told = await failureOf(ensure({ between }));
    expect(told).toMatchObject({ code: "name_conflict", outcome: "exists", identical: false });
    expect(told.existing).toHaveLength(2);
  });
});

describe("a post that certainly made nothing", () => {
  it("since it could not be sent is told so", async () => {
    const { sandboxBench, shop, make } = await start();
    const gone = await openFakeAtlas(() => undefined);
    await gone.close();
    const { clock, sandbox } = sandboxBench;
    const { atlas } = clientFor(sandbox.url, { clock, account: sandbox, apiUrl: gone.url });
    const told = await failureOf(
      make(() => ({ post: (deadline) => atlas.send(createGroup(shop), deadline) })),
    );
    expect(told).toMatchObject({ code: "unavailable", outcome: "not_created" });
  });

  it("since it was refused with another status than 400 is not looked for, tags or not", async () => {
    const { sandboxBench, ensure, looks } = await start();
    await sandboxBench.script("createGroup", "error:403:OF_NO_ROW");
    const told = await failureOf(ensure({}, { tags: [{ key: "a", value: "b" }] }));
    expect(told).toMatchObject({ code: "forbidden", outcome: "not_created" });
    expect(await looks()).toBe(1);
  });
});

describe("the look-ups after a lost answer", () => {
  it("end where the next one would come when the time is up", async () => {
    const { sandboxBench, ensure } = await start();
    await sandboxBench.script("createGroup", "reset");
    await failureOf(ensure({ deadlineMs: 3500 }));
    expect(sandboxBench.clock.sleeps).toEqual([500, 1000]);
  });

  it("do not hide a fault of ours", async () => {
    const { sandboxBench, make } = await start();
    await sandboxBench.script("createGroup", "reset");
    const call = make(() => ({ find: () => Promise.reject(new TypeError("a slip")) }));
    await expect(call).rejects.toThrow("a slip");
  });
});

it("an equal call that waits is told so when its own time is over", async () => {
  const { sandboxBench, make } = await start();
  let answer = (_sent: Sent<Project>) => {};
  const slow = () => ({
    post: () =>
      new Promise<Sent<Project>>((resolve) => {
        answer = resolve;
      }),
  });
  const [first, second] = [make(slow), failureOf(make(slow, { deadlineMs: 1000 }))];
  await expect.poll(async () => sandboxBench.count("getOrgGroups")).toBe(2);
  sandboxBench.clock.pass(1000);
  const told = await second;
  expect(told).toMatchObject({ code: "outcome_unknown", outcome: "unknown" });
  expect(told.message).toMatch(/^An identical call/);
  answer({ fate: "accepted", value: { name: "shop" } });
  expect((await first).outcome).toBe("created");
});
