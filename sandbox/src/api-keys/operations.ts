/** The operations on the API keys of an organization. */
import { checkFields, optionalText } from "../api/fields.ts";
import type { Operation } from "../api/operation.ts";
import { createPage } from "../api/pages.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { findOrganization } from "../organizations/find.ts";
import { checkOrganizationRoles } from "../organizations/roles.ts";
import { addKey, readNewKey, readRoles } from "./body.ts";
import { findChangeableKey, keysOf, pickKey, toKeyView, toNewKeyView } from "./find.ts";

const listRoute = {
  path: "/orgs/{orgId}/apiKeys",
  version: "2023-01-01",
  endpointSet: endpointSets.organizationApiKeys,
};
const itemRoute = { ...listRoute, path: "/orgs/{orgId}/apiKeys/{apiUserId}" };

export const apiKeyOperations: readonly Operation[] = [
  {
    ...listRoute,
    id: "listOrgApiKeys",
    method: "GET",
    run: (call) =>
      createPage(
        call,
        keysOf(call).map((key) => toKeyView(call, key)),
      ),
  },
  {
    ...listRoute,
    id: "createOrgApiKey",
    method: "POST",
    run: (call) => {
      const orgId = findOrganization(call).id;
      const { desc, roles } = readNewKey(call, (names) => checkOrganizationRoles(names, orgId));
      const key = addKey(call, { orgId, desc, roles, projects: [] });
      return { status: 200, body: toNewKeyView(call, key) };
    },
  },
  {
    ...itemRoute,
    id: "getOrgApiKey",
    method: "GET",
    run: (call) => ({ status: 200, body: toKeyView(call, pickKey(call, keysOf(call))) }),
  },
  {
    ...itemRoute,
    id: "updateOrgApiKey",
    method: "PATCH",
    run: (call) => {
      const key = findChangeableKey(call);
      checkFields(call.body, { desc: "string", roles: "array" });
      const roles = Array.isArray(call.body.roles)
        ? readRoles(call.body, (names) => checkOrganizationRoles(names, key.orgId))
        : key.roles;
      key.desc = optionalText(call.body, "desc") || key.desc;
      key.roles = roles;
      return { status: 200, body: toKeyView(call, key) };
    },
  },
  {
    ...itemRoute,
    id: "deleteOrgApiKey",
    method: "DELETE",
    run: (call) => {
      const key = findChangeableKey(call);
      call.state.apiKeys = call.state.apiKeys.filter((other) => other !== key);
      return { status: 204 };
    },
  },
];
