import { describe, expect, it } from "vitest";
import { flexClusterAnswer } from "../../src/atlas/resources/flex-cluster.ts";
import { leaseKey, leaseTag } from "../../src/atlas/resources/lease.ts";
import { projectAnswer } from "../../src/atlas/resources/project.ts";
import { failure } from "../../src/common/failure.ts";
import type { Surveyed } from "../../src/operations/leased.ts";
import { judgeAll } from "../../src/operations/sweep-verdicts.ts";

const now = Date.parse("2026-11-27T12:00:00Z");
const over = "2026-11-27T12:00:00Z";
const later = "2026-11-27T12:00:01Z";
const groupId = "5e2211c17a3e5a48f5497de3";
const orgId = "32b6e34b3d91647abb20e7b8";

const projectTag = (sweepAfter: string, name = "shop") =>
  leaseTag({ kind: "project", parentId: orgId, name }, sweepAfter);
const clusterTag = (sweepAfter: string, name = "orders") =>
  leaseTag({ kind: "flexCluster", parentId: groupId, name }, sweepAfter);
const raw = (value: string) => ({ key: leaseKey, value });

/** A cluster as Atlas shows it. */
const cluster = (tags: object[], more: object = {}) =>
  flexClusterAnswer.parse({
    id: "6b0000000000000000000001",
    groupId,
    name: "orders",
    stateName: "IDLE",
    terminationProtectionEnabled: false,
    tags,
    ...more,
  });

const project = (tags: object[], more: object = {}) =>
  projectAnswer.parse({ id: groupId, orgId, name: "shop", clusterCount: 0, tags, ...more });

const inProject = (
  tags: object[],
  clusters: ReturnType<typeof cluster>[] = [],
  more: object = {},
): Surveyed => ({
  project: project(tags, { clusterCount: clusters.length, ...more }),
  clusters,
});

const judge = (surveyed: Surveyed, fixed?: string) => judgeAll([surveyed], now, fixed);

const inWords = (surveyed: Surveyed, fixed?: string) =>
  judge(surveyed, fixed).map((one) => {
    const { kind, verdict } = one;
    return [kind, verdict, ...("code" in one ? [one.code] : [])].join(" ");
  });

describe("a cluster", () => {
  const words = (tags: object[], more: object = {}) =>
    inWords(inProject([], [cluster(tags, more)]));

  it.each<[string, object[], object, string[]]>([
    ["whose lease is over", [clusterTag(over)], {}, ["flexCluster due"]],
    ["whose lease ends in a second", [clusterTag(later)], {}, ["flexCluster later"]],
    ["without tags", [], {}, []],
    ["with other tags", [{ key: "team", value: "shop" }], {}, []],
    ["with a copied tag", [clusterTag(over, "carts")], {}, ["flexCluster left copied_tag"]],
    ["with the tag of its project", [projectTag(over)], {}, ["flexCluster left copied_tag"]],
    ["with a date alone", [raw("20200101T000000Z")], {}, ["flexCluster left unreadable_tag"]],
    ["with a word as its tag", [raw("never")], {}, ["flexCluster left unreadable_tag"]],
    [
      "with two tags",
      [clusterTag(over), clusterTag(later)],
      {},
      ["flexCluster left unreadable_tag"],
    ],
    [
      "with a day that no calendar has",
      [{ ...clusterTag(over), value: clusterTag(over).value.replace("20261127", "20260230") }],
      {},
      ["flexCluster left unreadable_tag"],
    ],
    [
      "that is protected",
      [clusterTag(over)],
      { terminationProtectionEnabled: true },
      ["flexCluster left protected"],
    ],
    [
      "that is protected, with a lease that is not over",
      [clusterTag(later)],
      { terminationProtectionEnabled: true },
      ["flexCluster later"],
    ],
    [
      "that is being deleted",
      [clusterTag(over)],
      { stateName: "DELETING" },
      ["flexCluster going being_deleted"],
    ],
    ["that is being deleted, without a lease", [], { stateName: "DELETING" }, []],
    ["that is CREATING", [clusterTag(over)], { stateName: "CREATING" }, ["flexCluster due"]],
    ["that is UPDATING", [clusterTag(over)], { stateName: "UPDATING" }, ["flexCluster due"]],
    ["that was renamed", [clusterTag(over)], { name: "other" }, ["flexCluster left copied_tag"]],
  ])("%s", (_what, tags, more, expected) => {
    expect(words(tags, more)).toEqual(expected);
  });

  it("has its date, whether that is over, and its project", () => {
    expect(judge(inProject([], [cluster([clusterTag(later)])]))).toEqual([
      {
        kind: "flexCluster",
        id: "6b0000000000000000000001",
        groupId,
        name: "orders",
        projectName: "shop",
        sweepAfter: later,
        over: false,
        verdict: "later",
      },
    ]);
  });
});

