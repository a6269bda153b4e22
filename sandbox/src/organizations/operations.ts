/** The operations on organizations. */
import { checkFields, optionalText } from "../api/fields.ts";
import type { Call, Operation } from "../api/operation.ts";
import { createPage } from "../api/pages.ts";
import { matchesNameFilter } from "../api/query.ts";
import { endpointSets } from "../api/rate-limits.ts";
import type { JsonObject } from "../json.ts";
import type { Organization } from "../state/resources.ts";
import { findOrganization } from "./find.ts";

const subresources = ["groups", "teams", "users"];

const toOrganizationView = (
  call: Call,
  organization: Organization,
  subresources: readonly string[],
): JsonObject => {
  const self = `${call.origin}/api/atlas/v2/orgs/${organization.id}`;
  return {
    id: organization.id,
    isDeleted: false,
    links: [
      { href: self, rel: "self" },
      ...subresources.map((name) => ({
        href: `${self}/${name}`,
        rel: `https://cloud.mongodb.com/${name}`,
      })),
    ],
    name: organization.name,
    skipDefaultAlertsSettings: false,
  };
};

export const organizationOperations: readonly Operation[] = [
  {
    id: "listOrgs",
    method: "GET",
    path: "/orgs",
    version: "2023-01-01",
    endpointSet: endpointSets.organizations,
    run: (call) => {
      const organizations = call.state.organizations
        .filter(({ name }) => matchesNameFilter(call.query, name))
        .map((organization) => toOrganizationView(call, organization, []));
      return createPage(call, organizations);
    },
  },
  {
    id: "getOrg",
    method: "GET",
    path: "/orgs/{orgId}",
    version: "2023-01-01",
    endpointSet: endpointSets.organization,
    run: (call) => {
      const organization = findOrganization(call);
      return { status: 200, body: toOrganizationView(call, organization, subresources) };
    },
  },
  {
    id: "updateOrg",
    method: "PATCH",
    path: "/orgs/{orgId}",
    version: "2023-01-01",
    endpointSet: endpointSets.organization,
    run: (call) => {
      const organization = findOrganization(call);
      const others = { id: "ignored", isDeleted: "ignored", links: "ignored" } as const;
      checkFields(call.body, { name: "string", skipDefaultAlertsSettings: "boolean", ...others });
      organization.name = optionalText(call.body, "name") || organization.name;
      return { status: 200, body: toOrganizationView(call, organization, subresources) };
    },
  },
];
