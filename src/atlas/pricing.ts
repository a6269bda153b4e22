/** Prices and limits of Atlas, with source and date (docs/atlas.md#prices-and-limits). Atlas enforces its own; these inform. */

/** The price of one flex cluster in US dollars; it depends on operations a second, in steps of 100. */
export const flexPrice = {
  currency: "USD",
  perMonth: { from: 8, to: 30 },
  perHour: { from: 0.011, to: 0.0411 },
  source: "MongoDB Atlas documentation, Flex costs",
  asOf: "2026-11-23",
} as const;

/** Projects that an organization may have (Atlas documentation, limits; 2026-11-23). */
export const projectLimitPerOrganization = 250;

/** Clusters that a project may have: the default of `atlas.project.deployment.clusters` (2026-11-23). */
export const clusterLimitPerProject = 25;

/** The limits of one flex cluster (Atlas documentation, flex limits; 2026-11-23). */
export const flexLimits = {
  storageGB: 5,
  connections: 500,
  operationsPerSecond: 500,
  databases: 100,
  collections: 500,
} as const;
