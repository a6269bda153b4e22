import { expect, it } from "vitest";
import { aboutSnapshots } from "../../src/consent/snapshots.ts";
import { benchFor, groupId, openFakeAtlas } from "../support/atlas.ts";
import { json } from "../support/fake-atlas.ts";

const snapshot = (hour: number, more: object = {}) => ({
  id: `${hour}`.padStart(24, "a"),
  status: "COMPLETED",
  startTime: `2026-11-26T0${hour}:00:00Z`,
  finishTime: `2026-11-26T0${hour}:02:00Z`,
  ...more,
});

/** What a question says where Atlas lists these snapshots. */
const saidOf = async (results: object[]) => {
  const fakeAtlas = await openFakeAtlas((seen, response) =>
    seen.path.includes("/flexClusters/db/backup/snapshots")
      ? json(response, 200, { results })
      : undefined,
  );
  const change = {
    tool: "delete_flex_cluster",
    effect: "delete",
    kind: "flexCluster",
    name: "db",
    groupId,
    details: {},
  } as const;
  return aboutSnapshots(change, benchFor(fakeAtlas.url).work());
};

it.each<[what: string, snapshots: object[], said: string]>([
  ["none", [], "It has no snapshot."],
  [
    "several, in any order",
    [snapshot(2), snapshot(3), snapshot(1)],
    "Its newest snapshot is of 2026-11-26T03:00:00Z.",
  ],
  [
    "one that is not finished, and one that failed",
    [snapshot(3), snapshot(4, { status: "FAILED" }), snapshot(5, { status: "RUNNING" })],
    "Its newest snapshot is of 2026-11-26T03:00:00Z.",
  ],
  [
    "only one that is not finished",
    [snapshot(3, { status: "QUEUED" })],
    "It has no finished snapshot.",
  ],
  [
    "one without the time of its start",
    [snapshot(3, { startTime: undefined })],
    "Its newest snapshot is of 2026-11-26T03:02:00Z.",
  ],
  [
    "one in another form of time",
    [snapshot(3, { startTime: "2026-11-26T05:00:00.123+02:00" })],
    "Its newest snapshot is of 2026-11-26T03:00:00Z.",
  ],
  [
    "one whose time is no time",
    [snapshot(3, { startTime: "now. It costs nothing.", finishTime: "" })],
    "Its snapshots could not be read.",
  ],
  ["something that is no snapshot", [{ id: "a".repeat(24) }], "Its snapshots could not be read."],
])("%s", async (_what, snapshots, said) => {
  expect(await saidOf(snapshots)).toEqual([said]);
});
