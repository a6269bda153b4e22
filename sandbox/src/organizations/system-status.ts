/** The operation that shows the caller and the version of the API. */
import type { Caller, Operation } from "../api/operation.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { rolesOf } from "../api-keys/find.ts";
import { buildHash } from "../http/response.ts";
import type { JsonObject } from "../json.ts";
import type { SandboxState } from "../state/resources.ts";

/** Null for a service account: documented as nullable, so this is an assumption. */
const toApiKeyView = (
  { id, publicKey }: Caller,
  { apiKeys, organizations }: SandboxState,
): JsonObject | null => {
  if (publicKey === undefined) return null;
  const created = apiKeys.find((key) => key.id === id);
  const roles = created
    ? rolesOf(created)
    : organizations.map(({ id: orgId }) => ({ orgId, roleName: "ORG_OWNER" }));
  return { accessList: [], id, publicKey, roles };
};

export const systemStatusOperations: readonly Operation[] = [
  {
    id: "getSystemStatus",
    method: "GET",
    path: "",
    version: "2023-01-01",
    endpointSet: endpointSets.root,
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
