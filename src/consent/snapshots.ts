/** What a question says of the snapshots of a cluster that is to be deleted. */
import type { AtlasClient } from "../atlas/client.ts";
import { listGroupFlexClusterBackupSnapshots } from "../atlas/requests.ts";
import type { FlexSnapshot } from "../atlas/resources/flex-cluster.ts";
import { inSeconds } from "../atlas/resources/lease.ts";
import { briefly, type Deadline } from "../common/deadline.ts";
import { failureOf } from "../common/failure.ts";
import type { Change } from "../tools/define.ts";

const unread = "Its snapshots could not be read.";

/** The time of the start if it is known, because what was written later may not be in the snapshot. */
const timeOf = ({ startTime, finishTime }: FlexSnapshot): number[] =>
  [startTime, finishTime]
    .map((time) => Date.parse(time ?? ""))
    .filter((time) => !Number.isNaN(time))
    .slice(0, 1);

const sentenceOf = (snapshots: readonly FlexSnapshot[]): string => {
  if (snapshots.length === 0) return "It has no snapshot.";
  const finished = snapshots.filter(({ status }) => status === "COMPLETED");
  if (finished.length === 0) return "It has no finished snapshot.";
  const times = finished.flatMap(timeOf);
  // Without a time, it could be the newest.
  if (times.length < finished.length) return unread;
  return `Its newest snapshot is of ${inSeconds(Math.max(...times))}.`;
};

/** One sentence if the change deletes a cluster, otherwise none. What Atlas does with snapshots then is not documented. */
export const aboutSnapshots = async (
  { kind, effect, groupId, name }: Change,
  { atlas, deadline }: { atlas: AtlasClient; deadline: Deadline },
): Promise<string[]> => {
  if (kind !== "flexCluster" || effect !== "delete" || groupId === undefined) return [];
  const found = await atlas
    .readAll((page) => listGroupFlexClusterBackupSnapshots(groupId, name, page), briefly(deadline))
    .catch(failureOf);
  return ["code" in found ? unread : sentenceOf(found)];
};
