/** The rate limits of the Admin API: which endpoints share a token bucket, and what is left in it. */
import { createErrorBody } from "../errors/api-error.ts";
import { createErrorResponse, type HttpResponse } from "../http/response.ts";

/** A set of endpoints that share one token bucket per user, project, organization or address. */
export type EndpointSet = {
  name: string;
  scope: "user" | "group" | "organization" | "address";
  capacity: number;
  /** Tokens that are added every 60 seconds. */
  refill: number;
};

/** The documented limits; the number is the capacity. */
const by300 = { capacity: 300, refill: 100 };
const by500 = { capacity: 500, refill: 250 };
const by1200 = { capacity: 1200, refill: 500 };
const by2000 = { capacity: 2000, refill: 1000 };
const by10000 = { capacity: 10000, refill: 5000 };

/**
 * The endpoint sets of the sandbox's operations, with Atlas's names (docs/atlas.md#rate-limits). Recorded
 * RateLimit-Limit headers confirm the capacities.
 */
export const endpointSets = {
  /** Lists and creates projects. */
  groups: { name: "Projects", scope: "user", ...by1200 },
  /** One project, and what Atlas does not list. */
  group: { name: "Projects", scope: "group", ...by1200 },
  flexClusters: { name: "Flex Clusters", scope: "group", ...by1200 },
  accessList: { name: "Project IP Access List", scope: "group", ...by1200 },
  /** Clusters and provider regions of one project. */
  clusters: { name: "Clusters", scope: "group", ...by10000 },
  databaseUsers: { name: "Database Users", scope: "group", ...by10000 },
  organizations: { name: "Organizations", scope: "user", ...by300 },
  organization: { name: "Organizations", scope: "organization", ...by500 },
  alertConfigs: { name: "Alert Configurations", scope: "group", ...by1200 },
  alertConfigMatchers: { name: "Alert Configurations", scope: "user", ...by300 },
  alerts: { name: "Alerts", scope: "group", ...by1200 },
  apiKeys: { name: "Programmatic API Keys", scope: "group", ...by1200 },
  auditing: { name: "Auditing", scope: "group", ...by1200 },
  awsDns: { name: "AWS Clusters DNS", scope: "group", ...by1200 },
  backups: { name: "Cloud Backups", scope: "group", ...by1200 },
  cloudProviderAccess: { name: "Cloud Provider Access", scope: "group", ...by2000 },
  customRoles: { name: "Custom Database Roles", scope: "group", ...by2000 },
  dataFederation: { name: "Data Federation", scope: "group", ...by1200 },
  encryptionAtRest: {
    name: "Encryption At Rest Using Customer Key Management",
    scope: "group",
    ...by2000,
  },
  events: { name: "Events", scope: "group", ...by300 },
  integrations: { name: "Third Party Integrations", scope: "group", ...by1200 },
  invoices: { name: "Invoices", scope: "organization", capacity: 500, refill: 100 },
  ipAddresses: { name: "IP Addresses", scope: "group", ...by1200 },
  ldap: { name: "LDAP Configuration", scope: "group", ...by1200 },
  logExports: { name: "Push Based Log Exports", scope: "group", ...by1200 },
  maintenanceWindows: { name: "Maintenance Windows", scope: "group", ...by1200 },
  monitoring: { name: "Monitoring And Logs", scope: "group", ...by300 },
  networkPeering: { name: "Network Peering", scope: "group", ...by2000 },
  onlineArchives: { name: "Online Archive", scope: "group", ...by1200 },
  organizationApiKeys: { name: "Programmatic API Keys", scope: "organization", ...by500 },
  organizationEvents: { name: "Events", scope: "organization", ...by500 },
  organizationFederation: {
    name: "Federated Authentication",
    scope: "organization",
    ...by500,
  },
  organizationServiceAccounts: { name: "Service Accounts", scope: "organization", ...by500 },
  organizationSettings: {
    name: "Organization Settings",
    scope: "organization",
    capacity: 10,
    refill: 5,
  },
  organizationTeams: { name: "Teams", scope: "organization", ...by1200 },
  organizationUsers: { name: "MongoDB Cloud Users", scope: "organization", ...by500 },
  performanceAdvisor: { name: "Performance Advisor", scope: "group", ...by1200 },
  privateEndpoints: {
    name: "Private Endpoint Services",
    scope: "group",
    capacity: 4000,
    refill: 2000,
  },
  rateLimits: { name: "Rate Limits Inspection", scope: "user", ...by300 },
  resourcePolicies: { name: "Resource Policies", scope: "organization", ...by500 },
  root: { name: "Root", scope: "user", ...by300 },
  search: { name: "Atlas Search", scope: "group", ...by1200 },
  serviceAccounts: { name: "Service Accounts", scope: "group", ...by1200 },
  streams: { name: "Streams", scope: "group", ...by1200 },
  teams: { name: "Teams", scope: "group", ...by1200 },
  users: { name: "MongoDB Cloud Users", scope: "group", ...by1200 },
  /** One user, whatever the organization; the capacity is recorded, and the refill an assumption. */
  user: { name: "MongoDB Cloud Users", scope: "user", capacity: 2500, refill: 1000 },
  x509: { name: "X509 Authentication", scope: "group", ...by1200 },
  // No figure is documented for ephemeral clusters. Creates have a small bucket, and reads one that polling does not empty.
  ephemeralClusterCreates: {
    name: "Ephemeral Cluster Creates",
    scope: "address",
    capacity: 10,
    refill: 5,
  },
  ephemeralClusters: { name: "Ephemeral Clusters", scope: "address", ...by1200 },
} satisfies Record<string, EndpointSet>;

