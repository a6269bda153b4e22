/** The operation that shows a service account. The sandbox has only one: the caller. */
import { type Operation, pathParameter } from "../api/operation.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { createApiError } from "../errors/api-error.ts";
import { findOrganization } from "./operations.ts";

export const serviceAccountOperations: readonly Operation[] = [
  {
    id: "getOrgServiceAccount",
    method: "GET",
    path: "/orgs/{orgId}/serviceAccounts/{clientId}",
    version: "2024-08-05",
    endpointSet: endpointSets.organization,
    run: (call) => {
      findOrganization(call, pathParameter(call, "orgId"));
      const clientId = pathParameter(call, "clientId");
      if (call.caller.publicKey !== undefined || clientId !== call.caller.id) {
        throw createApiError("RESOURCE_NOT_FOUND", { resource: `Service Account ${clientId}` });
      }
      return {
        status: 200,
        body: {
          clientId,
          description: "The sandbox's service account",
          name: "sandbox",
          roles: ["ORG_OWNER"],
          secrets: [],
        },
      };
    },
  },
];
