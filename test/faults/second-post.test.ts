import { describe, expect, it, onTestFinished } from "vitest";
import { until } from "../support/until.ts";
import { aws, type Harness, openHarness } from "./harness.ts";
import type { Answer } from "./provision.ts";

const open = async (): Promise<Harness> => {
  const harness = await openHarness();
  onTestFinished(() => harness.close());
  return harness;
};

const tags = [{ key: "env", value: "test" }];

const create = async (harness: Harness, more: object = {}): Promise<Answer> =>
  harness.process().call("create_flex_cluster", {
    groupId: (await harness.state()).projects[0]?.id,
    name: "shop",
    providerSettings: aws,
    ...more,
  });

/** What was said of a cluster that is there, or comes. */
const said = (answer: Answer): string => answer.outcome ?? answer.error.outcome;

describe("the second post of a cluster whose first one was lost", () => {
  it("does not turn a cluster that reads miss into not_created when no token can be had for it", async () => {
    const harness = await open();
    await harness.makeProject("home");
    await harness.script("createGroupFlexCluster", "stale_reads:9+commit_then_reset");
    await harness.script("createGroupFlexCluster", "empty_401");
    const process = harness.process();
    await process.call("get_account", {});
    await harness.script("token", "html_503", 2);
    const { projects } = await harness.state();
    const answer = await process.call("create_flex_cluster", {
      groupId: projects[0]?.id,
      name: "shop",
      providerSettings: aws,
    });
    expect((await harness.state()).clusters).toHaveLength(1);
    expect(said(answer)).not.toBe("not_created");
  });

  it("does not turn a cluster that reads miss into not_created when its own refusal is cut short", async () => {
    const harness = await open();
    await harness.makeProject("home");
    await harness.script("createGroupFlexCluster", "stale_reads:9+commit_then_reset");
    harness.proxy.script({
      method: "POST",
      path: /\/flexClusters$/,
      fault: "truncate:-1",
      on: 2,
    });
    const answer = await create(harness);
    expect((await harness.state()).clusters).toHaveLength(1);
    expect(said(answer)).not.toBe("not_created");
  });

  it("looks after a refusal of its tags as long as after the first one", async () => {
    const harness = await open();
    await harness.makeProject("home");
    await harness.script("createGroupFlexCluster", "reset");
    const second = "stale_reads:2+commit_then_error:400:VALIDATION_ERROR";
    await harness.script("createGroupFlexCluster", second);
    const answer = await create(harness, { tags });
    const { clusters } = await harness.state();
    expect(answer).toMatchObject({ outcome: "created", reconciled: true });
    expect(answer.cluster.id).toBe(clusters[0]?.id);
  });

  it("leaves the outcome unknown when it is refused while the first may still arrive", async () => {
    const harness = await open();
    await harness.makeProject("home");
    // The first arrives after 60 s: the call is over by then.
    harness.proxy.script({ method: "POST", path: /\/flexClusters$/, fault: "held:60000", on: 1 });
    await harness.script("createGroupFlexCluster", "error:402:NO_PAYMENT_INFORMATION_FOUND");
    const answer = await create(harness);
    expect((await harness.state()).clusters).toEqual([]);
    expect(said(answer)).toBe("unknown");
    const arrived = async () => (await harness.state()).clusters.length === 1;
    await until(arrived, "the first post arrives", 20_000);
  });
});
