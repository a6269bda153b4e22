/** The roles of the credentials in an organization, by Atlas's names (ORG_OWNER ...). */
import type { Deadline } from "../common/deadline.ts";
import type { AtlasClient } from "./client.ts";
import { getOrgServiceAccount, getSystemStatus } from "./requests.ts";

/** Roles of a service account. */
export const serviceAccountRoles = async (
  atlas: AtlasClient,
  deadline: Deadline,
  orgId: string,
  clientId: string,
): Promise<string[]> =>
  (await atlas.read(getOrgServiceAccount(orgId, clientId), deadline)).roles ?? [];

/** Roles of the calling API key. */
export const apiKeyRoles = async (
  atlas: AtlasClient,
  deadline: Deadline,
  orgId: string,
): Promise<string[]> => {
  const { apiKey } = await atlas.read(getSystemStatus(), deadline);
  const roles = apiKey?.roles ?? [];
  return roles.flatMap((role) => (role.orgId === orgId ? (role.roleName ?? []) : []));
};
