/**
 * Maps the cloud providers' own region names to Atlas's (docs/atlas.md#regions; 2026-11-23). Only for suggestions: the
 * regions change, so Atlas is asked what it offers.
 */

const azure: Readonly<Record<string, string>> = {
  eastus: "US_EAST",
  eastus2: "US_EAST_2",
  centralus: "US_CENTRAL",
  northcentralus: "US_NORTH_CENTRAL",
  southcentralus: "US_SOUTH_CENTRAL",
  westcentralus: "US_WEST_CENTRAL",
  westus: "US_WEST",
  westus2: "US_WEST_2",
  westus3: "US_WEST_3",
  canadacentral: "CANADA_CENTRAL",
  canadaeast: "CANADA_EAST",
  brazilsouth: "BRAZIL_SOUTH",
  chilecentral: "CHILE_CENTRAL",
  northeurope: "EUROPE_NORTH",
  westeurope: "EUROPE_WEST",
  uksouth: "UK_SOUTH",
  ukwest: "UK_WEST",
  francecentral: "FRANCE_CENTRAL",
  germanywestcentral: "GERMANY_WEST_CENTRAL",
  switzerlandnorth: "SWITZERLAND_NORTH",
  norwayeast: "NORWAY_EAST",
  swedencentral: "SWEDEN_CENTRAL",
  eastasia: "ASIA_EAST",
  southeastasia: "ASIA_SOUTH_EAST",
  japaneast: "JAPAN_EAST",
  japanwest: "JAPAN_WEST",
  koreacentral: "KOREA_CENTRAL",
  centralindia: "INDIA_CENTRAL",
  southindia: "INDIA_SOUTH",
  westindia: "INDIA_WEST",
  indonesiacentral: "INDONESIA_CENTRAL",
  malaysiawest: "MALAYSIA_WEST",
  australiaeast: "AUSTRALIA_EAST",
  uaenorth: "UAE_NORTH",
  southafricanorth: "SOUTH_AFRICA_NORTH",
};

const gcp: Readonly<Record<string, string>> = {
  "us-central1": "CENTRAL_US",
  "us-east1": "EASTERN_US",
  "us-east4": "US_EAST_4",
  "us-west1": "WESTERN_US",
  "northamerica-northeast1": "NORTH_AMERICA_NORTHEAST_1",
  "southamerica-east1": "SOUTH_AMERICA_EAST_1",
  "asia-east1": "EASTERN_ASIA_PACIFIC",
  "asia-east2": "ASIA_EAST_2",
  "asia-northeast1": "NORTHEASTERN_ASIA_PACIFIC",
  "asia-northeast2": "ASIA_NORTHEAST_2",
  "asia-northeast3": "ASIA_NORTHEAST_3",
  "asia-southeast1": "SOUTHEASTERN_ASIA_PACIFIC",
  "asia-southeast2": "ASIA_SOUTHEAST_2",
  "asia-south1": "ASIA_SOUTH_1",
  "australia-southeast1": "AUSTRALIA_SOUTHEAST_1",
  "europe-west1": "WESTERN_EUROPE",
  "europe-west2": "EUROPE_WEST_2",
  "europe-west3": "EUROPE_WEST_3",
  "europe-north1": "EUROPE_NORTH_1",
};

const knownName = (provider: string, name: string): string | undefined => {
  const plain = name.trim().toLowerCase();
  if (provider === "GCP") return gcp[plain.replace(/_/g, "-")];
  if (provider === "AZURE") return azure[plain.replace(/[\s_-]+/g, "")];
  return undefined;
};

const inAtlasForm = (name: string): string =>
  name
    .trim()
    .toUpperCase()
    .replace(/[\s-]+/g, "_");

/** The Atlas name for a provider's own name, such as `us-east-1` or `eastus2`; a name in Atlas's form stays the same. */
export const atlasNameOf = (provider: string, name: string): string =>
  knownName(provider, name) ?? inAtlasForm(name);

/** How similar two Atlas names are: 1 if equal, else the share of common words; leading words count more. */
export const likeness = (one: string, other: string): number => {
  if (one === other) return 1;
  const [a, b] = [one.split("_"), other.split("_")];
  const shared = a.filter((word) => b.includes(word)).length;
  const leading = a.findIndex((word, index) => word !== b[index]);
  return (shared + Math.max(0, leading) / 10) / (Math.max(a.length, b.length) + 1);
};
