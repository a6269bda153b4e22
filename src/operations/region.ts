/** Regions: which ones Atlas offers, asked only when it matters, and what a provider's own name probably means. */
import { listGroupClusterProviderRegions } from "../atlas/requests.ts";
import type { FlexClusterBody } from "../atlas/resources/flex-cluster.ts";
import { type Failure, failureOf } from "../common/failure.ts";
import type { OperationContext } from "./context.ts";
import { atlasNameOf, likeness } from "./region-names.ts";

type Offer = { names: string[]; flexOnly: boolean };

/** The regions in which Atlas offers flex clusters; all regions of the provider where it does not say which (docs/atlas.md#regions). */
const offeredRegions = async (
  { atlas, deadline }: OperationContext,
  groupId: string,
  provider: string,
): Promise<Offer | undefined> => {
  const request = listGroupClusterProviderRegions(groupId, provider);
  const page = await atlas.read(request, deadline).catch((error: unknown) => {
    failureOf(error);
    return undefined;
  });
  if (page === undefined) return undefined;
  const sizes = page.results
    .filter((one) => one.provider === undefined || one.provider === provider)
    .flatMap((one) => one.instanceSizes ?? []);
  const flex = sizes.filter((size) => size.name === "FLEX");
  const names = (flex.length > 0 ? flex : sizes)
    .flatMap((size) => size.availableRegions ?? [])
    .flatMap((region) => region.name ?? [])
    .filter((name) => /^[A-Z0-9_]{1,40}$/.test(name));
  return { names: [...new Set(names)], flexOnly: flex.length > 0 };
};

/** Adds to a refusal what Atlas offers and the likeliest name; answers the refusal itself where the region is offered. */
export const explainRegion = async (
  context: OperationContext,
  groupId: string,
  { backingProviderName: provider, regionName: given }: FlexClusterBody["providerSettings"],
  refused: Failure,
): Promise<Failure> => {
  const path = "providerSettings.regionName";
  const offer = await offeredRegions(context, groupId, provider);
  const meant = atlasNameOf(provider, given);
  const others = (offer?.names ?? []).filter((name) => name !== given);
  // Where Atlas has not refused it, only its own list can.
  const unrefused = refused.atlas === undefined;
  if (unrefused && (offer === undefined || offer.names.includes(given))) return refused;
  // Only what the name is known to mean is worth a ready call: a neighbour may be on another continent.
  const known = meant !== given && (others.length === 0 || others.includes(meant));
  const byLikeness = [...others].sort((a, b) => likeness(meant, b) - likeness(meant, a));
  const example = known ? meant : byLikeness.find((name) => likeness(meant, name) > 0);
  const kind = offer?.flexOnly
    ? "for flex clusters"
    : "(for any kind of cluster: Atlas does not say which take flex clusters)";
  const list =
    others.length === 0 ? "" : ` Atlas offers ${kind} in ${provider}: ${others.join(", ")}.`;
  return {
    ...refused,
    fields: [
      {
        path,
        problem: `${JSON.stringify(given)} was not accepted as a region of ${provider}.${list}`,
        ...(example === undefined ? {} : { example }),
      },
    ],
    suggestions: known
      ? [
          {
            suggest: "repeat",
            with: { providerSettings: { backingProviderName: provider, regionName: meant } },
            why: `${given} is ${meant} in Atlas.`,
          },
        ]
      : [],
  };
};
