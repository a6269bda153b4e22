/** The operation that lists the regions of each provider and instance size. */
import type { Operation } from "../api/operation.ts";
import { createPage } from "../api/pages.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { createApiError } from "../errors/api-error.ts";
import type { JsonObject } from "../json.ts";
import { findProject } from "../projects/find.ts";
import { providers, type SizeRegions } from "./table.ts";

const sizesOf = (provider: string): readonly SizeRegions[] => {
  const sizes = Object.hasOwn(providers, provider) ? providers[provider] : undefined;
  if (sizes === undefined) throw createApiError("INVALID_PROVIDER", { provider });
  return sizes;
};

/**
 * Refuses an unknown provider, and a region that has clusters of none of these sizes. If the table has none of the sizes,
 * their regions are not known, and any is taken.
 */
export const checkRegion = (provider: string, region: string, ...sizes: string[]): void => {
  const known = sizesOf(provider).filter(({ name }) => sizes.includes(name));
  const isTaken =
    known.length === 0
      ? /^[A-Z][A-Z0-9_]*$/.test(region)
      : known.some(({ regions }) => regions.includes(region));
  if (!isTaken) throw createApiError("INVALID_REGION", { region, provider });
};

const toSizeView = (size: SizeRegions): JsonObject => ({
  availableRegions: size.regions.map((name) => ({
    default: size.recommended.includes(name),
    name,
  })),
  name: size.name,
});

export const regionOperations: readonly Operation[] = [
  {
    id: "listGroupClusterProviderRegions",
    method: "GET",
    path: "/groups/{groupId}/clusters/provider/regions",
    version: "2023-01-01",
    endpointSet: endpointSets.clusters,
    run: (call) => {
      findProject(call);
      const requested = call.query.getAll("providers");
      const tier = call.query.get("tier");
      const results = (requested.length > 0 ? requested : Object.keys(providers)).map(
        (provider) => ({
          instanceSizes: sizesOf(provider)
            .filter((size) => tier === null || size.name === tier)
            .map(toSizeView),
          provider,
        }),
      );
      return createPage(call, results);
    },
  },
];
