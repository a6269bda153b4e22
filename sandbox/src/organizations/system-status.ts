import type { Caller, Operation } from "../api/operation.ts";
import { endpointSets } from "../api/rate-limits.ts";
import type { JsonObject } from "../json.ts";
import type { SandboxState } from "../state/resources.ts";

/** The git hash that the sandbox shows wherever Atlas shows its build. */
export const buildHash = "5a4db0c55a4db0c55a4db0c55a4db0c55a4db0c5";

// Documented as nullable; that it is null for a service account is assumed.
const toApiKeyView = (
  { id, publicKey }: Caller,
  { organizations }: SandboxState,
): JsonObject | null => {
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
    endpointSet: { ...endpointSets.groups, name: "status" },
    run: (call) => ({
      status: 200,
      body: {
        apiKey: toApiKeyView(call.caller, call.state),
        appName: "MongoDB Atlas",
        build: buildHash,
        links: [{ href: `${call.origin}${call.path}`, rel: "self" }],
        throttling: false,
      },
    }),
  },
];
