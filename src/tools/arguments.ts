/** Arguments that several tools share. */
import * as z from "zod/v4";
import { isDateTime, mendDate } from "../atlas/resources/expiry-date.ts";
import { objectId } from "../atlas/resources/fields.ts";
import { inSeconds } from "../atlas/resources/lease.ts";
import { never } from "../operations/lease.ts";

export const groupId = objectId("Project id");

export const orgId = objectId("Organization id");

const leaseProblem = (text: string, now: number): string | undefined => {
  if (text === never) return undefined;
  if (!isDateTime(text)) return "must be a date and time with a time zone (RFC 3339), or never";
  return Date.parse(text) <= now ? "must be in the future" : undefined;
};

/** A date in whole seconds in UTC, which is what a tag can keep; any other text as it is. */
const inUtc = (text: string): string => {
  const word = text.trim();
  if (word.toLowerCase() === never) return never;
  return isDateTime(word) ? inSeconds(Date.parse(word)) : text;
};

/** When `sweep` may delete the resource. */
export const sweepAfter = z
  .string()
  .overwrite(inUtc)
  .superRefine((text, context) => {
    // A schema has no clock but the machine's own.
    const now = Date.now();
    const message = leaseProblem(text, now);
    if (message === undefined) return;
    context.addIssue({
      code: "custom",
      message,
      params: { example: mendDate(text, (one) => leaseProblem(one, now)) },
    });
  })
  .optional()
  .meta({
    description:
      "When the sweep command may delete it (Atlas itself does not): RFC 3339, or never.",
  });
/** The number of a page; 2,147,483,647 is the largest that Atlas takes. */
export const pageNum = z
  .int()
  .min(1)
  .max(2_147_483_647)
  .meta({ description: "From 1; default 1." });

/** Seconds to wait for a cluster, limited so that the result arrives before a host times out (60 s). */
export const waitSeconds = z
  .int()
  .min(0)
  .max(40)
  .optional()
  .meta({ description: "Seconds to wait until ready, 0 to 40.", examples: [30], takesMore: true });

/** The confirmation that creates and deletes take. */
const confirmation = z
  .string()
  // Not `min` and `max`, which every tool would advertise.
  .refine(
    (text) => text.length > 0 && text.length <= 200,
    "must be the confirmation from an earlier result",
  )
  .optional()
  .meta({ description: "From needs_confirmation, once the user agrees." });

/** Arguments of every update and delete, besides Atlas's own. */
export const planOptions = {
  dryRun: z.boolean().optional().meta({ description: "Check only." }),
  confirmation,
};

/** Arguments of every create, besides Atlas's own. */
export const createOptions = {
  ifExists: z.enum(["error", "return"]).optional().meta({
    description: "error (default), or return an identical one.",
  }),
  dryRun: z.boolean().optional().meta({ description: "Check only." }),
  confirmation,
};
