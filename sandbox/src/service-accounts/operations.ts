/** The operations on service accounts, for an organization and for a project. */

import { checkFields } from "../api/fields.ts";
import type { Operation } from "../api/operation.ts";
import { createPage } from "../api/pages.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { findOrganization } from "../organizations/find.ts";
import { findProject } from "../projects/find.ts";
import { accountAccessOperations } from "./access-list.ts";
import { createAccount, readRoles, updateAccount } from "./body.ts";
import { findAccount, findChangeableAccount, pickAccount } from "./find.ts";
import { organizationScope, projectScope, type Scope } from "./scopes.ts";
import { secretOperations } from "./secrets.ts";
import { toAccountView, toNewAccountView } from "./view.ts";

const version = "2024-08-05";

const accountOperations = (scope: Scope): Operation[] => {
  const { kind, path, endpointSet } = scope;
  const listRoute = { path, version, endpointSet };
  const itemRoute = { ...listRoute, path: `${path}/{clientId}` };
  return [
    {
      ...listRoute,
      id: `list${kind}ServiceAccounts`,
      method: "GET",
      run: (call) =>
        createPage(
          call,
          scope.accounts(call).map((account) => toAccountView(account, scope.roles(call, account))),
        ),
    },
    {
      ...listRoute,
      id: `create${kind}ServiceAccount`,
      method: "POST",
      run: (call) => {
        const account = createAccount(scope, call);
        call.state.serviceAccounts.push(account);
        return { status: 201, body: toNewAccountView(account, scope.roles(call, account)) };
      },
    },
    {
      ...itemRoute,
      id: `get${kind}ServiceAccount`,
      method: "GET",
      run: (call) => {
        const account = findAccount(scope, call);
        return { status: 200, body: toAccountView(account, scope.roles(call, account)) };
      },
    },
    {
      ...itemRoute,
      id: `update${kind}ServiceAccount`,
      method: "PATCH",
      run: (call) => {
        const account = findChangeableAccount(scope, call);
        updateAccount(scope, call, account);
        return { status: 200, body: toAccountView(account, scope.roles(call, account)) };
      },
    },
    {
      ...itemRoute,
      id: `delete${kind}ServiceAccount`,
      method: "DELETE",
      run: (call) => {
        scope.remove(call, findChangeableAccount(scope, call));
        return { status: 204 };
      },
    },
    ...secretOperations(scope, version),
    ...accountAccessOperations(scope, version),
  ];
};

export const serviceAccountOperations: readonly Operation[] = [
  ...accountOperations(organizationScope),
  ...accountOperations(projectScope),
  {
    id: "getOrgServiceAccountGroups",
    method: "GET",
    path: `${organizationScope.path}/{clientId}/groups`,
    version,
    endpointSet: endpointSets.organizationServiceAccounts,
    run: (call) => {
      findOrganization(call);
      const { projects } = findAccount(organizationScope, call);
      return createPage(
        call,
        projects.map(({ groupId, roles }) => ({ groupId, roles: [...roles] })),
      );
    },
  },
  {
    id: "inviteGroupServiceAccount",
    method: "POST",
    path: `${projectScope.path}/{clientId}:invite`,
    version,
    endpointSet: endpointSets.serviceAccounts,
    run: (call) => {
      const { orgId } = findProject(call);
      const members = call.state.serviceAccounts.filter((one) => one.orgId === orgId);
      const account = pickAccount(call, members);
      checkFields(call.body, { roles: "array" });
      projectScope.setRoles(call, account, readRoles(projectScope, call));
      return { status: 200, body: toAccountView(account, projectScope.roles(call, account)) };
    },
  },
];
