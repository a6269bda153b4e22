import { describe, expect, it } from "vitest";
import { isUnusual, misspelt, regionsMeant } from "../../src/operations/region-meaning.ts";
import { regionNames } from "../../src/operations/region-names.ts";

type Provider = "AWS" | "GCP" | "AZURE";

describe("a provider's own name of a region", () => {
  // Every region with flex clusters (docs/atlas.md#regions), by the name that its provider gives it.
  it.each<[Provider, given: string, atlas: string]>([
    ["AWS", "us-east-1", "US_EAST_1"],
    ["AWS", "us-west-2", "US_WEST_2"],
    ["AWS", "sa-east-1", "SA_EAST_1"],
    ["AWS", "ap-southeast-1", "AP_SOUTHEAST_1"],
    ["AWS", "ap-northeast-2", "AP_NORTHEAST_2"],
    ["AWS", "eu-central-1", "EU_CENTRAL_1"],
    ["AWS", "af-south-1", "AF_SOUTH_1"],
    ["GCP", "us-central1", "CENTRAL_US"],
    ["GCP", "southamerica-east1", "SOUTH_AMERICA_EAST_1"],
    ["GCP", "asia-east1", "EASTERN_ASIA_PACIFIC"],
    ["GCP", "asia-northeast1", "NORTHEASTERN_ASIA_PACIFIC"],
    ["GCP", "asia-northeast3", "ASIA_NORTHEAST_3"],
    ["GCP", "asia-southeast1", "SOUTHEASTERN_ASIA_PACIFIC"],
    ["GCP", "asia-south1", "ASIA_SOUTH_1"],
    ["GCP", "asia-southeast2", "ASIA_SOUTHEAST_2"],
    ["GCP", "europe-west1", "WESTERN_EUROPE"],
    ["AZURE", "eastus2", "US_EAST_2"],
    ["AZURE", "westus", "US_WEST"],
    ["AZURE", "canadacentral", "CANADA_CENTRAL"],
    ["AZURE", "chilecentral", "CHILE_CENTRAL"],
    ["AZURE", "northeurope", "EUROPE_NORTH"],
    ["AZURE", "westeurope", "EUROPE_WEST"],
    ["AZURE", "eastasia", "ASIA_EAST"],
    ["AZURE", "centralindia", "INDIA_CENTRAL"],
    ["AZURE", "indonesiacentral", "INDONESIA_CENTRAL"],
    ["AZURE", "malaysiawest", "MALAYSIA_WEST"],
  ])("%s %s means %s, in capitals and with spaces around too", (provider, given, atlas) => {
    expect(regionsMeant(provider, given)).toEqual([atlas]);
    expect(regionsMeant(provider, ` ${given.toUpperCase()} `)).toEqual([atlas]);
  });

  const all = Object.entries(regionNames).flatMap(([provider, names]) =>
    Object.keys(names).map((name): [string, string] => [provider, name]),
  );

  it.each(all)("that is Atlas's already stays: %s %s", (provider, name) => {
    expect(regionsMeant(provider, name)).toEqual([name]);
    expect(isUnusual(provider, name)).toBe(false);
    expect(misspelt(provider, name)).toBeUndefined();
  });
});

