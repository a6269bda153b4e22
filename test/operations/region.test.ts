import { describe, expect, it } from "vitest";
import type { FlexClusterBody } from "../../src/atlas/resources/flex-cluster.ts";
import { atlasNameOf, likeness } from "../../src/operations/region-names.ts";
import {
  benchFor,
  failureOf,
  groupId,
  openFakeAtlas,
  startSandboxBench,
} from "../support/atlas.ts";
import { json } from "../support/fake-atlas.ts";
import { ensureCluster, ensureProject } from "./creating.ts";

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
    expect(atlasNameOf(provider, given)).toBe(atlas);
    expect(atlasNameOf(provider, ` ${given.toUpperCase()} `)).toBe(atlas);
  });

  it.each<[Provider, string]>([
    ["AWS", "US_EAST_1"],
    ["GCP", "CENTRAL_US"],
    ["AZURE", "US_EAST_2"],
    ["AWS", "MARS_1"],
  ])("that is Atlas's already stays: %s %s", (provider, name) =>
    expect(atlasNameOf(provider, name)).toBe(name),
  );

  it("is nearest to itself, then to those with words in common", () => {
    expect(likeness("US_EAST_1", "US_EAST_1")).toBeGreaterThan(likeness("US_EAST_1", "US_EAST_2"));
    expect(likeness("US_EAST_2", "US_EAST_1")).toBeGreaterThan(likeness("US_EAST_2", "EU_WEST_1"));
  });
});

const bodyIn = (provider: Provider, regionName: string): FlexClusterBody => ({
  name: "c-0",
  providerSettings: { backingProviderName: provider, regionName },
});

describe("a region that Atlas refuses", () => {
  it.each<[Provider, given: string, meant: string]>([
    ["AWS", "us-east-1", "US_EAST_1"],
    ["AZURE", "eastus2", "US_EAST_2"],
    ["GCP", "us-central1", "CENTRAL_US"],
  ])("(%s %s) comes with the call that would pass", async (provider, given, meant) => {
    const sandboxBench = await startSandboxBench();
    const { resource } = await ensureProject(sandboxBench, {
      name: "shop",
      orgId: sandboxBench.sandbox.orgId,
    });
    const groupId = resource.id ?? "";
    const failure = await failureOf(ensureCluster(sandboxBench, groupId, bodyIn(provider, given)));
    expect(failure).toMatchObject({
      code: "invalid_input",
      outcome: "not_created",
      fields: [{ path: "providerSettings.regionName", example: meant }],
      atlas: { errorCode: "INVALID_REGION" },
    });
    const [suggestion] = failure.suggestions;
    expect(suggestion?.suggest).toBe("repeat");
    const mended = { ...bodyIn(provider, given), ...suggestion?.with } as FlexClusterBody;
    expect((await ensureCluster(sandboxBench, groupId, mended)).outcome).toBe("created");
  });

  it.each(["Tokyo", "Mars"])(
    "that has nothing in common with any offered (%s) is not guessed",
    async (given) => {
      const sandboxBench = await startSandboxBench();
      const { resource } = await ensureProject(sandboxBench, {
        name: "shop",
        orgId: sandboxBench.sandbox.orgId,
      });
      const failure = await failureOf(
        ensureCluster(sandboxBench, resource.id ?? "", bodyIn("AWS", given)),
      );
      expect(failure.suggestions).toEqual([]);
      expect(failure.fields?.[0]?.problem).toContain("AP_NORTHEAST_1");
      expect(failure.fields?.[0]).not.toHaveProperty("example");
    },
  );

  it("is the only reason to ask for regions", async () => {
    const sandboxBench = await startSandboxBench();
    const { resource } = await ensureProject(sandboxBench, {
      name: "shop",
      orgId: sandboxBench.sandbox.orgId,
    });
    await ensureCluster(sandboxBench, resource.id ?? "", bodyIn("AWS", "US_EAST_1"));
    await failureOf(ensureCluster(sandboxBench, resource.id ?? "", bodyIn("AWS", "EU_WEST_1")));
    expect(await sandboxBench.count("listGroupClusterProviderRegions")).toBe(0);
  });
});

