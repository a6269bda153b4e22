import { GROUPS } from "../api/endpoint-sets.ts";
import type { Operation, Principal } from "../api/operation.ts";
import type { JsonObject } from "../json.ts";
import type { World } from "../state/resources.ts";

/** The git hash that the sandbox shows wherever Atlas shows its build. */
export const BUILD = "5a4db0c55a4db0c55a4db0c55a4db0c55a4db0c5";

// Documented as nullable; that it is null for a service account is assumed.
const apiKeyView = ({ id, publicKey }: Principal, { organizations }: World): JsonObject | null => {
  if (publicKey === undefined) return null;
  const roles = organizations.map((one) => ({ orgId: one.id, roleName: "ORG_OWNER" }));
  return { accessList: [], id, publicKey, roles };
};

/** The operation that tells who is calling and what answers. */
export const systemStatusOperations: readonly Operation[] = [
  {
    id: "getSystemStatus",
    method: "GET",
    path: "",
    version: "2023-01-01",
    limit: { ...GROUPS, name: "status" },
    run: (call) => ({
      status: 200,
      body: {
        apiKey: apiKeyView(call.principal, call.world),
        appName: "MongoDB Atlas",
        build: BUILD,
        links: [{ href: `${call.origin}${call.path}`, rel: "self" }],
        throttling: false,
      },
    }),
  },
];
