import { describe, expect, it, onTestFinished } from "vitest";
import { type Clock, systemClock } from "../../src/common/deadline.ts";
import { until } from "../support/until.ts";
import { aws, type Harness, openHarness } from "./harness.ts";
import type { Answer, Provision } from "./provision.ts";

const open = async (step?: number): Promise<Harness> => {
  const harness = await openHarness(step);
  onTestFinished(() => harness.close());
  return harness;
};

const project = (harness: Harness) => ({ name: "shop", orgId: harness.sandbox.orgId });
const cluster = (groupId: string) => ({ groupId, name: "shop", providerSettings: aws });

const countOf = async (harness: Harness, operation: string) =>
  (await harness.state()).requests.filter((one) => one.operation === operation).length;

const arrived = (harness: Harness, operation: string) =>
  until(async () => (await countOf(harness, operation)) > 0, `${operation} arrives`);

const lastLine = ({ lines }: Provision) => lines.at(-1);

describe("a call whose caller has gone", () => {
  it("sends nothing that has not left yet", async () => {
    const harness = await open();
    harness.proxy.script({ method: "GET", path: /\/orgs\//, fault: "latency:5000", on: 1 });
    const caller = new AbortController();
    const process = harness.process();
    const call = process.call("create_project", project(harness), { signal: caller.signal });
    await arrived(harness, "getOrgGroups");
    caller.abort();
    expect((await call).error).toMatchObject({ code: "unavailable", outcome: "not_created" });
    expect((await harness.state()).projects).toEqual([]);
    expect(await countOf(harness, "createGroup")).toBe(0);
    expect(lastLine(process)).toMatchObject({
      level: "warn",
      fields: { tool: "create_project", outcome: "not_created", cancelled: true },
    });
  });

  it("has the post that left settled in the log: made, and found by a look-up", async () => {
    const harness = await open();
    await harness.script("createGroup", "commit_then_hang");
    const caller = new AbortController();
    const process = harness.process();
    const call = process.call("create_project", project(harness), { signal: caller.signal });
    await arrived(harness, "createGroup");
    caller.abort();
    await call;
    expect(lastLine(process)).toMatchObject({
      level: "warn",
      fields: { tool: "create_project", outcome: "created", cancelled: true },
    });
    expect(await countOf(harness, "createGroup")).toBe(1);
    expect((await harness.state()).projects).toHaveLength(1);
  });

  it("has the post that left settled in the log: not to be found", async () => {
    const harness = await open();
    await harness.script("createGroup", "hang");
    const caller = new AbortController();
    const process = harness.process();
    const call = process.call("create_project", project(harness), { signal: caller.signal });
    await arrived(harness, "createGroup");
    caller.abort();
    await call;
    expect(lastLine(process)).toMatchObject({
      level: "warn",
      fields: { tool: "create_project", outcome: "unknown", cancelled: true },
    });
  });

  it("never repeats a post, not even one that is safe to repeat", async () => {
    const harness = await open();
    const groupId = await harness.makeProject("home");
    await harness.script("createGroupFlexCluster", "hang");
    const caller = new AbortController();
    const process = harness.process();
    const call = process.call("create_flex_cluster", cluster(groupId), { signal: caller.signal });
    await arrived(harness, "createGroupFlexCluster");
    caller.abort();
    await call;
    expect(await countOf(harness, "createGroupFlexCluster")).toBe(1);
    expect(lastLine(process)?.fields).toMatchObject({ outcome: "unknown", cancelled: true });
  });

  it("never repeats a post after the wait that a 429 asks for", async () => {
    const harness = await open();
    await harness.script("createGroup", "rate_limit:10");
    const caller = new AbortController();
    const process = harness.process();
    const call = process.call("create_project", project(harness), { signal: caller.signal });
    await arrived(harness, "createGroup");
    await until(() => process.exchanged.some(({ method }) => method === "POST"), "the 429");
    caller.abort();
    await call;
    expect(await countOf(harness, "createGroup")).toBe(1);
    expect(lastLine(process)?.fields).toMatchObject({ outcome: "not_created", cancelled: true });
  });

  it.each(["create_flex_cluster", "get_flex_cluster"])(
    "stops waiting and reading in %s",
    async (tool) => {
      const harness = await open();
      const groupId = await harness.makeProject("home");
      await harness.script("createGroupFlexCluster", "stuck_creating");
      if (tool === "get_flex_cluster") await harness.makeCluster(groupId, "shop");
      const caller = new AbortController();
      const { providerSettings, ...named } = cluster(groupId);
      const args = tool === "get_flex_cluster" ? named : { ...named, providerSettings };
      const startedAt = harness.clock.now();
      const call = harness
        .process()
        .call(tool, { ...args, waitSeconds: 40 }, { signal: caller.signal });
      await until(
        async () => (await countOf(harness, "getGroupFlexCluster")) >= 2,
        "a second look",
      );
      caller.abort();
      const answer = await call;
      expect(harness.clock.now() - startedAt).toBeLessThan(20_000);
      expect(answer).toMatchObject({ status: "ok", ready: false });
      const reads = await countOf(harness, "getGroupFlexCluster");
      await harness.clock.sleep(8000);
      expect(await countOf(harness, "getGroupFlexCluster")).toBe(reads);
    },
  );

  it("does not take its answer from another that waits for the same", async () => {
    const harness = await open();
    const groupId = await harness.makeProject("home");
    await harness.script("createGroupFlexCluster", "hang");
    const caller = new AbortController();
    const { call } = harness.process();
    const gone = call("create_flex_cluster", cluster(groupId), { signal: caller.signal });
    await arrived(harness, "createGroupFlexCluster");
    const stays = call("create_flex_cluster", cluster(groupId));
    await harness.clock.sleep(2000);
    caller.abort();
    // Its own lost post would have been sent once more: somebody still wants the cluster.
    expect(await stays).toMatchObject({ status: "ok", outcome: "created" });
    await gone;
  });
});

describe("a repeat after the client's time-out", () => {
  it.each(["the same process", "another one"])(
    "to %s is told that it exists, identical, made a moment ago, and how to go on",
    async (where) => {
      const harness = await open();
      await harness.script("createGroup", "commit_then_hang");
      const caller = new AbortController();
      const first = harness.process();
      const lost = first.call("create_project", project(harness), { signal: caller.signal });
      await arrived(harness, "createGroup");
      caller.abort();
      await lost;
      const { call } = where === "another one" ? harness.process() : first;
      const { error }: Answer = await call("create_project", project(harness));
      const [made] = (await harness.state()).projects;
      expect(error).toMatchObject({
        code: "name_conflict",
        outcome: "exists",
        identical: true,
        differences: [],
        existing: { id: made?.id },
      });
      const seconds = Number(/created (\d+) s ago/.exec(error.message)?.[1]);
      const age = (harness.clock.now() - Date.parse(made?.created)) / 1000;
      expect(Math.abs(seconds - age)).toBeLessThan(10);
      for (const action of error.nextActions) {
        const next = await call(action.tool, action.arguments);
        expect(next).toMatchObject({ status: "ok" });
        expect((next.project ?? next.projects[0]).id).toBe(made?.id);
      }
      expect(error.nextActions.map(({ tool }: { tool: string }) => tool)).toContain(
        "create_project",
      );
      expect(await countOf(harness, "createGroup")).toBe(1);
    },
  );
});

describe("a deadline that is shorter than the time-out of one request", () => {
  it("still leaves time for a look-up after a post that nobody answers", async () => {
    const harness = await open();
    await harness.script("createGroup", "commit_then_hang");
    // Real time: how long a post may take is not read from the clock.
    const { call } = harness.process({ clock: systemClock, deadlineMs: 2000 });
    const answer = await call("create_project", project(harness));
    expect(answer).toMatchObject({ status: "ok", outcome: "created", reconciled: true });
  });
});

describe("a post that never left", () => {
  it("is sent again once Atlas can be reached", async () => {
    // Real time, so that what was seen before the post is not old by then and looked at again.
    const harness = await open(1);
    const clock: Clock = {
      ...harness.clock,
      sleep: async (ms, signal) => {
        if (ms < 1000) await harness.proxy.listen();
        await harness.clock.sleep(ms, signal);
      },
    };
    harness.proxy.script({ method: "GET", path: /\/orgs\//, fault: "then_gone", on: 1 });
    const { call, exchanged } = harness.process({ clock });
    const answer = await call("create_project", project(harness));
    expect(answer).toMatchObject({ status: "ok", outcome: "created" });
    expect(exchanged.filter(({ method }) => method === "POST")).toHaveLength(2);
    expect((await harness.state()).projects).toHaveLength(1);
  });

  it("is not_created where Atlas stays out of reach", async () => {
    const harness = await open(1);
    harness.proxy.script({ method: "GET", path: /\/orgs\//, fault: "then_gone", on: 1 });
    const { call } = harness.process();
    const answer = await call("create_project", project(harness));
    expect(answer.error).toMatchObject({ code: "unavailable", outcome: "not_created" });
    expect(await countOf(harness, "createGroup")).toBe(0);
    await harness.proxy.listen();
  });
});
