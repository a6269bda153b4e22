/** Explains a refused region: which ones Atlas offers, and which one was probably meant. */
import { listGroupClusterProviderRegions } from "../atlas/requests.ts";
import type { FlexClusterBody } from "../atlas/resources/flex-cluster.ts";
import { type Failure, rethrowFault } from "../common/failure.ts";
import type { OperationContext } from "./context.ts";
import { inAtlasForm, misspelt, regionsMeant } from "./region-meaning.ts";

type Offer = { names: string[]; flexOnly: boolean };

/** The regions in which Atlas offers flex clusters; all regions of the provider if it does not say which (docs/atlas.md#regions). */
const offeredRegions = async (
  { atlas, deadline }: OperationContext,
  groupId: string,
  provider: string,
): Promise<Offer | undefined> => {
  const request = listGroupClusterProviderRegions(groupId, provider);
  const page = await atlas.read(request, deadline).catch((error: unknown) => {
    rethrowFault(error);
    return undefined;
  });
  if (page === undefined) return undefined;
  const sizes = page.results
    .filter((entry) => entry.provider === undefined || entry.provider === provider)
    .flatMap((entry) => entry.instanceSizes ?? []);
  const flex = sizes.filter((size) => size.name === "FLEX");
  const names = (flex.length > 0 ? flex : sizes)
    .flatMap((size) => size.availableRegions ?? [])
    .flatMap((region) => region.name ?? [])
    .filter((name) => /^[A-Z0-9_]{1,40}$/.test(name));
  return { names: [...new Set(names)], flexOnly: flex.length > 0 };
};

/**
 * The region that was meant, if it is offered or nobody can say what is: known for certain, or with one wrong letter, which
 * is worth an example and no call. Never another region that is only similar: it may be on another continent.
 */
const probableRegion = (
  provider: string,
  requested: string,
  others: readonly string[],
): { meant?: string; example?: string } => {
  const isPossible = (name: string) =>
    name !== requested && (others.length === 0 || others.includes(name));
  const known = regionsMeant(provider, requested);
  const byForm = others.filter((name) => name === inAtlasForm(requested));
  const [meant, ...more] = (known.length > 0 ? known : byForm).filter(isPossible);
  if (meant !== undefined) return more.length > 0 ? {} : { meant, example: meant };
  const example = known.length > 0 ? undefined : misspelt(provider, requested);
  return example !== undefined && isPossible(example) ? { example } : {};
};

/** Adds the offered regions and the region that was meant to a refusal. Returns the refusal itself if the region is offered. */
export const explainRegion = async (
  context: OperationContext,
  groupId: string,
  { backingProviderName: provider, regionName: requested }: FlexClusterBody["providerSettings"],
  refused: Failure,
): Promise<Failure> => {
  const path = "providerSettings.regionName";
  const offer = await offeredRegions(context, groupId, provider);
  const others = (offer?.names ?? []).filter((name) => name !== requested);
  // Without a refusal from Atlas, only its list can rule the region out.
  const unrefused = refused.atlas === undefined;
  if (unrefused && (offer === undefined || offer.names.includes(requested))) return refused;
  const { meant, example } = probableRegion(provider, requested, others);
  const kind = offer?.flexOnly
    ? "for flex clusters"
    : "for any kind of cluster (Atlas does not say which ones support flex clusters)";
  const list =
    others.length === 0
      ? ""
      : ` Atlas offers these ${provider} regions ${kind}: ${others.join(", ")}.`;
  return {
    ...refused,
    fields: [
      {
        path,
        problem: `${JSON.stringify(requested)} was not accepted as a region of ${provider}.${list}`,
        ...(example === undefined ? {} : { example }),
      },
    ],
    suggestions:
      meant === undefined
        ? []
        : [
            {
              suggest: "repeat",
              with: { providerSettings: { backingProviderName: provider, regionName: meant } },
              why: `${requested} is ${meant} in Atlas.`,
            },
          ],
  };
};