/** The buckets by endpoint set and owner. */
export type TokenBuckets = Map<string, Bucket>;

type Bucket = { tokens: number; refilledAt: number };

/** Whether a request is allowed, how many tokens are left, and when the next refill is. */
export type Allowance = {
  allowed: boolean;
  limit: number;
  remaining: number;
  retryAfterSeconds: number;
};

/** Seconds between two refills. */
export const refillSeconds = 60;

/**
 * Takes one token. The whole refill comes at the end of each 60 seconds, not gradually: Atlas has answered "retry after
 * 55 seconds" for a bucket of 10 that is refilled by 5.
 */
export const takeToken = (
  buckets: TokenBuckets,
  set: EndpointSet,
  owner: string,
  now: number,
): Allowance => {
  const key = `${set.name} ${set.scope} ${owner}`;
  const bucket = buckets.get(key) ?? { tokens: set.capacity, refilledAt: now };
  buckets.set(key, bucket);

  const periods = Math.floor((now - bucket.refilledAt) / (refillSeconds * 1000));
  if (periods > 0) {
    bucket.tokens = Math.min(set.capacity, bucket.tokens + periods * set.refill);
    bucket.refilledAt += periods * refillSeconds * 1000;
  }

  const allowed = bucket.tokens > 0;
  if (allowed) bucket.tokens -= 1;
  const untilRefill = bucket.refilledAt + refillSeconds * 1000 - now;
  return {
    allowed,
    limit: set.capacity,
    remaining: bucket.tokens,
    retryAfterSeconds: Math.ceil(untilRefill / 1000),
  };
};

/** The allowance if rate limits are switched off. */
export const fullBucket = ({ capacity }: EndpointSet): Allowance => ({
  allowed: true,
  limit: capacity,
  remaining: capacity,
  retryAfterSeconds: 0,
});

/** The decoded path without its first slash (docs/atlas.md#rate-limits), or the path as it is if it cannot be decoded. */
const limitedPath = (path: string): string => {
  const relative = path.slice(1);
  try {
    return decodeURIComponent(relative);
  } catch {
    return relative;
  }
};

/** Creates the response to a caller whose bucket is empty. Atlas may leave out its headers (docs/atlas.md#rate-limits). */
export const createRateLimitedResponse = (
  path: string,
  endpointSet: EndpointSet,
  seconds: number,
  withHeaders: boolean,
): HttpResponse => {
  const { capacity, refill } = endpointSet;
  const values = { path: limitedPath(path), seconds, capacity, refill, window: refillSeconds };
  const headers = {
    "RateLimit-Limit": `${capacity}`,
    "RateLimit-Remaining": "0",
    "Retry-After": `${seconds}`,
  };
  const body = createErrorBody(429, "RATE_LIMITED_TOKEN_BUCKET", values);
  return createErrorResponse(429, body, undefined, withHeaders ? headers : {});
};
