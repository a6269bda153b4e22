/** Checks the body of a create, and creates the flex cluster. */
import { checkFields, optionalFlag, requiredObject, requiredText } from "../api/fields.ts";
import type { Call } from "../api/operation.ts";
import { readTags } from "../api/tags.ts";
import { createAnyCluster } from "../clusters/any-cluster.ts";
import { checkClusterCount, checkClusterName, checkNameIsFree } from "../clusters/names.ts";
import { checkRegion } from "../regions/operations.ts";
import type { Cluster } from "../state/resources.ts";

/** Creates a cluster; throws if Atlas would refuse it. The caller adds it to the state. */
export const createCluster = (call: Call, groupId: string): Cluster => {
  const { state, body, now } = call;
  checkFields(body, {
    name: "string",
    providerSettings: "object",
    tags: "array",
    terminationProtectionEnabled: "boolean",
    // Read-only, accepted and ignored as on a project.
    clusterCount: "ignored",
    created: "ignored",
    createDate: "ignored",
    groupId: "ignored",
    id: "ignored",
    links: "ignored",
  });
  const name = requiredText(body, "name");
  const settings = requiredObject(body, "providerSettings");
  checkFields(settings, {
    backingProviderName: "string",
    regionName: "string",
    diskSizeGB: "ignored",
    providerName: "ignored",
  });
  const provider = requiredText(settings, "backingProviderName");
  const region = requiredText(settings, "regionName");
  checkClusterName(name);
  checkRegion(provider, region, "FLEX");
  const tags = readTags(body);
  checkNameIsFree(state, groupId, name, now);
  checkClusterCount(state, groupId, now);
  return {
    ...createAnyCluster(call, groupId, name),
    provider,
    region,
    tags,
    terminationProtectionEnabled: optionalFlag(body, "terminationProtectionEnabled") ?? false,
  };
};
