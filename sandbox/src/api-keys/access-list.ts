/** The operations on the access list of an API key. The sandbox keeps the list, but serves any address. */
import { readBlock, toBlock } from "../access-list/blocks.ts";
import { toSingleAddress } from "../access-list/view.ts";
import { checkFields } from "../api/fields.ts";
import {
  type Call,
  type Operation,
  type OperationResult,
  pathParameter,
} from "../api/operation.ts";
import { createPage } from "../api/pages.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { createApiError } from "../errors/api-error.ts";
import type { JsonObject } from "../json.ts";
import type { ApiKey } from "../state/administration.ts";
import { toAtlasTime } from "../state/resources.ts";
import { findChangeableKey, keysOf, pickKey } from "./find.ts";

type Entry = ApiKey["accessList"][number];

const listRoute = {
  path: "/orgs/{orgId}/apiKeys/{apiUserId}/accessList",
  version: "2023-01-01",
  endpointSet: endpointSets.organizationApiKeys,
};
const itemRoute = { ...listRoute, path: `${listRoute.path}/{ipAddress}` };

/** Converts an entry to the body of a read; as recorded, the link has an address without the length of its block. */
const toView = (call: Call, { id, orgId }: ApiKey, { cidrBlock, createdAt }: Entry): JsonObject => {
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

/** The entry that the path names; throws if the key does not have it. */
const findEntry = (call: Call, { accessList }: ApiKey): Entry => {
  const address = pathParameter(call, "ipAddress");
  const block = toBlock(address);
  const entry = accessList.find(({ cidrBlock }) => cidrBlock === block);
  // Atlas's own code is not documented.
  if (entry === undefined) {
    throw createApiError("RESOURCE_NOT_FOUND", { resource: `access list entry ${address}` });
  }
  return entry;
};

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
      const blocks = call.items.map((item) => {
        checkFields(item, { cidrBlock: "string", ipAddress: "string" });
        return readBlock(item);
      });
      const added = [...new Set(blocks)]
        .filter((block) => !key.accessList.some(({ cidrBlock }) => cidrBlock === block))
        .map((cidrBlock) => ({ cidrBlock, createdAt: call.now }));
      key.accessList = [...key.accessList, ...added];
      return toPage(call, key);
    },
  },
  {
    ...itemRoute,
    id: "getOrgApiKeyAccessListEntry",
    method: "GET",
    run: (call) => {
      const key = pickKey(call, keysOf(call));
      return { status: 200, body: toView(call, key, findEntry(call, key)) };
    },
  },
  {
    ...itemRoute,
    id: "deleteOrgApiKeyAccessListEntry",
    method: "DELETE",
    run: (call) => {
      const key = findChangeableKey(call);
      const entry = findEntry(call, key);
      key.accessList = key.accessList.filter((other) => other !== entry);
      return { status: 204 };
    },
  },
];
