/** The operations on the access list of a service account. The sandbox keeps the list, but serves any address. */
import { readBlock, toBlock } from "../access-list/blocks.ts";
import { checkFields } from "../api/fields.ts";
import {
  type Call,
  type Operation,
  type OperationResult,
  pathParameter,
} from "../api/operation.ts";
import { createPage } from "../api/pages.ts";
import { createApiError } from "../errors/api-error.ts";
import type { ServiceAccount } from "../state/administration.ts";
import { findAccount, findChangeableAccount } from "./find.ts";
import type { Scope } from "./scopes.ts";
import { toAccessView } from "./view.ts";

const toPage = (call: Call, { accessList }: ServiceAccount): OperationResult =>
  createPage(call, accessList.map(toAccessView));

/** Reads the new entries; one that the list has already is left as it is. */
const readEntries = (call: Call, { accessList }: ServiceAccount): ServiceAccount["accessList"] => {
  const blocks = call.items.map((item) => {
    checkFields(item, {
      cidrBlock: "string",
      ipAddress: "string",
      createdAt: "ignored",
      lastUsedAddress: "ignored",
      lastUsedAt: "ignored",
      requestCount: "ignored",
    });
    return readBlock(item);
  });
  return [...new Set(blocks)]
    .filter((block) => !accessList.some(({ cidrBlock }) => cidrBlock === block))
    .map((cidrBlock) => ({ cidrBlock, createdAt: call.now }));
};

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
        account.accessList = [...account.accessList, ...readEntries(call, account)];
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
        const entry = pathParameter(call, "ipAddress");
        const block = toBlock(entry);
        if (!account.accessList.some(({ cidrBlock }) => cidrBlock === block)) {
          throw createApiError("RESOURCE_NOT_FOUND", { resource: `access list entry ${entry}` });
        }
        account.accessList = account.accessList.filter(({ cidrBlock }) => cidrBlock !== block);
        return { status: 204 };
      },
    },
  ];
};
