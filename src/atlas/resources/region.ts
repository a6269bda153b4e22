/** The regions that a cloud provider offers. */
import * as z from "zod/v4";
import { soft, text } from "./fields.ts";

/** What a cloud provider offers in a project (listGroupClusterProviderRegions). */
export const providerRegionsSchema = z.looseObject({
  provider: text,
  instanceSizes: soft(
    z.array(
      z.looseObject({
        name: text,
        availableRegions: soft(z.array(z.looseObject({ name: text }))),
      }),
    ),
  ),
});
