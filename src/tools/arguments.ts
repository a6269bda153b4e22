/** Arguments that several tools share. */
import * as z from "zod/v4";
import { objectId } from "../atlas/resources/fields.ts";
import { clusterName } from "../atlas/resources/flex-cluster.ts";

export const groupId = objectId("Project id.");

export const orgId = objectId("Organization id.");

/** The name of a cluster that is there: what new names must be like is not said again. */
export const existingCluster = clusterName.meta({
  description: "Cluster name.",
  examples: ["my-cluster"],
});

/** Seconds to wait for a cluster, bounded so that the answer comes before a host gives up (60 s). */
export const waitSeconds = z
  .int()
  .min(0)
  .max(40)
  .optional()
  .meta({ description: "Seconds to wait until ready.", examples: [30] });

/** What creates and deletes take for consent. */
const confirmation = z
  .string()
  // Not as bounds, which would be advertised with each tool.
  .refine((text) => text.length > 0 && text.length <= 200, "must be what an earlier answer gave")
  .optional()
  .meta({ description: "From needs_confirmation, once the user agrees." });

/** What every delete takes besides the documented fields. */
export const deleteOptions = {
  dryRun: z.boolean().optional().meta({ description: "Check only, send nothing." }),
  confirmation,
};

/** What every create takes besides the documented fields. */
export const createOptions = {
  ifExists: z.enum(["error", "return"]).optional().meta({
    description: "If it exists: error (default), or return an identical one.",
  }),
  dryRun: z.boolean().optional().meta({ description: "Check only, send nothing." }),
  confirmation,
};
