/** Query parameters. */
import { createApiError } from "../errors/api-error.ts";

/** The names of the query parameters that the API documents, and the sandbox reads. */
export const queryParameters: readonly string[] = [
  ...["envelope", "pretty", "pageNum", "itemsPerPage", "includeCount"],
  ...["groupId", "orgId", "userId", "ipAddress", "endpointPath", "name", "username"],
  ...["orgMembershipStatus", "orgMembershipStatuses", "projectOwnerId", "providers", "tier"],
  ...["includeDeletedWithRetainedBackups", "retainBackups"],
];

/** A boolean query parameter. */
export const flagParameter = (query: URLSearchParams, name: string, fallback: boolean): boolean => {
  const value = query.get(name);
  if (value === null) return fallback;
  if (value === "true") return true;
  if (value === "false") return false;
  throw createApiError("INVALID_QUERY_PARAMETER", { parameter: name });
};

/** A whole-number query parameter from 1 to `maximum`. */
export const countParameter = (
  query: URLSearchParams,
  name: string,
  fallback: number,
  maximum: number,
): number => {
  const value = query.get(name);
  if (value === null) return fallback;
  const count = /^[0-9]{1,9}$/.test(value) ? Number(value) : 0;
  if (count < 1 || count > maximum) {
    throw createApiError("INVALID_QUERY_PARAMETER", { parameter: name });
  }
  return count;
};

/** Tells whether a name matches the `name` filter of a list: a prefix, in upper or lower case. */
export const matchesNameFilter = (query: URLSearchParams, name: string): boolean =>
  name.toLowerCase().startsWith((query.get("name") ?? "").toLowerCase());
