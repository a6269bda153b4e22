import { describe, expect, it, onTestFinished } from "vitest";
import { ensureCluster, ensureEntry, ensureUser, type How } from "../operations/creating.ts";
import { removeCluster, removeProject } from "../operations/deleting.ts";
import { until } from "../support/until.ts";
import { toldBy } from "./ending.ts";
import { aws, type Harness, openHarness } from "./harness.ts";
import type { Provision } from "./provision.ts";

const open = async () => {
  const harness = await openHarness();
  onTestFinished(() => harness.close());
  return { harness, groupId: await harness.makeProject("shop") };
};

const countOf = async (harness: Harness, operation: string) =>
  (await harness.state()).requests.filter((one) => one.operation === operation).length;

/** Changes take 5 s to arrive, so that all that look have looked before. */
const hold = (harness: Harness, method: "POST" | "DELETE") =>
  harness.proxy.script({ method, path: /./, fault: "held:5000", on: "always" });

const readWrite = { roleName: "readWriteAnyDatabase", databaseName: "admin" };
const user = { username: "app", databaseName: "admin" as const, roles: [readWrite] };
const entry = { ipAddress: "203.0.113.7" };

const kinds = {
  "database user": {
    operation: "createGroupDatabaseUser",
    create: (one: Provision, groupId: string, how: How = {}) => ensureUser(one, groupId, user, how),
  },
  "access list entry": {
    operation: "createGroupAccessListEntry",
    create: (one: Provision, groupId: string, how: How = {}) =>
      ensureEntry(one, groupId, entry, how),
  },
};

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

describe.each(Object.entries(kinds))(
  "creates of one %s at once",
  (_kind, { operation, create }) => {
    it("share one flight in one process: one post and 16 equal answers", async () => {
      const { harness, groupId } = await open();
      hold(harness, "POST");
      const one = harness.process();
      const answers = await Promise.all(times(16, () => create(one, groupId)));
      expect(answers).toEqual(times(16, () => answers[0]));
      expect(answers[0]?.outcome).toBe("created");
      expect(await countOf(harness, operation)).toBe(1);
    });

    it("share the fate of a lost answer too", async () => {
      const { harness, groupId } = await open();
      await harness.script(operation, "commit_then_hang");
      const one = harness.process();
      const answers = await Promise.all(times(4, () => create(one, groupId)));
      expect(answers).toEqual(times(4, () => answers[0]));
      expect(answers[0]).toMatchObject({ outcome: "created", reconciled: true });
      expect(await countOf(harness, operation)).toBe(1);
    });

    it("in two processes end in one", async () => {
      const { harness, groupId } = await open();
      hold(harness, "POST");
      const told = await Promise.all(
        times(2, () => toldBy(create(harness.process(), groupId, { ifExists: "return" }))),
      );
      const { users, accessList } = await harness.state();
      expect([...users, ...accessList]).toHaveLength(1);
      for (const { outcome } of told) expect(["created", "existing"]).toContain(outcome);
      expect(told.map(({ outcome }) => outcome)).toContain("created");
    });

    it("never repeat a post for a caller who has gone", async () => {
      const { harness, groupId } = await open();
      await harness.script(operation, "hang");
      const caller = new AbortController();
      const told = toldBy(create(harness.process(), groupId, { caller: caller.signal }));
      await until(async () => (await countOf(harness, operation)) > 0, `${operation} arrives`);
      caller.abort();
      expect(await told).toMatchObject({ code: "outcome_unknown", outcome: "unknown" });
      expect(await countOf(harness, operation)).toBe(1);
    });
  },
);

describe("deletes of one cluster at once", () => {
  it("share one flight in one process", async () => {
    const { harness, groupId } = await open();
    await harness.makeCluster(groupId, "c-0");
    hold(harness, "DELETE");
    const one = harness.process();
    const answers = await Promise.all(times(8, () => removeCluster(one, groupId, "c-0")));
    expect(answers).toEqual(times(8, () => ({ outcome: "deleted", gone: true })));
    expect(await countOf(harness, "deleteGroupFlexCluster")).toBe(1);
  });

  it("in two processes both end in the truth", async () => {
    const { harness, groupId } = await open();
    await harness.makeCluster(groupId, "c-0");
    hold(harness, "DELETE");
    const told = await Promise.all(
      times(2, () => toldBy(removeCluster(harness.process(), groupId, "c-0"))),
    );
    expect((await harness.state()).clusters).toEqual([]);
    expect(told.map(({ outcome }) => outcome)).toContain("deleted");
    for (const { outcome } of told) expect(["deleted", "absent"]).toContain(outcome);
  });

  it("and a create of its name in another process leave the new one alone", async () => {
    const { harness, groupId } = await open();
    await harness.makeCluster(groupId, "c-0");
    const other = harness.process();
    const body = { name: "c-0", providerSettings: { ...aws, backingProviderName: "AWS" as const } };
    const between = async () => {
      await removeCluster(other, groupId, "c-0");
      await ensureCluster(other, groupId, body);
    };
    const told = await toldBy(removeCluster(harness.process(), groupId, "c-0", { between }));
    expect(told).toMatchObject({ code: "conflict", outcome: "not_deleted" });
    expect((await harness.state()).clusters).toMatchObject([{ name: "c-0" }]);
    expect(await countOf(harness, "deleteGroupFlexCluster")).toBe(1);
  });

  it("are answered within their own deadline while another one is under way", async () => {
    const { harness, groupId } = await open();
    await harness.makeCluster(groupId, "c-0");
    await harness.script("deleteGroupFlexCluster", "hang", 9);
    const one = harness.process();
    const first = toldBy(removeCluster(one, groupId, "c-0"));
    await until(
      async () => (await countOf(harness, "deleteGroupFlexCluster")) > 0,
      "the first one",
    );
    const second = await toldBy(removeCluster(one, groupId, "c-0", { deadlineMs: 2000 }));
    expect(second).toMatchObject({ code: "outcome_unknown", retry: "same_arguments" });
    expect(await first).toMatchObject({ code: "outcome_unknown" });
    expect(await countOf(harness, "deleteGroupFlexCluster")).toBe(2);
  });
});

describe("the way back", () => {
  it("goes from a working connection to nothing, in spite of lost answers", async () => {
    const { harness, groupId } = await open();
    const one = harness.process();
    await ensureUser(one, groupId, user);
    await ensureEntry(one, groupId, entry);
    await harness.makeCluster(groupId, "c-0");
    await harness.script("deleteGroupFlexCluster", "commit_then_reset");
    await harness.script("deleteGroup", "commit_then_hang");
    const blocked = await toldBy(removeProject(one, groupId, "shop"));
    expect(blocked).toMatchObject({ code: "conflict", outcome: "not_deleted" });
    expect((await removeCluster(one, groupId, "c-0")).outcome).toBe("deleted");
    expect((await removeProject(one, groupId, "shop")).outcome).toBe("deleted");
    expect(await harness.state()).toMatchObject({
      projects: [],
      clusters: [],
      users: [],
      accessList: [],
    });
    expect(await removeProject(one, groupId, "shop")).toEqual({ outcome: "absent" });
  });
});
