/** Arguments that several tools share. */
import * as z from "zod/v4";
import { objectId } from "../atlas/resources/fields.ts";

export const groupId = objectId("Project id");

export const orgId = objectId("Organization id");

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

/** Arguments of every delete, besides Atlas's own. */
export const deleteOptions = {
  dryRun: z.boolean().optional().meta({ description: "Check only, send nothing." }),
  confirmation,
};

/** Arguments of every create, besides Atlas's own. */
export const createOptions = {
  ifExists: z.enum(["error", "return"]).optional().meta({
    description: "If it exists: error (default), or return an identical one.",
  }),
  dryRun: z.boolean().optional().meta({ description: "Check only, send nothing." }),
  confirmation,
};
