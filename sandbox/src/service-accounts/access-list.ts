/** The operations on the access list of a service account. The sandbox keeps the list, but serves any address. */
import { findCallerEntry, withNewEntries } from "../access-list/caller-list.ts";
import type { Call, Operation, OperationResult } from "../api/operation.ts";
import { createPage } from "../api/pages.ts";
import type { ServiceAccount } from "../state/administration.ts";
import { findAccount, findChangeableAccount } from "./find.ts";
import type { Scope } from "./scopes.ts";
import { toAccessView } from "./view.ts";

const toPage = (call: Call, { accessList }: ServiceAccount): OperationResult =>
  createPage(call, accessList.map(toAccessView));

/** What Atlas shows of an entry, and clients send back. */
const shown = {
  createdAt: "ignored",
  lastUsedAddress: "ignored",
  lastUsedAt: "ignored",
  requestCount: "ignored",
} as const;

/** The operations for an organization or a project. */
export const accountAccessOperations = (scope: Scope, version: string): Operation[] => {
  const { kind, endpointSet } = scope;
  const listRoute = { path: `${scope.path}/{clientId}/accessList`, version, endpointSet };
  return [
    {
      ...listRoute,
      id: `list${kind}ServiceAccountAccessList`,
      method: "GET",
      run: (call) => toPage(call, findAccount(scope, call)),
    },
    {
      ...listRoute,
      id: `create${kind}ServiceAccountAccessList`,
      method: "POST",
      takesList: true,
      run: (call) => {
        const account = findChangeableAccount(scope, call);
        account.accessList = withNewEntries(call, account.accessList, shown);
        return toPage(call, account);
      },
    },
    {
      ...listRoute,
      id: `delete${kind}ServiceAccountAccessListEntry`,
      method: "DELETE",
      path: `${listRoute.path}/{ipAddress}`,
      run: (call) => {
        const account = findChangeableAccount(scope, call);
        const entry = findCallerEntry(call, account.accessList);
        account.accessList = account.accessList.filter((other) => other !== entry);
        return { status: 204 };
      },
    },
  ];
};
