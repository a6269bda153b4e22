/** A free or dedicated cluster. This server only names it. */
import * as z from "zod/v4";
import { text } from "./fields.ts";

/** A cluster as Atlas returns it (schema ClusterDescription20240805). */
export const clusterSchema = z.looseObject({ name: text });
