/** The operations on the access list of an API key. The sandbox keeps the list, but serves any address. */
import { type CallerEntry, findCallerEntry, withNewEntries } from "../access-list/caller-list.ts";
import { toSingleAddress } from "../access-list/view.ts";
import type { Call, Operation, OperationResult } from "../api/operation.ts";
import { createPage } from "../api/pages.ts";
import { endpointSets } from "../api/rate-limits.ts";
import type { JsonObject } from "../json.ts";
import type { ApiKey } from "../state/administration.ts";
import { toAtlasTime } from "../state/resources.ts";
import { findChangeableKey, keysOf, pickKey } from "./find.ts";

const listRoute = {
  path: "/orgs/{orgId}/apiKeys/{apiUserId}/accessList",
  version: "2023-01-01",
  endpointSet: endpointSets.organizationApiKeys,
};
const itemRoute = { ...listRoute, path: `${listRoute.path}/{ipAddress}` };

/** Converts an entry to the body of a read; as recorded, the link has an address without the length of its block. */
const toView = (
  call: Call,
  { id, orgId }: ApiKey,
  { cidrBlock, createdAt }: CallerEntry,
): JsonObject => {
  const ipAddress = toSingleAddress(cidrBlock);
  const list = `${call.origin}/api/atlas/v2/orgs/${orgId}/apiKeys/${id}/accessList`;
  return {
    cidrBlock,
    count: 0,
    created: toAtlasTime(createdAt),
    ...(ipAddress === undefined ? {} : { ipAddress }),
    links: [{ href: `${list}/${encodeURIComponent(ipAddress ?? cidrBlock)}`, rel: "self" }],
  };
};

const toPage = (call: Call, key: ApiKey): OperationResult =>
  createPage(
    call,
    key.accessList.map((entry) => toView(call, key, entry)),
  );

export const apiKeyAccessOperations: readonly Operation[] = [
  {
    ...listRoute,
    id: "listOrgApiKeyAccessListEntries",
    method: "GET",
    run: (call) => toPage(call, pickKey(call, keysOf(call))),
  },
  {
    ...listRoute,
    id: "createOrgApiKeyAccessListEntry",
    method: "POST",
    takesList: true,
    run: (call) => {
      const key = findChangeableKey(call);
      key.accessList = withNewEntries(call, key.accessList);
      return toPage(call, key);
    },
  },
  {
    ...itemRoute,
    id: "getOrgApiKeyAccessListEntry",
    method: "GET",
    run: (call) => {
      const key = pickKey(call, keysOf(call));
      return { status: 200, body: toView(call, key, findCallerEntry(call, key.accessList)) };
    },
  },
  {
    ...itemRoute,
    id: "deleteOrgApiKeyAccessListEntry",
    method: "DELETE",
    run: (call) => {
      const key = findChangeableKey(call);
      const entry = findCallerEntry(call, key.accessList);
      key.accessList = key.accessList.filter((other) => other !== entry);
      return { status: 204 };
    },
  },
];
