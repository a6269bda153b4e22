/** How the sandbox gets to give the recorded answers that need a free or dedicated cluster, or the fault of a young one. */
import type { TestResponse } from "../sandbox/harness.ts";
import { type InProject, inProject, type Scene } from "./recorded-scenes.ts";

const sizes = { instanceSize: "M10", nodeCount: 3 };
const body = {
  name: "two",
  clusterType: "REPLICASET",
  replicationSpecs: [
    {
      regionConfigs: [
        { providerName: "AWS", regionName: "US_EAST_1", priority: 7, electableSpecs: sizes },
      ],
    },
  ],
};

/** A dedicated cluster that is ready, unless `pause` says otherwise, and then a request. */
const dedicated = (
  ask: (harness: InProject) => Promise<TestResponse>,
  more: object = {},
  pause = 3000,
): Scene =>
  inProject(async (harness) => {
    const { api, id, pass } = harness;
    const created = await api("POST", `/groups/${id}/clusters`, { body: { ...body, ...more } });
    if (created.status !== 201) throw new Error(created.text);
    pass(pause);
    return ask(harness);
  });

const at =
  (method: string, path: string) =>
  ({ api, id }: InProject): Promise<TestResponse> =>
    api(method, `/groups/${id}${path}`);

const remove = at("DELETE", "/clusters/two");

/** A flex cluster, and what the API of dedicated ones says of it. */
const flexIn = (method: string): Scene =>
  inProject(async (harness) => {
    await harness.createCluster(harness.id, "one");
    return at(method, "/clusters/one")(harness);
  });

/** A flex cluster under a fault, after so many milliseconds. */
const youngFlex = (fault: string, pause: number): Scene =>
  inProject(async (harness) => {
    await harness.script("createGroupFlexCluster", fault);
    await harness.createCluster(harness.id, "one");
    harness.pass(pause);
    return at("GET", "/flexClusters/one")(harness);
  });

/** The scenes by the name of the recording. */
export const clusterScenes: Record<string, Scene> = {
  "GET /groups/{id}/clusters 200": dedicated(at("GET", "/clusters"), {
    clusterType: "SHARDED",
    replicationSpecs: [...body.replicationSpecs, ...body.replicationSpecs],
  }),
  "GET /groups/{id}/clusters/{name} 200 CREATING no strings": dedicated(
    at("GET", "/clusters/two"),
    {},
    0,
  ),
  "GET /groups/{id}/clusters/{name} 404 CLUSTER_NOT_FOUND": inProject(at("GET", "/clusters/none")),
  "GET /groups/{id}/clusters/{name} 400 CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API": flexIn("GET"),
  "DELETE /groups/{id}/clusters/{name} 202": dedicated(remove),
  "DELETE /groups/{id}/clusters/{name} 400 CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API":
    flexIn("DELETE"),
  "DELETE /groups/{id}/clusters/{name} 400 CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED":
    dedicated(remove, { terminationProtectionEnabled: true }),
  "DELETE /groups/{id}/clusters/{name} 400 CLUSTER_ALREADY_REQUESTED_DELETION": dedicated(
    async (harness) => {
      await remove(harness);
      return remove(harness);
    },
  ),
  "GET /groups/{id}/flexClusters/{name}/backup/snapshots 400 CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API":
    dedicated(at("GET", "/flexClusters/two/backup/snapshots")),
  "GET /groups/{id}/flexClusters/{name}/backup/snapshots/{id} 400 CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API":
    dedicated(at("GET", "/flexClusters/two/backup/snapshots/6a7943462c88faeba59ccf5f")),
  "GET /groups/{id}/flexClusters/{name} 200 DELETING standardSrv strings": inProject(
    async (harness) => {
      await harness.createCluster(harness.id, "one");
      await at("DELETE", "/flexClusters/one")(harness);
      return at("GET", "/flexClusters/one")(harness);
    },
  ),
  "GET /groups/{id}/flexClusters/{name} 200 CREATING no strings": youngFlex("late_strings", 0),
  "GET /groups/{id}/flexClusters/{name} 200 DELETING no strings": inProject(async (harness) => {
    await harness.script("createGroupFlexCluster", "late_strings");
    await harness.createCluster(harness.id, "one");
    await at("DELETE", "/flexClusters/one")(harness);
    return at("GET", "/flexClusters/one")(harness);
  }),
  "GET /groups/{id}/flexClusters/{name} 200 IDLE no strings": youngFlex("late_strings", 3000),
  "GET /groups/{id}/flexClusters/{name} 200 IDLE standardSrv strings": youngFlex(
    "late_strings",
    4500,
  ),
  "GET /groups/{id}/flexClusters/{name} 200 UPDATING standard+standardSrv strings": youngFlex(
    "updating",
    3000,
  ),
};
