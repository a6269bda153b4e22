import { describe, expect, it } from "vitest";
import { deleteResource } from "../../src/operations/delete.ts";
import { flexClusterDeleteSpec } from "../../src/operations/flex-cluster-delete.ts";
import { benchFor, failureOf, groupId, openFakeAtlas } from "../support/atlas.ts";
import { json } from "../support/fake-atlas.ts";

/** A state, the status of an error, or a code of a 404; `other` is a cluster of the name with another id. */
type Poll = string | number;

const id = "5e2211c17a3e5a48f5497de4";

/** A delete of a cluster that is IDLE at first and whose polls then answer these in turn, the last one for ever. */
const removal = async (
  polls: Poll[],
  how: {
    deletes?: (number | "lost")[];
    deadlineMs?: number;
    caller?: AbortController;
    leavesAt?: number;
  } = {},
) => {
  const { deletes = [204], caller, leavesAt = 3, ...limits } = how;
  let looks = -1;
  let sent = 0;
  const fakeAtlas = await openFakeAtlas((seen, response) => {
    if (!seen.path.startsWith("/api/atlas/")) return undefined;
    if (seen.method === "DELETE") {
      const answer = deletes[Math.min(sent, deletes.length - 1)];
      sent += 1;
      if (answer === "lost") response.destroy();
      else if (answer === 404) json(response, 404, { error: 404, errorCode: "CLUSTER_NOT_FOUND" });
      else json(response, answer ?? 204, "");
      return true;
    }
    const poll = looks < 0 ? "IDLE" : polls[Math.min(looks, polls.length - 1)];
    looks += 1;
    if (looks === leavesAt) caller?.abort();
    if (typeof poll === "number") return json(response, poll, { error: poll });
    if (poll?.endsWith("_NOT_FOUND")) return json(response, 404, { error: 404, errorCode: poll });
    if (poll === "other") return json(response, 200, { id: groupId, name: "c-0" });
    return json(response, 200, { id, name: "c-0", stateName: poll });
  });
  const bench = benchFor(fakeAtlas.url);
  const work = bench.work({ ...limits, ...(caller ? { caller: caller.signal } : {}) });
  const startedAt = bench.clock.now();
  return {
    removed: deleteResource(flexClusterDeleteSpec(work, groupId, "c-0", id).spec, work),
    deletes: () => sent,
    looks: () => looks,
    seconds: () => (bench.clock.now() - startedAt) / 1000,
    told: bench.told,
  };
};

describe("the wait for a delete", () => {
  it.each<[what: string, polls: Poll[]]>([
    ["it is not found any more", ["DELETING", "DELETING", "CLUSTER_NOT_FOUND"]],
    ["its project is not there either", ["DELETING", "GROUP_NOT_FOUND"]],
    ["another one has its name", ["DELETING", "other"]],
    ["looks that failed are over", [500, 503, 429, "DELETING", 403, "CLUSTER_NOT_FOUND"]],
    ["Atlas has stopped flickering", ["CREATING", "IDLE", "DELETING", "CLUSTER_NOT_FOUND"]],
  ])("ends when %s", async (_what, polls) => {
    const { removed, deletes } = await removal(polls);
    expect(await removed).toEqual({ outcome: "deleted", gone: true });
    expect(deletes()).toBe(1);
  });

  it("ends with the last known state when time is over, and claims nothing", async () => {
    const { removed, seconds, looks } = await removal(["DELETING"], { deadlineMs: 30_000 });
    expect(await removed).toMatchObject({
      outcome: "accepted",
      gone: false,
      stateName: "DELETING",
      last: { id },
    });
    expect(seconds()).toBeLessThan(30);
    expect(looks()).toBeGreaterThan(6);
    expect(looks()).toBeLessThan(14);
  });

  it("says no state where none could be seen", async () => {
    const { removed } = await removal([500]);
    expect(await removed).toEqual({ outcome: "accepted", gone: false });
  });

  it("asks once more when nothing moves, and not a third time", async () => {
    const { removed, deletes } = await removal(["IDLE"]);
    expect(await removed).toMatchObject({ gone: false, stateName: "IDLE" });
    expect(deletes()).toBe(2);
  });

  it("does not ask again once it has been seen going", async () => {
    const { removed, deletes } = await removal(["DELETING", "IDLE"]);
    expect(await removed).toMatchObject({ gone: false, stateName: "IDLE" });
    expect(deletes()).toBe(1);
  });

  it("ends when the caller has gone, and asks for nothing more", async () => {
    const { removed, deletes, seconds } = await removal(["IDLE"], {
      caller: new AbortController(),
    });
    expect(await removed).toMatchObject({ outcome: "accepted", gone: false });
    expect(deletes()).toBe(1);
    expect(seconds()).toBeLessThan(10);
  });

  it("tells its caller the state before each look", async () => {
    const { removed, told } = await removal(["DELETING", "CLUSTER_NOT_FOUND"]);
    await removed;
    expect(told).toHaveLength(2);
    expect(told[1]).toContain("DELETING");
  });
});

describe("a delete whose caller leaves", () => {
  it("during the look before it is not sent", async () => {
    const how = { caller: new AbortController(), leavesAt: 0 };
    const { removed, deletes } = await removal(["IDLE"], how);
    expect(await failureOf(removed)).toMatchObject({ outcome: "not_deleted" });
    expect(deletes()).toBe(0);
  });
});

describe("a delete whose answer was lost", () => {
  it("and that cannot be looked for has an unknown outcome, and is not sent again", async () => {
    const { removed, deletes } = await removal([500], { deletes: ["lost"] });
    const failure = await failureOf(removed);
    expect(failure).toMatchObject({
      code: "outcome_unknown",
      outcome: "unknown",
      retry: "same_arguments",
      suggestions: [
        { suggest: "look_up_cluster", with: { groupId, name: "c-0" } },
        { suggest: "repeat" },
      ],
    });
    expect(failure.message).toContain("could not look it up");
    expect(deletes()).toBe(1);
  });

  it("is not sent to another one that has the name by now", async () => {
    const { removed, deletes } = await removal(["other"], { deletes: ["lost"] });
    expect(await removed).toEqual({ outcome: "deleted", gone: true, reconciled: true });
    expect(deletes()).toBe(1);
  });

  it("has done its work where Atlas knows nothing of it at the second one", async () => {
    // Seen before both requests and after the first one.
    const polls = [...Array(7).fill("IDLE"), "CLUSTER_NOT_FOUND"];
    const { removed, deletes } = await removal(polls, { deletes: ["lost", 404] });
    expect(await removed).toEqual({ outcome: "deleted", gone: true, reconciled: true });
    expect(deletes()).toBe(2);
  });

  it("ends within the deadline", async () => {
    const how = { deletes: ["lost" as const], deadlineMs: 12_000 };
    const { removed, seconds } = await removal(["IDLE"], how);
    expect((await failureOf(removed)).code).toBe("outcome_unknown");
    expect(seconds()).toBeLessThanOrEqual(12);
  });
});
