/** Judges what a survey has found: what `sweep` may delete now, what it leaves, and why. Plain data in, plain data out. */

import type { FlexCluster } from "../atlas/resources/flex-cluster.ts";
import { type Leased, leaseProblem } from "../atlas/resources/lease.ts";
import type { Project } from "../atlas/resources/project.ts";
import type { Surveyed } from "./leased.ts";

/**
 * What is to be done: delete it (`due`), wait for what goes first (`going`), leave it (`left`), or come back when its lease
 * is over (`later`). `none`: it carries nothing of ours.
 */
type Verdict =
  | { verdict: "due" | "later" | "none" }
  | { verdict: "going" | "left"; code: ReasonCode; reason: string };

/** Why something stays; part of the output of `sweep --json`. */
export type ReasonCode =
  | "copied_tag"
  | "unreadable_tag"
  | "protected"
  | "being_deleted"
  | "clusters_first"
  | "not_empty"
  | "other_clusters"
  | "not_readable"
  | "fixed_project"
  | "not_deleted"
  | "stopped";

/** A resource that carries something of ours, or may. */
export type Judged = {
  kind: Leased["kind"];
  id: string;
  groupId: string;
  name: string;
  /** The project of a cluster. */
  projectName?: string;
  sweepAfter?: string;
  /** Whether its lease is over. */
  over: boolean;
} & Exclude<Verdict, { verdict: "none" }>;

const left = (code: ReasonCode, reason: string): Verdict => ({ verdict: "left", code, reason });

const going = (code: ReasonCode, reason: string): Verdict => ({ verdict: "going", code, reason });

const isDeleting = ({ stateName }: FlexCluster): boolean => stateName === "DELETING";

const tagProblems = {
  copied: left(
    "copied_tag",
    "Its tag was written for another resource or name, so it is no lease.",
  ),
  unreadable: left("unreadable_tag", "Its tag is not one of a lease and cannot be read."),
} as const;

/** Whether a lease is over: its date has come. */
const isOver = (sweepAfter: string | undefined, now: number): boolean =>
  sweepAfter !== undefined && Date.parse(sweepAfter) <= now;

/** What the lease alone says; undefined if it is over. */
const byLease = (
  { sweepAfter, tags = [] }: Project | FlexCluster,
  leased: Leased,
  now: number,
): Verdict | undefined => {
  if (isOver(sweepAfter, now)) return undefined;
  if (sweepAfter !== undefined) return { verdict: "later" };
  const problem = leaseProblem(tags, leased);
  return problem === undefined ? { verdict: "none" } : tagProblems[problem];
};

/** Judges a cluster as it was read. */
export const judgeCluster = (cluster: FlexCluster, now: number): Verdict => {
  const { groupId, name, sweepAfter, terminationProtectionEnabled } = cluster;
  if (isDeleting(cluster) && sweepAfter !== undefined)
    return going("being_deleted", "It is being deleted.");
  const lease = byLease(cluster, { kind: "flexCluster", parentId: groupId, name }, now);
  if (lease !== undefined) return lease;
  return terminationProtectionEnabled === true
    ? left("protected", "Termination protection is on; switch it off in Atlas.")
    : { verdict: "due" };
};

const whyItStays = (cluster: FlexCluster, now: number): string => {
  const judged = judgeCluster(cluster, now);
  if (judged.verdict === "later") return `wanted until ${cluster.sweepAfter}`;
  if (judged.verdict === "none") return "no lease";
  return "code" in judged && judged.code === "protected" ? "protected" : "no good lease";
};

const mostNamed = 3;

const listOf = (clusters: readonly FlexCluster[], say: (cluster: FlexCluster) => string): string =>
  [
    ...clusters.slice(0, mostNamed).map((one) => `${JSON.stringify(one.name)} (${say(one)})`),
    ...(clusters.length > mostNamed ? [`${clusters.length - mostNamed} more`] : []),
  ].join(", ");

/** What keeps a project whose lease is over; undefined if it is empty. */
const keptBy = (
  { project: { clusterCount }, clusters, failed }: Surveyed,
  now: number,
): Verdict | undefined => {
  if (failed !== undefined) return unreadable(failed.message);
  const others = clusters.filter(
    (cluster) => !isDeleting(cluster) && judgeCluster(cluster, now).verdict !== "due",
  );
  if (others.length > 0)
    return left("not_empty", `It has ${listOf(others, (one) => whyItStays(one, now))}.`);
  if (clusterCount === undefined)
    return left("other_clusters", "Atlas does not say how many clusters it has.");
  const hidden = clusterCount - clusters.length;
  if (hidden > 0)
    return left(
      "other_clusters",
      `It has ${hidden} ${hidden === 1 ? "cluster" : "clusters"} of another kind, or Atlas still counts what is gone.`,
    );
  if (clusters.length === 0) return undefined;
  const states = listOf(clusters, ({ stateName }) => stateName ?? "?");
  return going(
    clusters.some(isDeleting) ? "being_deleted" : "clusters_first",
    `Its clusters go first: ${states}.`,
  );
};

const unreadable = (why: string): Verdict => left("not_readable", `It cannot be read: ${why}`);

/** Judges a project as it was read. `fixed`: the settings fix it, so that no call may delete it. */
export const judgeProject = (surveyed: Surveyed, now: number, fixed = false): Verdict => {
  const { project, failed } = surveyed;
  const { orgId, name } = project;
  const lease = byLease(project, { kind: "project", parentId: orgId, name }, now);
  if (lease === undefined && fixed)
    return left("fixed_project", "The settings fix this project, so only its clusters may go.");
  if (lease === undefined) return keptBy(surveyed, now) ?? { verdict: "due" };
  return failed !== undefined ? unreadable(failed.message) : lease;
};

const leaseOf = ({ sweepAfter }: Project | FlexCluster, now: number) => ({
  ...(sweepAfter === undefined ? {} : { sweepAfter }),
  over: isOver(sweepAfter, now),
});

const judgedIn = (surveyed: Surveyed, now: number, fixed: boolean): Judged[] => {
  const { project, clusters } = surveyed;
  const { id: groupId = "", name: projectName = "" } = project;
  const ofClusters = clusters.flatMap((cluster): Judged[] => {
    const judged = judgeCluster(cluster, now);
    const { id = "", name = "" } = cluster;
    const about = { kind: "flexCluster", id, groupId, name, projectName } as const;
    return judged.verdict === "none" ? [] : [{ ...about, ...leaseOf(cluster, now), ...judged }];
  });
  const own = judgeProject(surveyed, now, fixed);
  const about = { kind: "project", id: groupId, groupId, name: projectName } as const;
  return own.verdict === "none"
    ? ofClusters
    : [...ofClusters, { ...about, ...leaseOf(project, now), ...own }];
};

/** Everything in a survey that carries something of ours, or that could not be read. Clusters come before their project. */
export const judgeAll = (
  survey: readonly Surveyed[],
  now: number,
  fixedProject?: string,
): Judged[] =>
  survey.flatMap((surveyed) => judgedIn(surveyed, now, surveyed.project.id === fixedProject));
