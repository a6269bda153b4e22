import { type Harness, start } from "../harness.ts";

/** The media type of one version. */
export const vendor = (date: string): string => `application/vnd.atlas.${date}+json`;

/** The body of a create of a free cluster, as the Atlas CLI sends it. */
export const free = (name: string, more: object = {}): object => ({
  name,
  clusterType: "REPLICASET",
  replicationSpecs: [
    {
      regionConfigs: [
        {
          providerName: "TENANT",
          backingProviderName: "AWS",
          regionName: "US_EAST_1",
          priority: 7,
          electableSpecs: { instanceSize: "M0" },
        },
      ],
    },
  ],
  ...more,
});

/** One region with three nodes of a dedicated cluster. */
export const region = (more: object = {}): object => ({
  providerName: "AWS",
  regionName: "US_EAST_1",
  priority: 7,
  electableSpecs: { instanceSize: "M10", nodeCount: 3 },
  ...more,
});

/** The body of a create of a dedicated cluster. */
export const dedicated = (name: string, more: object = {}): object => ({
  name,
  clusterType: "REPLICASET",
  replicationSpecs: [{ regionConfigs: [region()] }],
  ...more,
});

export type InProject = Harness & { id: string; path: string; flexPath: string };

/** Starts a sandbox with one project. */
export const startInProject = async (
  options: Parameters<typeof start>[0] = {},
): Promise<InProject> => {
  const harness = await start(options);
  const id = await harness.createProject("shop");
  return { ...harness, id, path: `/groups/${id}/clusters`, flexPath: `/groups/${id}/flexClusters` };
};
