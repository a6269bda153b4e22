/** A project, which Atlas also calls a group: what a create may carry, and what Atlas returns. */
import * as z from "zod/v4";
import {
  checked,
  flag,
  isNoName,
  newName,
  number,
  objectId,
  readTags,
  tagsSchema,
  text,
} from "./fields.ts";
import { readLease } from "./lease.ts";

// Documented with the u flag, so the length counts code points. Atlas takes spaces too, which the documented pattern has not (docs/atlas.md#names).
const projectNamePattern = /^[\p{L}\p{N}\-_.(),:&@+' ]{1,64}$/u;

const projectNameProblem = (name: string): string | undefined =>
  projectNamePattern.test(name)
    ? undefined
    : "must be 1 to 64 letters, digits, spaces or any of - _ . ( ) , : & @ + '";

/** The name with a space or a hyphen for other marks between words, without what Atlas does not take, at most 64 long. */
const mendProjectName = (name: string): string | undefined => {
  if (isNoName(name)) return undefined;
  const kept = name
    .replace(/\s+/g, " ")
    .replace(/[/\\|;~]+/g, "-")
    .replace(/[^\p{L}\p{N}\-_.(),:&@+' ]/gu, "");
  return [...kept].slice(0, 64).join("").trim() || undefined;
};

/** A project name (createGroup, `name`). */
const projectName = checked(newName(), projectNameProblem, mendProjectName).meta({
  description: "1 to 64 letters, digits, spaces and -_.(),:&@+'.",
  minLength: 1,
  maxLength: 64,
});

/** Body of createGroup (POST /api/atlas/v2/groups). */
export const projectBodySchema = z.strictObject({
  name: projectName,
  orgId: objectId("Organization id"),
  tags: tagsSchema.optional(),
  withDefaultAlertsSettings: z.boolean().optional().meta({ description: "Default true." }),
  regionUsageRestrictions: z
    .enum(["COMMERCIAL_FEDRAMP_REGIONS_ONLY", "GOV_REGIONS_ONLY"])
    .optional()
    .meta({ description: "Atlas for Government only." }),
});

export type ProjectBody = z.output<typeof projectBodySchema>;

/** Body of updateGroup (PATCH /api/atlas/v2/groups/{groupId}). */
export const projectUpdateSchema = projectBodySchema.pick({ name: true, tags: true }).partial();

export type ProjectUpdate = z.output<typeof projectUpdateSchema>;

/** A project as Atlas returns it (schema Group), with its lease. Dates are ISO 8601 in UTC. */
export const projectSchema = z.looseObject({
  id: text,
  name: text,
  orgId: text,
  created: text,
  clusterCount: number,
  tags: readTags,
  withDefaultAlertsSettings: flag,
  regionUsageRestrictions: text,
  sweepAfter: text,
  expired: flag,
});

export type Project = z.output<typeof projectSchema>;

/** Reads a project from Atlas's answer. */
export const projectAnswer = projectSchema.transform(readLease("project", ({ orgId }) => orgId));