describe("a project", () => {
  it.each<[string, object[], object, string[]]>([
    ["that is over and empty", [projectTag(over)], {}, ["project due"]],
    ["whose lease is not over", [projectTag(later)], {}, ["project later"]],
    ["without a lease", [], {}, []],
    ["with a copied tag", [projectTag(over, "other")], {}, ["project left copied_tag"]],
    ["with a broken tag", [raw("")], {}, ["project left unreadable_tag"]],
    [
      "that has other clusters",
      [projectTag(over)],
      { clusterCount: 2 },
      ["project left other_clusters"],
    ],
    [
      "whose clusters are not counted",
      [projectTag(over)],
      { clusterCount: undefined },
      ["project left other_clusters"],
    ],
    [
      "that moved to another organization",
      [projectTag(over)],
      { orgId: "32b6e34b3d91647abb20e7b9" },
      ["project left copied_tag"],
    ],
  ])("%s", (_what, tags, more, expected) => {
    expect(inWords(inProject(tags, [], more))).toEqual(expected);
  });

  const due = cluster([clusterTag(over)]);
  it.each<[string, object[], string[], RegExp]>([
    ["due", [due], ["flexCluster due", "project going clusters_first"], /orders" \(IDLE\)/],
    [
      "that is being deleted",
      [cluster([], { stateName: "DELETING" })],
      ["project going being_deleted"],
      /"orders" \(DELETING\)/,
    ],
    ["without a lease", [cluster([])], ["project left not_empty"], /"orders" \(no lease\)/],
    [
      "with a lease that is not over",
      [cluster([clusterTag(later)])],
      ["flexCluster later", "project left not_empty"],
      /"orders" \(wanted until 2026-11-27T12:00:01Z\)/,
    ],
    [
      "with a copied tag",
      [cluster([clusterTag(over, "carts")])],
      ["flexCluster left copied_tag", "project left not_empty"],
      /"orders" \(no good lease\)/,
    ],
    [
      "that is protected",
      [cluster([clusterTag(over)], { terminationProtectionEnabled: true })],
      ["flexCluster left protected", "project left not_empty"],
      /"orders" \(protected\)/,
    ],
    [
      "due, and one without a lease",
      [due, cluster([], { id: "6b0000000000000000000002", name: "own" })],
      ["flexCluster due", "project left not_empty"],
      /It has "own" \(no lease\)\./,
    ],
  ])("that is over and has a cluster %s", (_what, clusters, expected, reason) => {
    const surveyed = inProject([projectTag(over)], clusters as ReturnType<typeof cluster>[]);
    expect(inWords(surveyed)).toEqual(expected);
    expect(judge(surveyed).at(-1)).toMatchObject({ reason: expect.stringMatching(reason) });
  });

  it("that is over and has clusters of two kinds", () => {
    const surveyed = inProject([projectTag(over)], [due], { clusterCount: 3 });
    expect(inWords(surveyed)).toEqual(["flexCluster due", "project left other_clusters"]);
  });

  it("names at most three of its clusters", () => {
    const many = Array.from({ length: 9 }, (_, at) => cluster([], { name: `c-${at}` }));
    expect(judge(inProject([projectTag(over)], many))).toMatchObject([
      { reason: 'It has "c-0" (no lease), "c-1" (no lease), "c-2" (no lease), 6 more.' },
    ]);
  });

  it.each([
    ["with a lease that is over", [projectTag(over)], true],
    ["with a lease that is not over", [projectTag(later)], false],
    ["without a lease", [], false],
  ])("that cannot be read, %s, is listed with why", (_what, tags, isOver) => {
    const failed = failure("forbidden", "Not allowed.");
    expect(judge({ ...inProject(tags), failed })).toMatchObject([
      {
        verdict: "left",
        code: "not_readable",
        reason: "It cannot be read: Not allowed.",
        over: isOver,
      },
    ]);
  });

  it("that the settings fix stays, and its clusters go", () => {
    const surveyed = inProject([projectTag(over)], [due]);
    expect(inWords(surveyed, groupId)).toEqual(["flexCluster due", "project left fixed_project"]);
  });
});
