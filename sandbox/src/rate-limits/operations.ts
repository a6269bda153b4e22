/** The operations that show the rate limits, which follow from the operations that have them. */
import type { Operation } from "../api/operation.ts";
import { pathParameter } from "../api/operation.ts";
import { createPage } from "../api/pages.ts";
import { type EndpointSet, endpointSets, refillSeconds } from "../api/rate-limits.ts";
import { createApiError } from "../errors/api-error.ts";
import type { JsonObject } from "../json.ts";

const scopeNames = {
  user: "USER",
  group: "GROUP",
  organization: "ORGANIZATION",
  address: "IP",
} as const;

/** The parameter that asks for the limits of one owner, and so for sets of one scope only. */
const scopeParameters = {
  user: "userId",
  group: "groupId",
  organization: "orgId",
  address: "ipAddress",
} as const;

/** The id as in Atlas's own example: `rateLimitsInspection_group`. */
const toId = ({ name, scope }: EndpointSet): string => {
  const joined = name.replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase());
  return `${joined.charAt(0).toLowerCase()}${joined.slice(1)}_${scopeNames[scope].toLowerCase()}`;
};

const toLimit = (value: number): JsonObject => ({ defaultValue: value, value });

const toView = (set: EndpointSet, all: readonly Operation[]): JsonObject => ({
  capacity: toLimit(set.capacity),
  endpointSetId: toId(set),
  endpointSetName: set.name,
  endpoints: all
    .filter(({ endpointSet }) => toId(endpointSet) === toId(set))
    .map(({ method, path }) => ({ method, path: `/api/atlas/v2${path}` })),
  refillDurationSeconds: toLimit(refillSeconds),
  refillRate: toLimit(set.refill),
  scope: scopeNames[set.scope],
});

/** Tells whether the filters of a list let an endpoint set through. */
const isListed = (query: URLSearchParams, set: EndpointSet, paths: readonly string[]): boolean => {
  const names = query.getAll("name");
  const asked = query.getAll("endpointPath");
  const isScoped = Object.values(scopeParameters).some((parameter) => query.has(parameter));
  return (
    (!isScoped || query.has(scopeParameters[set.scope])) &&
    (names.length === 0 || names.includes(set.name)) &&
    (asked.length === 0 || asked.some((path) => paths.includes(path)))
  );
};

const route = {
  path: "/rateLimits",
  version: "2025-03-12",
  endpointSet: endpointSets.rateLimits,
} as const;

/** The operations that show the limits of these operations and of themselves. */
export const createRateLimitOperations = (others: readonly Operation[]): readonly Operation[] => {
  const own: Operation[] = [
    {
      ...route,
      id: "listRateLimits",
      method: "GET",
      run: (call) => {
        const all = [...others, ...own];
        const sets = new Map(all.map(({ endpointSet }) => [toId(endpointSet), endpointSet]));
        const listed = [...sets.values()].filter((set) =>
          isListed(
            call.query,
            set,
            all
              .filter(({ endpointSet }) => toId(endpointSet) === toId(set))
              .map(({ path }) => `/api/atlas/v2${path}`),
          ),
        );
        return createPage(
          call,
          listed.map((set) => toView(set, all)),
        );
      },
    },
    {
      ...route,
      id: "getRateLimit",
      method: "GET",
      path: `${route.path}/{endpointSetId}`,
      run: (call) => {
        const all = [...others, ...own];
        const id = pathParameter(call, "endpointSetId");
        const found = all.find(({ endpointSet }) => toId(endpointSet) === id);
        if (found === undefined) throw createApiError("RESOURCE_NOT_FOUND", { resource: id });
        return { status: 200, body: toView(found.endpointSet, all) };
      },
    },
  ];
  return own;
};
