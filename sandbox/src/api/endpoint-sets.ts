/** A set of endpoints that share one token bucket per user, project or organization. */
export type EndpointSet = {
  name: string;
  scope: "user" | "group" | "organization";
  capacity: number;
  /** Tokens that come back every 60 seconds. */
  refill: number;
};

// Capacity and refill: docs "Atlas Administration API rate limits" (RATEDOC); the capacities are
// confirmed by recorded RateLimit-Limit headers. How the endpoints share buckets beyond that list is
// not documented.
const WIDE = { capacity: 1200, refill: 500 };

/** Listing and creating projects. */
export const GROUPS: EndpointSet = { name: "groups", scope: "user", ...WIDE };

/** One project and what has no set of its own below it. */
export const GROUP: EndpointSet = { name: "group", scope: "group", ...WIDE };

/** Flex clusters of one project. */
export const FLEX_CLUSTERS: EndpointSet = { name: "flexClusters", scope: "group", ...WIDE };

/** The access list of one project. */
export const ACCESS_LIST: EndpointSet = { name: "accessList", scope: "group", ...WIDE };

const WIDEST = { capacity: 10000, refill: 5000 };

/** Clusters and provider regions of one project. */
export const CLUSTERS: EndpointSet = { name: "clusters", scope: "group", ...WIDEST };

/** Database users of one project. */
export const DATABASE_USERS: EndpointSet = { name: "databaseUsers", scope: "group", ...WIDEST };

/** Listing organizations. */
export const ORGANIZATIONS: EndpointSet = {
  name: "orgs",
  scope: "user",
  capacity: 300,
  refill: 100,
};

/** One organization. */
export const ORGANIZATION: EndpointSet = {
  name: "org",
  scope: "organization",
  capacity: 500,
  refill: 250,
};
