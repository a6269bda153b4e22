/** The access list of a service account or an API key: from where it may call. */
import { checkFields, type FieldKind } from "../api/fields.ts";
import { type Call, pathParameter } from "../api/operation.ts";
import { createApiError } from "../errors/api-error.ts";
import { readBlock, toBlock } from "./blocks.ts";

/** An entry of the list. */
export type CallerEntry = { cidrBlock: string; createdAt: number };

/** The list with the entries of the body; one that it has already is left as it is. */
export const withNewEntries = (
  { items, now }: Call,
  list: readonly CallerEntry[],
  ignored: Record<string, FieldKind> = {},
): CallerEntry[] => {
  const blocks = items.map((item) => {
    checkFields(item, { cidrBlock: "string", ipAddress: "string", ...ignored });
    return readBlock(item);
  });
  const added = [...new Set(blocks)]
    .filter((block) => !list.some(({ cidrBlock }) => cidrBlock === block))
    .map((cidrBlock) => ({ cidrBlock, createdAt: now }));
  return [...list, ...added];
};

/** The entry that the path names; throws if the list does not have it. */
export const findCallerEntry = (call: Call, list: readonly CallerEntry[]): CallerEntry => {
  const address = pathParameter(call, "ipAddress");
  const block = toBlock(address);
  const entry = list.find(({ cidrBlock }) => cidrBlock === block);
  // Atlas's own code is not documented.
  if (entry === undefined) {
    throw createApiError("RESOURCE_NOT_FOUND", { resource: `access list entry ${address}` });
  }
  return entry;
};
