/** Finds organizations by id. */
import { isObjectId } from "../api/fields.ts";
import { type Call, pathParameter } from "../api/operation.ts";
import { createApiError } from "../errors/api-error.ts";
import type { Organization } from "../state/resources.ts";

/** The organization with this id; throws if there is none. */
export const organizationWithId = (call: Call, orgId: string): Organization => {
  if (!isObjectId(orgId)) throw createApiError("INVALID_ORG_ID", { orgId });
  const organization = call.state.organizations.find(({ id }) => id === orgId);
  if (organization === undefined) throw createApiError("ORG_NOT_FOUND", { orgId });
  return organization;
};

/** The organization that the path names; throws if there is none. */
export const findOrganization = (call: Call): Organization =>
  organizationWithId(call, pathParameter(call, "orgId"));
