import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { flexPrice } from "../../src/atlas/pricing.ts";
import { type Caller, operator } from "../../src/policy/caller.ts";
import { aws, type Harness, openHarness } from "../faults/harness.ts";
import type { Host, Provision, ProvisionOptions } from "../faults/provision.ts";

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

const shared = { confirm: "auto", secret: "shared by all replicas" } as const;
const [ann, bob]: Caller[] = ["ann", "bob"].map((id) => ({ ...operator, id })) as any;

const replica = (more: Partial<ProvisionOptions> = {}) => harness.process({ ...shared, ...more });

const args = (more: object = {}) => ({ groupId, name: "db", providerSettings: aws, ...more });

const create = (by: Provision, more: object = {}, caller = ann, host?: Host) =>
  by.call("create_flex_cluster", args(more), {
    ...(caller && { caller }),
    ...(host && { host }),
  });

const sent = async () =>
  (await harness.state()).requests.filter(
    ({ method, path }) => method !== "GET" && path.includes("/flexClusters"),
  ).length;

it("get_account answers where the rules leave nothing that can be seen", async () => {
  const organizations = ["0123456789abcdef01234567"];
  const answer = await replica({ rules: { organizations } }).call("get_account", {});
  expect(answer).toMatchObject({ status: "ok", organizations: [], projects: [] });
});

/** A clock that stands, `ms` after this test's beginning. */
const standing = (ms = 0) => {
  const at = harness.clock.now();
  return {
    at: { ...harness.clock, now: () => at },
    later: { ...harness.clock, now: () => at + ms },
  };
};

/** A host of 2026-07-28: shows the form and comes back with a state that it was given before; without one it leaves it open. */
const host = (state?: string): Host => {
  let answered = false;
  return () => {
    if (state === undefined || answered) return undefined;
    answered = true;
    return { reply: "accepted", state };
  };
};

describe("what a replica with the same secret was told", () => {
  it("holds at another one, for the same caller", async () => {
    const { confirmation } = await create(replica());
    expect(await create(replica(), { confirmation })).toMatchObject({
      outcome: "created",
      receipt: { approver: "agent" },
    });
  });

  it("does not hold for another caller", async () => {
    const { confirmation } = await create(replica(), {}, ann);
    expect((await create(replica(), { confirmation }, bob)).status).toBe("needs_confirmation");
    const { state } = await create(replica(), {}, ann, host());
    expect((await create(replica(), {}, bob, host(state))).status).toBe("asking");
    expect(await sent()).toBe(0);
  });

  it("does not hold for another Atlas", async () => {
    const { confirmation } = await create(replica());
    const elsewhere = replica({ baseUrl: harness.sandbox.url });
    expect((await create(elsewhere, { confirmation })).status).toBe("needs_confirmation");
    expect(await sent()).toBe(0);
  });

  it.each([
    ["token", 299_999, "ok"],
    ["token", 300_000, "needs_confirmation"],
    ["form", 899_999, "ok"],
    ["form", 900_000, "asking"],
  ])("as a %s is, after %i ms, %s", async (way, ms, status) => {
    const { at, later } = standing(ms);
    const [early, late] = [replica({ clock: at }), replica({ clock: later })];
    const first = await create(early, {}, ann, way === "form" ? host() : undefined);
    const answer =
      way === "form"
        ? await create(late, {}, ann, host(first.state))
        : await create(late, { confirmation: first.confirmation });
    expect(answer.status).toBe(status);
    expect(await sent()).toBe(status === "ok" ? 1 : 0);
  });

  describe("and the price", () => {
    const prices: { to: number } = flexPrice.perMonth;
    const before = prices.to;
    afterEach(() => {
      prices.to = before;
    });

    it("does not hold once that is another one", async () => {
      const { confirmation } = await create(replica());
      const { state } = await create(replica(), {}, ann, host());
      prices.to = 45;
      const again = await create(replica(), { confirmation });
      expect(again).toMatchObject({
        status: "needs_confirmation",
        quote: { perMonth: { to: 45 } },
      });
      expect(again.message).toContain("8 to 45 USD");
      expect((await create(replica(), {}, ann, host(state))).status).toBe("asking");
      expect(await sent()).toBe(0);
    });
  });
});

describe("while the user thinks", () => {
  /** A user who agrees after something else has happened. */
  /** Agrees to the first question once `meanwhile` has happened, and leaves a second one open. */
  const agreesAfter = (meanwhile: () => Promise<unknown>): Host => {
    let asked = false;
    return async ({ state }) => {
      if (asked) return undefined;
      asked = true;
      await meanwhile();
      return { reply: "accepted", state };
    };
  };

  it("somebody else makes the very cluster: nothing is sent", async () => {
    const before = await sent();
    const answer = await create(
      replica(),
      {},
      ann,
      agreesAfter(async () => {
        await harness.makeCluster(groupId, "db");
        await harness.clock.sleep(2500);
      }),
    );
    expect(answer.error).toMatchObject({ code: "name_conflict", outcome: "exists" });
    expect((await sent()) - before).toBe(1);
  });

  it("another cluster takes the name of the one to delete: it stays, and is asked about anew", async () => {
    await harness.makeCluster(groupId, "db");
    const other = replica({ confirm: "never" });
    const target = { groupId, name: "db" };
    const ask = agreesAfter(async () => {
      await other.call("delete_flex_cluster", target);
      await harness.makeCluster(groupId, "db");
    });
    const answer = await replica().call("delete_flex_cluster", target, { host: ask });
    expect(answer).toMatchObject({ status: "asking", message: expect.stringContaining("db") });
    expect((await harness.state()).clusters).toHaveLength(1);
  });

  it("the limit is reached by somebody else: nothing is sent", async () => {
    const rules = { limits: { flexClustersPerProject: 1 } };
    const ask = agreesAfter(() => harness.makeCluster(groupId, "first"));
    const answer = await create(replica({ rules }), {}, ann, ask);
    expect(answer.error).toMatchObject({ code: "policy_denied", outcome: "not_created" });
    expect((await harness.state()).clusters).toHaveLength(1);
  });
});

describe("a limit", () => {
  it("holds for calls that come at once", async () => {
    const rules = { limits: { flexClustersPerProject: 2 } };
    const one = replica({ rules, confirm: "never" });
    const names = ["a", "b", "c", "d", "e"];
    const answers = await Promise.all(names.map((name) => create(one, { name })));
    expect((await harness.state()).clusters).toHaveLength(2);
    const codes = answers.map(({ outcome, error }) => outcome ?? error.code).sort();
    expect(codes).toEqual([
      "created",
      "created",
      "policy_denied",
      "policy_denied",
      "policy_denied",
    ]);
  });
});
