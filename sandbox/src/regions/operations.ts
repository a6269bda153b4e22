import { CLUSTERS } from "../api/endpoint-sets.ts";
import type { Operation } from "../api/operation.ts";
import { pageOf } from "../api/pages.ts";
import { atlasFailure } from "../errors/api-error.ts";
import type { JsonObject } from "../json.ts";
import { findProject } from "../projects/view.ts";
import { PROVIDERS, type SizeRegions } from "./table.ts";

const sizesOf = (provider: string): readonly SizeRegions[] => {
  const sizes = Object.hasOwn(PROVIDERS, provider) ? PROVIDERS[provider] : undefined;
  if (sizes === undefined) throw atlasFailure("INVALID_PROVIDER", { provider });
  return sizes;
};

/** Refuses a provider or region in which no flex cluster can be. */
export const checkRegion = (provider: string, region: string): void => {
  const flex = sizesOf(provider).find((size) => size.name === "FLEX");
  if (!flex?.regions.includes(region)) throw atlasFailure("INVALID_REGION", { region, provider });
};

const sizeView = (size: SizeRegions): JsonObject => ({
  availableRegions: size.regions.map((name) => ({
    default: size.recommended.includes(name),
    name,
  })),
  name: size.name,
});

/** The operation that lists the regions of each provider and instance size. */
export const regionOperations: readonly Operation[] = [
  {
    id: "listGroupClusterProviderRegions",
    method: "GET",
    path: "/groups/{groupId}/clusters/provider/regions",
    version: "2023-01-01",
    limit: CLUSTERS,
    run: (call) => {
      findProject(call);
      const asked = call.query.getAll("providers");
      const tier = call.query.get("tier");
      const results = (asked.length > 0 ? asked : Object.keys(PROVIDERS)).map((provider) => ({
        instanceSizes: sizesOf(provider)
          .filter((size) => tier === null || size.name === tier)
          .map(sizeView),
        provider,
      }));
      return pageOf(call, results, [
        ...asked.map((provider) => ["providers", provider] as const),
        ...(tier === null ? [] : [["tier", tier] as const]),
      ]);
    },
  },
];
