/** The operation that lists the API keys of an organization: the sandbox's own. */
import { type Operation, pathParameter } from "../api/operation.ts";
import { createPage } from "../api/pages.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { findOrganization } from "./operations.ts";

export const apiKeyOperations: readonly Operation[] = [
  {
    id: "listOrgApiKeys",
    method: "GET",
    path: "/orgs/{orgId}/apiKeys",
    version: "2023-01-01",
    endpointSet: endpointSets.organizationApiKeys,
    run: (call) => {
      const orgId = findOrganization(call, pathParameter(call, "orgId")).id;
      const { apiKeyId: id, publicKey } = call.own;
      const key = {
        desc: "The sandbox's API key",
        id,
        links: [{ href: `${call.origin}${call.path}/${id}`, rel: "self" }],
        // Atlas shows the last twelve letters. Keys that are given here may be shorter.
        privateKey: "********-****-****-************",
        publicKey,
        roles: [{ orgId, roleName: "ORG_OWNER" }],
      };
      return createPage(call, [key]);
    },
  },
];