describe("what people call a region", () => {
  it.each<[Provider, given: string, atlas: string]>([
    ["AWS", "Virginia", "US_EAST_1"],
    ["AWS", "VIRGINIA", "US_EAST_1"],
    ["AWS", "N. Virginia", "US_EAST_1"],
    ["AWS", "US East (N. Virginia)", "US_EAST_1"],
    ["AWS", "Frankfurt", "EU_CENTRAL_1"],
    ["AWS", "Europe (Frankfurt)", "EU_CENTRAL_1"],
    ["AWS", "Frankfurt, Germany", "EU_CENTRAL_1"],
    ["AWS", "Germany", "EU_CENTRAL_1"],
    ["AWS", "Ireland", "EU_WEST_1"],
    ["AWS", "Dublin / Ireland", "EU_WEST_1"],
    ["AWS", "eu-west-1 (Ireland)", "EU_WEST_1"],
    ["AWS", "eu-west-1 - Ireland", "EU_WEST_1"],
    ["AWS", "us east 1", "US_EAST_1"],
    ["AWS", "US East 1", "US_EAST_1"],
    ["AWS", "useast1", "US_EAST_1"],
    ["AWS", "us-east-1a", "US_EAST_1"],
    ["AWS", "aws us-east-1", "US_EAST_1"],
    ["AWS", "AWS:us-east-1", "US_EAST_1"],
    ["AWS", "aws/us-east-1", "US_EAST_1"],
    ["AWS", "region us-east-1", "US_EAST_1"],
    ["AWS", "us-east-1 region", "US_EAST_1"],
    ["AWS", "São Paulo", "SA_EAST_1"],
    ["AWS", "South America (Sao Paulo)", "SA_EAST_1"],
    ["AWS", "Asia Pacific (Tokyo)", "AP_NORTHEAST_1"],
    ["AWS", "Zürich", "EU_CENTRAL_2"],
    ["AWS", "London", "EU_WEST_2"],
    ["AWS", "Sydney, Australia", "AP_SOUTHEAST_2"],
    ["GCP", "Iowa", "CENTRAL_US"],
    ["GCP", "us-central-1", "CENTRAL_US"],
    ["GCP", "us-central1-a", "CENTRAL_US"],
    ["GCP", "gcp us-central1", "CENTRAL_US"],
    ["GCP", "Google Cloud us-central1", "CENTRAL_US"],
    ["GCP", "Belgium", "WESTERN_EUROPE"],
    ["GCP", "europe-west1 (Belgium)", "WESTERN_EUROPE"],
    ["GCP", "Virginia", "US_EAST_4"],
    ["AZURE", "East US 2", "US_EAST_2"],
    ["AZURE", "(US) East US 2", "US_EAST_2"],
    ["AZURE", "(Europe) West Europe", "EUROPE_WEST"],
    ["AZURE", "azure westeurope", "EUROPE_WEST"],
    ["AZURE", "Netherlands", "EUROPE_WEST"],
    ["AZURE", "Ireland", "EUROPE_NORTH"],
  ])("%s %s is %s", (provider, given, atlas) => {
    expect(regionsMeant(provider, given)).toEqual([atlas]);
    expect(isUnusual(provider, given)).toBe(true);
  });

  it.each<[Provider, given: string, several: string[]]>([
    ["AWS", "Canada", ["CA_CENTRAL_1", "CA_WEST_1"]],
    ["AWS", "Japan", ["AP_NORTHEAST_1", "AP_NORTHEAST_3"]],
    ["AZURE", "Virginia", ["US_EAST", "US_EAST_2"]],
  ])("may be several: %s %s", (provider, given, several) =>
    expect(regionsMeant(provider, given)).toEqual(several),
  );

  it.each<[Provider, given: string]>([
    ["AWS", "Mars"],
    ["AWS", "us"],
    ["AWS", "US East"],
    ["AWS", "Europe"],
    ["AWS", "eu-west-1 (Frankfurt)"],
    ["AWS", "us-east-1 or eu-west-1"],
    ["AWS", "us-east-1, eu-west-1"],
    ["AWS", "Paris, Texas"],
    ["AWS", "gcp us-east-1"],
    ["AWS", "eastus2"],
    ["AWS", "Netherlands"],
    ["GCP", "London, Ontario"],
    ["GCP", "aws/us-east-1"],
    ["AWS", ""],
    ["AWS", "region"],
    ["AWS", "東京"],
  ])("means nothing that is certain: %s %j", (provider, given) =>
    expect(regionsMeant(provider, given)).toEqual([]),
  );
});

describe("a name with one wrong letter", () => {
  it.each<[Provider, given: string, meant: string]>([
    ["AWS", "US_EASTT_1", "US_EAST_1"],
    ["AWS", "EU_CENTRL_1", "EU_CENTRAL_1"],
    ["AWS", "AP_NORHEAST_1", "AP_NORTHEAST_1"],
    ["AWS", "Irland", "EU_WEST_1"],
    ["AWS", "Virgina", "US_EAST_1"],
    ["GCP", "CENTRALL_US", "CENTRAL_US"],
    ["AZURE", "westeurop", "EUROPE_WEST"],
  ])("is told: %s %s", (provider, given, meant) => expect(misspelt(provider, given)).toBe(meant));

  it.each<[Provider, given: string, why: string]>([
    ["AWS", "US_EST_1", "may be east or west"],
    ["AWS", "CA_EAST_1", "is one letter from South America"],
    ["AWS", "US_WEST_3", "has another number"],
    ["AWS", "EU_EAST_1", "is two letters away"],
    ["AWS", "US_EAST_9", "has another number"],
    ["AWS", "EU_WEST_2", "is a name"],
    ["AWS", "Japen", "may be one of two"],
    ["GCP", "Portland", "is somewhere else"],
    ["AWS", "UKK", "is too short"],
  ])("is not guessed: %s %s %s", (provider, given) =>
    expect(misspelt(provider, given)).toBeUndefined(),
  );
});
