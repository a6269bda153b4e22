import * as z from "zod/v4";
import { flexPrice } from "../atlas/pricing.ts";
import { raise } from "../common/failure.ts";
import { type AllFlexClusters, readAllFlexClusters } from "../operations/all-flex-clusters.ts";
import { readOtherClusters } from "../operations/other-clusters.ts";
import { groupId, orgId, pageNum } from "./arguments.ts";
import { defineRead } from "./define.ts";

const rowsAtOnce = 100;

const mostOthers = 50;

const mostNamed = 5;

const projectsOf = (count: number) => `${count} ${count === 1 ? "project" : "projects"}`;

/** A flex cluster in short. */
const toRow = ({ project, cluster }: AllFlexClusters["clusters"][number]) => ({
  groupId: project.id,
  projectName: project.name,
  name: cluster.name,
  stateName: cluster.stateName,
  provider: cluster.providerSettings?.backingProviderName,
  region: cluster.providerSettings?.regionName,
  ...(cluster.sweepAfter === undefined ? {} : { sweepAfter: cluster.sweepAfter }),
});

const notReadableNote = (all: AllFlexClusters["notReadable"]): string => {
  const named = all
    .slice(0, mostNamed)
    .map(({ project, failed }) => `${project.id} (${failed.code})`);
  const rest = all.length - named.length;
  const shown = [...named, ...(rest > 0 ? [`and ${rest} more`] : [])].join(", ");
  return `At least: ${projectsOf(all.length)} could not be read: ${shown}.`;
};

/** Lists the flex clusters of all projects, with what they cost. */
export const listFlexClusters = defineRead({
  name: "list_flex_clusters",
  title: "List flex clusters",
  description:
    "Lists the flex clusters of all MongoDB Atlas projects with state, region and end (sweepAfter), 100 a page, their monthly cost by list price, and other clusters by name.",
  searchHint: "list all MongoDB Atlas clusters, what they cost a month, when they expire",
  access: "read",
  input: z.strictObject({
    orgId: orgId.optional(),
    groupId: groupId.optional(),
    pageNum: pageNum.optional(),
  }),
  output: ["clusters", "totalCount", "estimatedMonthlyUsd", "notReadable", "otherClusters", "note"],
  always: ["clusters", "totalCount", "estimatedMonthlyUsd"],
  run: async ({ pageNum = 1, ...query }, context) => {
    const all = await readAllFlexClusters(context, query);
    const [unread] = all.notReadable;
    // The credential itself may be refused.
    if (unread !== undefined && all.projects.length === 0) return raise(unread.failed);
    const others = await readOtherClusters(context, all);
    const { from, to } = flexPrice.perMonth;
    const totalCount = all.clusters.length;
    const end = pageNum * rowsAtOnce;
    const notReadable = all.notReadable.length;
    const hidden = others.clusters.length - mostOthers;
    const notes = [
      ...(notReadable > 0 ? [notReadableNote(all.notReadable)] : []),
      ...(others.clusters.length > 0 ? ["The estimate is for flex clusters only."] : []),
      ...(hidden > 0 ? [`${hidden} other clusters are not shown.`] : []),
      ...(others.unread > 0
        ? [`Other clusters of ${projectsOf(others.unread)} could not be read.`]
        : []),
    ];
    return {
      outcome: "found",
      clusters: all.clusters.slice(end - rowsAtOnce, end).map(toRow),
      totalCount,
      estimatedMonthlyUsd: { from: from * totalCount, to: to * totalCount },
      ...(notReadable > 0 ? { notReadable } : {}),
      // Missing where none is known, because an empty list would say that there is none.
      ...(others.clusters.length === 0 && others.unread > 0
        ? {}
        : {
            otherClusters: others.clusters.slice(0, mostOthers).map(({ project, name }) => ({
              groupId: project.id,
              projectName: project.name,
              name,
            })),
          }),
      ...(notes.length === 0 ? {} : { note: notes.join(" ") }),
      suggestions:
        end < totalCount
          ? [{ suggest: "repeat", with: { pageNum: pageNum + 1 }, why: "The next page." }]
          : [],
    };
  },
});