const size = (name: string, ...regions: string[]) => ({
  name,
  availableRegions: regions.map((region) => ({ name: region, default: false })),
});

/** What is said where Atlas refuses any cluster with `errorCode` and lists these sizes, or fails to. */
const refusal = async (
  listing: object[] | { status: number },
  given = "us-east-1",
  refused: object = { error: 400, errorCode: "INVALID_REGION" },
) => {
  const fakeAtlas = await openFakeAtlas((seen, response) => {
    if (!seen.path.startsWith("/api/atlas/")) return undefined;
    if (seen.method === "POST") return json(response, 400, refused);
    if (!seen.path.includes("/provider/regions")) return undefined;
    if (!Array.isArray(listing)) return json(response, listing.status, { error: listing.status });
    const results = [{ provider: "AWS", instanceSizes: listing }];
    return json(response, 200, { results, totalCount: 1 });
  });
  const bench = benchFor(fakeAtlas.url);
  const failure = await failureOf(ensureCluster(bench, groupId, bodyIn("AWS", given)));
  return {
    failure,
    problem: failure.fields?.[0]?.problem ?? "",
    example: failure.fields?.[0]?.example,
  };
};

describe("what is said of a region that Atlas refuses", () => {
  it("lists the regions of the size named FLEX alone", async () => {
    const { problem } = await refusal([
      size("M10", "AP_EAST_1"),
      size("FLEX", "US_EAST_1", "EU_WEST_1"),
    ]);
    expect(problem).toContain("US_EAST_1, EU_WEST_1");
    expect(problem).not.toContain("AP_EAST_1");
  });

  it("lists those of all sizes where none is named FLEX, each once, and says so", async () => {
    const { problem } = await refusal([
      size("M10", "US_EAST_1"),
      size("M20", "US_EAST_1", "AP_EAST_1"),
    ]);
    expect(problem).toContain("US_EAST_1, AP_EAST_1");
    expect(problem).toMatch(/any kind of cluster/);
  });

  it("shows the likest name where the one that was meant is not offered, but makes no call of it", async () => {
    const offered = [size("FLEX", "EU_WEST_1", "US_EAST_1")];
    const { example, failure } = await refusal(offered, "us-east-2");
    expect(example).toBe("US_EAST_1");
    expect(failure.suggestions).toEqual([]);
  });

  it("never suggests the refused one again", async () => {
    const offered = [size("FLEX", "US_EAST_1", "US_WEST_2")];
    const { example, failure } = await refusal(offered, "US_EAST_1");
    expect(example).toBe("US_WEST_2");
    expect(failure.suggestions).toEqual([]);
  });

  it.each([403, 404, 500])("suggests what was meant where the list answers %i", async (status) => {
    const { problem, example, failure } = await refusal({ status });
    expect(example).toBe("US_EAST_1");
    expect(problem).not.toContain("offers");
    expect(failure.code).toBe("invalid_input");
  });

  it("suggests nothing where there is no list and nothing else can be meant", async () => {
    const { example, failure } = await refusal({ status: 403 }, "MARS_1");
    expect(example).toBeUndefined();
    expect(failure.suggestions).toEqual([]);
  });

  it("holds for INVALID_ATTRIBUTE too, if that is about the region", async () => {
    const about = (attribute: string) => ({
      error: 400,
      errorCode: "INVALID_ATTRIBUTE",
      detail: `Invalid attribute ${attribute} specified.`,
    });
    const offered = [size("FLEX", "US_EAST_1")];
    expect((await refusal(offered, "us-east-1", about("regionName"))).example).toBe("US_EAST_1");
    expect((await refusal(offered, "us-east-1", about("name"))).failure.fields).toBeUndefined();
  });
});
