import { describe, expect, it, onTestFinished } from "vitest";
import { ensureCluster, ensureEntry, ensureUser, type How } from "../operations/creating.ts";
import { removeCluster, removeProject } from "../operations/deleting.ts";
import { until } from "../support/until.ts";
import { toldBy } from "./ending.ts";
import type { Provision } from "./provision.ts";
import { aws, openStage, type Stage } from "./stage.ts";

const open = async () => {
  const stage = await openStage();
  onTestFinished(() => stage.close());
  return { stage, groupId: await stage.makeProject("shop") };
};

const countOf = async (stage: Stage, operation: string) =>
  (await stage.state()).requests.filter((one) => one.operation === operation).length;

/** Changes take 5 s to arrive, so that all that look have looked before. */
const hold = (stage: Stage, method: "POST" | "DELETE") =>
  stage.proxy.script({ method, path: /./, fault: "held:5000", on: "always" });

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
      const { stage, groupId } = await open();
      hold(stage, "POST");
      const one = stage.process();
      const answers = await Promise.all(times(16, () => create(one, groupId)));
      expect(answers).toEqual(times(16, () => answers[0]));
      expect(answers[0]?.outcome).toBe("created");
      expect(await countOf(stage, operation)).toBe(1);
    });

    it("share the fate of a lost answer too", async () => {
      const { stage, groupId } = await open();
      await stage.script(operation, "commit_then_hang");
      const one = stage.process();
      const answers = await Promise.all(times(4, () => create(one, groupId)));
      expect(answers).toEqual(times(4, () => answers[0]));
      expect(answers[0]).toMatchObject({ outcome: "created", reconciled: true });
      expect(await countOf(stage, operation)).toBe(1);
    });

    it("in two processes end in one", async () => {
      const { stage, groupId } = await open();
      hold(stage, "POST");
      const told = await Promise.all(
        times(2, () => toldBy(create(stage.process(), groupId, { ifExists: "return" }))),
      );
      const { users, accessList } = await stage.state();
      expect([...users, ...accessList]).toHaveLength(1);
      for (const { outcome } of told) expect(["created", "existing"]).toContain(outcome);
      expect(told.map(({ outcome }) => outcome)).toContain("created");
    });

    it("never repeat a post for a caller who has gone", async () => {
      const { stage, groupId } = await open();
      await stage.script(operation, "hang");
      const caller = new AbortController();
      const told = toldBy(create(stage.process(), groupId, { caller: caller.signal }));
      await until(async () => (await countOf(stage, operation)) > 0, `${operation} arrives`);
      caller.abort();
      expect(await told).toMatchObject({ code: "outcome_unknown", outcome: "unknown" });
      expect(await countOf(stage, operation)).toBe(1);
    });
  },
);

describe("deletes of one cluster at once", () => {
  it("share one flight in one process", async () => {
    const { stage, groupId } = await open();
    await stage.makeCluster(groupId, "c-0");
    hold(stage, "DELETE");
    const one = stage.process();
    const answers = await Promise.all(times(8, () => removeCluster(one, groupId, "c-0")));
    expect(answers).toEqual(times(8, () => ({ outcome: "deleted", gone: true })));
    expect(await countOf(stage, "deleteGroupFlexCluster")).toBe(1);
  });

  it("in two processes both end in the truth", async () => {
    const { stage, groupId } = await open();
    await stage.makeCluster(groupId, "c-0");
    hold(stage, "DELETE");
    const told = await Promise.all(
      times(2, () => toldBy(removeCluster(stage.process(), groupId, "c-0"))),
    );
    expect((await stage.state()).clusters).toEqual([]);
    expect(told.map(({ outcome }) => outcome)).toContain("deleted");
    for (const { outcome } of told) expect(["deleted", "absent"]).toContain(outcome);
  });

  it("and a create of its name in another process leave the new one alone", async () => {
    const { stage, groupId } = await open();
    await stage.makeCluster(groupId, "c-0");
    const other = stage.process();
    const body = { name: "c-0", providerSettings: { ...aws, backingProviderName: "AWS" as const } };
    const between = async () => {
      await removeCluster(other, groupId, "c-0");
      await ensureCluster(other, groupId, body);
    };
    const told = await toldBy(removeCluster(stage.process(), groupId, "c-0", { between }));
    expect(told).toMatchObject({ code: "conflict", outcome: "not_deleted" });
    expect((await stage.state()).clusters).toMatchObject([{ name: "c-0" }]);
    expect(await countOf(stage, "deleteGroupFlexCluster")).toBe(1);
  });

  it("are answered within their own deadline while another one is under way", async () => {
    const { stage, groupId } = await open();
    await stage.makeCluster(groupId, "c-0");
    await stage.script("deleteGroupFlexCluster", "hang", 9);
    const one = stage.process();
    const first = toldBy(removeCluster(one, groupId, "c-0"));
    await until(async () => (await countOf(stage, "deleteGroupFlexCluster")) > 0, "the first one");
    const second = await toldBy(removeCluster(one, groupId, "c-0", { deadlineMs: 2000 }));
    expect(second).toMatchObject({ code: "outcome_unknown", retry: "same_arguments" });
    expect(await first).toMatchObject({ code: "outcome_unknown" });
    expect(await countOf(stage, "deleteGroupFlexCluster")).toBe(2);
  });
});

describe("the way back", () => {
  it("goes from a working connection to nothing, in spite of lost answers", async () => {
    const { stage, groupId } = await open();
    const one = stage.process();
    await ensureUser(one, groupId, user);
    await ensureEntry(one, groupId, entry);
    await stage.makeCluster(groupId, "c-0");
    await stage.script("deleteGroupFlexCluster", "commit_then_reset");
    await stage.script("deleteGroup", "commit_then_hang");
    const blocked = await toldBy(removeProject(one, groupId, "shop"));
    expect(blocked).toMatchObject({ code: "conflict", outcome: "not_deleted" });
    expect((await removeCluster(one, groupId, "c-0")).outcome).toBe("deleted");
    expect((await removeProject(one, groupId, "shop")).outcome).toBe("deleted");
    expect(await stage.state()).toMatchObject({
      projects: [],
      clusters: [],
      users: [],
      accessList: [],
    });
    expect(await removeProject(one, groupId, "shop")).toEqual({ outcome: "absent" });
  });
});
