/** Finds API keys by the path of a request, and shows them. */
import { isObjectId } from "../api/fields.ts";
import { type Call, pathParameter } from "../api/operation.ts";
import { createApiError } from "../errors/api-error.ts";
import type { JsonObject } from "../json.ts";
import { findOrganization } from "../organizations/find.ts";
import type { ApiKey } from "../state/administration.ts";

/** The sandbox's own key, which owns all organizations. Its private key is not shown, not even a part of it. */
const ownKey = ({ own }: Call, orgId: string): ApiKey => ({
  id: own.apiKeyId,
  orgId,
  desc: "The sandbox's API key",
  publicKey: own.publicKey,
  privateKey: "************",
  roles: ["ORG_OWNER"],
  accessList: [],
  projects: [],
});

/** The keys of the organization that the path names, the sandbox's own first. */
export const keysOf = (call: Call): ApiKey[] => {
  const orgId = findOrganization(call).id;
  return [ownKey(call, orgId), ...call.state.apiKeys.filter((key) => key.orgId === orgId)];
};

/** The key that the path names, among these; throws if it is none of them. */
export const pickKey = (call: Call, keys: readonly ApiKey[]): ApiKey => {
  const apiUserId = pathParameter(call, "apiUserId");
  const key = isObjectId(apiUserId) ? keys.find(({ id }) => id === apiUserId) : undefined;
  if (key === undefined) throw createApiError("API_KEY_NOT_FOUND", { apiUserId });
  return key;
};

/** The key of the organization in the path, to change it. The sandbox's own cannot be changed: that would lock callers out. */
export const findChangeableKey = (call: Call): ApiKey => {
  const key = pickKey(call, keysOf(call));
  if (key.id === call.own.apiKeyId) throw createApiError("ACCESS_FORBIDDEN");
  return key;
};

/** The roles of a key: those in its organization, and those in its projects, or in one of them. */
export const rolesOf = ({ orgId, roles, projects }: ApiKey, groupId?: string): JsonObject[] => [
  ...roles.map((roleName) => ({ orgId, roleName })),
  ...projects
    .filter((project) => groupId === undefined || project.groupId === groupId)
    .flatMap(({ groupId, roles }) => roles.map((roleName) => ({ groupId, roleName }))),
];

/** Converts a key to the response to its create, which is the only one with the whole private key. */
export const toNewKeyView = (call: Call, key: ApiKey, groupId?: string): JsonObject => {
  const { desc, id, orgId, privateKey, publicKey } = key;
  return {
    desc,
    id,
    links: [{ href: `${call.origin}/api/atlas/v2/orgs/${orgId}/apiKeys/${id}`, rel: "self" }],
    privateKey,
    publicKey,
    roles: rolesOf(key, groupId),
  };
};

/** Converts a key to the body of a read. In a project it has no roles in other projects, as recorded. */
export const toKeyView = (call: Call, key: ApiKey, groupId?: string): JsonObject => {
  const privateKey = `********-****-****-${key.privateKey.slice(-12)}`;
  return toNewKeyView(call, { ...key, privateKey }, groupId);
};
