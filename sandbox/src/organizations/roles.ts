/** The roles that a service account, an API key or a user can have in an organization. */
import { createApiError } from "../errors/api-error.ts";

const organizationRoles = [
  "ORG_BILLING_ADMIN",
  "ORG_BILLING_READ_ONLY",
  "ORG_GROUP_CREATOR",
  "ORG_MEMBER",
  "ORG_OWNER",
  "ORG_READ_ONLY",
  "ORG_STREAM_PROCESSING_ADMIN",
];

/** Refuses what is no role of an organization. */
export const checkOrganizationRoles = (roles: readonly string[], orgId: string): void => {
  const role = roles.find((name) => !organizationRoles.includes(name));
  if (role !== undefined) throw createApiError("INVALID_ROLE_FOR_ORG", { role, orgId });
};
