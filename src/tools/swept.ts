/**
 * The deletes of `atlas-provision-mcp sweep`. No caller is offered them: they go the way of every change, so that bounds
 * hold and the audit has them. Each looks again, when it is planned and just before it is sent.
 */
import * as z from "zod/v4";
import { objectId } from "../atlas/resources/fields.ts";
import type { FlexCluster } from "../atlas/resources/flex-cluster.ts";
import { clusterName } from "../atlas/resources/flex-cluster.ts";
import type { Project } from "../atlas/resources/project.ts";
import { type Failure, failure } from "../common/failure.ts";
import { atlasTime } from "../operations/atlas-time.ts";
import { deleteResource } from "../operations/delete.ts";
import type { DeleteResult, DeleteTarget } from "../operations/delete-spec.ts";
import { notDeleted } from "../operations/delete-target.ts";
import { flexClusterDeleteSpec, planClusterDelete } from "../operations/flex-cluster-delete.ts";
import { planProjectDelete, projectDeleteSpec } from "../operations/project-delete.ts";
import { judgeCluster, judgeProject } from "../operations/sweep-verdicts.ts";
import { groupId } from "./arguments.ts";
import { type ChangeTool, defineChange, type ToolContext } from "./define.ts";
import type { Body } from "./result.ts";

const conflict = (why: string): Failure =>
  failure("conflict", `${why} Nothing was sent.`, { outcome: "not_deleted" });

type Swept = { sweepAfter?: string | undefined };
type Judge<T> = (resource: T, now: number) => { verdict: string; reason?: string };

/** Why a resource may not be swept as it is now; undefined if it may. */
const objectionOf =
  <T extends Swept>(context: ToolContext, judge: Judge<T>) =>
  (now: T): Failure | undefined => {
    const time = atlasTime(context);
    if (typeof time !== "number") return time;
    const { verdict, reason } = judge(now, time);
    if (verdict === "due") return undefined;
    if (verdict === "later") return conflict(`Its lease has become longer: ${now.sweepAfter}.`);
    return conflict(reason ?? "Its lease is gone.");
  };

/** Throws unless the resource is still the one of the survey, and may be swept. */
const checkTarget = <T extends Swept>(
  target: DeleteTarget<T>,
  id: string,
  objection: (now: T) => Failure | undefined,
): void => {
  if ("absent" in target) return;
  if (target.id !== id) notDeleted(conflict("Another one has its name by now."));
  const failed = objection(target.resource);
  if (failed !== undefined) notDeleted(failed);
};

/** The body of a delete that is not waited for: what Atlas has accepted may go on for minutes. */
const sentBody = <T>(deleted: DeleteResult<T>): Body => ({
  outcome: deleted.outcome === "accepted" ? "deleting" : deleted.outcome,
  ...("reconciled" in deleted && deleted.reconciled ? { reconciled: true } : {}),
});

const described = {
  name: "sweep",
  title: "Sweep",
  description: "Deletes what carries a lease that is over.",
  access: "delete",
  output: ["reconciled", "receipt"],
  always: [],
} as const;

const id = objectId("Id of the resource");

/** Deletes a flex cluster whose lease is over. Does not wait until it is gone. */
export const sweptFlexCluster: ChangeTool = defineChange({
  ...described,
  kind: "flexCluster",
  input: z.strictObject({ groupId, name: clusterName, id }),
  change: ({ groupId, name }) => ({ name, groupId, details: {} }),
  plan: async ({ groupId, name, id }, context) => {
    const objection = objectionOf<FlexCluster>(context, judgeCluster);
    const target = await planClusterDelete(context, groupId, name);
    const { spec, request } = flexClusterDeleteSpec(context, groupId, name, id);
    if ("absent" in target) return { request, done: { outcome: "absent" } };
    const isGoing = target.id === id && target.resource.stateName === "DELETING";
    if (isGoing) return { request, done: { outcome: "deleting" } };
    checkTarget(target, id, objection);
    return { request, id, pending: { ...spec, objection, waitMs: 0 } };
  },
  apply: async (spec, _input, context) => sentBody(await deleteResource(spec, context)),
});

// Atlas deletes a project at once, but its reads lag behind.
const projectWaitMs = 5000;

/** Deletes a project whose lease is over and that has no cluster. */
export const sweptProject: ChangeTool = defineChange({
  ...described,
  kind: "project",
  input: z.strictObject({ groupId, name: z.string().min(1), id }),
  change: ({ groupId, name }) => ({ name, groupId, details: {} }),
  plan: async ({ groupId, name, id }, context) => {
    // The plan has seen that there are no flex clusters.
    const judge: Judge<Project> = (project, now) => judgeProject({ project, clusters: [] }, now);
    const objection = objectionOf(context, judge);
    const target = await planProjectDelete(context, groupId, name);
    const { spec, request } = projectDeleteSpec(context, groupId, name, id);
    if ("absent" in target) return { request, done: { outcome: "absent" } };
    checkTarget(target, id, objection);
    return { request, id, pending: { ...spec, objection, waitMs: projectWaitMs } };
  },
  apply: async (spec, _input, context) => sentBody(await deleteResource(spec, context)),
});
