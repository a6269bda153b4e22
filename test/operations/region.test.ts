import { describe, expect, it } from "vitest";
import type { FlexClusterBody } from "../../src/atlas/resources/flex-cluster.ts";
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

  it.each<[Provider, given: string, meant: string]>([
    ["AWS", "Virginia", "US_EAST_1"],
    ["AWS", "N. Virginia", "US_EAST_1"],
    ["AWS", "Frankfurt", "EU_CENTRAL_1"],
    ["AWS", "Ireland", "EU_WEST_1"],
    ["AWS", "us east 1", "US_EAST_1"],
    ["AWS", "aws us-east-1", "US_EAST_1"],
    ["AWS", "eu-west-1 (Ireland)", "EU_WEST_1"],
    ["AWS", "Tokyo", "AP_NORTHEAST_1"],
    ["GCP", "Iowa", "CENTRAL_US"],
    ["AZURE", "Virginia", "US_EAST_2"],
    ["AZURE", "(US) East US 2", "US_EAST_2"],
  ])("(%s %s) comes with the call that was meant", async (provider, given, meant) => {
    const sandboxBench = await startSandboxBench();
    const { resource } = await ensureProject(sandboxBench, {
      name: "shop",
      orgId: sandboxBench.sandbox.orgId,
    });
    const failure = await failureOf(
      ensureCluster(sandboxBench, resource.id ?? "", bodyIn(provider, given)),
    );
    const providerSettings = { backingProviderName: provider, regionName: meant };
    expect(failure.fields).toMatchObject([{ example: meant }]);
    expect(failure.suggestions).toMatchObject([{ suggest: "repeat", with: { providerSettings } }]);
    expect(failure.suggestions[0]?.why).toBe(`${given} is ${meant} in Atlas.`);
  });

  it("that is one letter wrong comes with an example, and no call is made of it", async () => {
    const sandboxBench = await startSandboxBench();
    const { resource } = await ensureProject(sandboxBench, {
      name: "shop",
      orgId: sandboxBench.sandbox.orgId,
    });
    const failure = await failureOf(
      ensureCluster(sandboxBench, resource.id ?? "", bodyIn("AWS", "EU_WESTT_1")),
    );
    expect(failure.fields).toMatchObject([{ example: "EU_WEST_1" }]);
    expect(failure.suggestions).toEqual([]);
  });

  it.each(["Mars", "Lagos", "USA", "us-east-2", "EU_WEST_2", "ap-southeast-9", "europe"])(
    "that means none of those offered (%s) is not guessed",
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

  it.each<[given: string, ...offered: string[]]>([
    ["us-east-2", "EU_WEST_1", "US_EAST_1"],
    ["Ohio", "US_EAST_1"],
    ["EU_WEST_2", "US_WEST_2"],
    ["CA_EAST_1", "SA_EAST_1"],
    // Refused all the same: it may be full.
    ["US_EAST_1", "US_EAST_1", "US_WEST_2"],
  ])("shows no other region in the place of %s, however like", async (given, ...offered) => {
    const { example, problem, failure } = await refusal([size("FLEX", ...offered)], given);
    expect(example).toBeUndefined();
    expect(problem).toContain(offered.at(-1));
    expect(failure.suggestions).toEqual([]);
  });

  it("takes Atlas's word for a region that no table knows", async () => {
    const { example, failure } = await refusal([size("FLEX", "EU_WEST_9")], "eu-west-9");
    expect(example).toBe("EU_WEST_9");
    expect(failure.suggestions).toHaveLength(1);
  });

  it.each([
    [["AP_SOUTHEAST_2", "EU_WEST_1"], "AP_SOUTHEAST_2"],
    [["AP_SOUTHEAST_2", "AP_SOUTHEAST_4"], undefined],
  ])("of a country shows the only one that is offered there: %j", async (offered, meant) => {
    expect((await refusal([size("FLEX", ...offered)], "Australia")).example).toBe(meant);
  });

  it.each([403, 404, 500])("suggests what was meant where the list answers %i", async (status) => {
    const { problem, example, failure } = await refusal({ status });
    expect(example).toBe("US_EAST_1");
    expect(problem).not.toContain("offers");
    expect(failure.code).toBe("invalid_input");
  });

  it("suggests nothing where there is no list and nothing else can be meant", async () => {
    for (const given of ["MARS_1", "Mars", "eu-west-99"]) {
      const { example, failure } = await refusal({ status: 403 }, given);
      expect(example).toBeUndefined();
      expect(failure.suggestions).toEqual([]);
    }
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
