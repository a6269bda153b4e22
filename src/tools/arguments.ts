/** Arguments that several tools share. */
import * as z from "zod/v4";
import { objectId } from "../atlas/bodies.ts";

export const groupId = objectId("Project id.");

export const orgId = objectId("Organization id.");

/** Seconds to wait for a cluster, bounded so that the answer comes before a host gives up (60 s). */
export const waitSeconds = z
  .int()
  .min(0)
  .max(40)
  .optional()
  .meta({ description: "Seconds to wait until it is ready (default 0).", examples: [30] });

/** What creates and deletes take for consent. */
const confirmation = z.string().min(1).max(200).optional().meta({
  description: "From a needs_confirmation answer, once the user agrees.",
});

/** What every delete takes besides the documented fields. */
export const deleteOptions = {
  dryRun: z
    .boolean()
    .optional()
    .meta({ description: "Check and show the request; delete nothing." }),
  confirmation,
};

/** What every create takes besides the documented fields. */
export const createOptions = {
  ifExists: z.enum(["error", "return"]).optional().meta({
    description: "If the name is taken: error (default), or return an identical one as a success.",
  }),
  dryRun: z
    .boolean()
    .optional()
    .meta({ description: "Check and show the request; create nothing." }),
  confirmation,
};
