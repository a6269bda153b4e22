/**
 * What the Admin API returns, read loosely: what is unknown survives, what is not as documented is left out, and nothing
 * turns a success into a failure.
 */
import * as z from "zod/v4";

/** Whatever is not of the documented type is left out. */
const soft = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

const readTags = soft(z.array(z.looseObject({ key: z.string(), value: z.string() })));

/** A project as Atlas returns it (schema Group). Dates are ISO 8601 in UTC. */
export const project = z.looseObject({
  id: soft(z.string()),
  name: soft(z.string()),
  orgId: soft(z.string()),
  created: soft(z.string()),
  clusterCount: soft(z.number()),
  tags: readTags,
  withDefaultAlertsSettings: soft(z.boolean()),
  regionUsageRestrictions: soft(z.string()),
});

/** A flex cluster as Atlas returns it (schema FlexClusterDescription20241113). `diskSizeGB` is in gigabytes. */
export const flexCluster = z.looseObject({
  id: soft(z.string()),
  name: soft(z.string()),
  groupId: soft(z.string()),
  stateName: soft(z.string()),
  connectionStrings: soft(
    z.looseObject({ standard: soft(z.string()), standardSrv: soft(z.string()) }),
  ),
  createDate: soft(z.string()),
  mongoDBVersion: soft(z.string()),
  clusterType: soft(z.string()),
  versionReleaseSystem: soft(z.string()),
  backupSettings: soft(z.looseObject({ enabled: soft(z.boolean()) })),
  providerSettings: soft(
    z.looseObject({
      backingProviderName: soft(z.string()),
      regionName: soft(z.string()),
      diskSizeGB: soft(z.number()),
      providerName: soft(z.string()),
    }),
  ),
  tags: readTags,
  terminationProtectionEnabled: soft(z.boolean()),
});

/** A database user as Atlas returns it (schema CloudDatabaseUser); never with a password. */
export const databaseUser = z.looseObject({
  username: soft(z.string()),
  databaseName: soft(z.string()),
  groupId: soft(z.string()),
  roles: soft(
    z.array(
      z.looseObject({
        roleName: soft(z.string()),
        databaseName: soft(z.string()),
        collectionName: soft(z.string()),
      }),
    ),
  ),
  scopes: soft(z.array(z.looseObject({ name: soft(z.string()), type: soft(z.string()) }))),
  description: soft(z.string()),
  deleteAfterDate: soft(z.string()),
});

/** An entry of a project's IP access list (schema NetworkPermissionEntry); one address comes as a block, too. */
export const accessListEntry = z.looseObject({
  cidrBlock: soft(z.string()),
  ipAddress: soft(z.string()),
  awsSecurityGroup: soft(z.string()),
  comment: soft(z.string()),
  groupId: soft(z.string()),
  deleteAfterDate: soft(z.string()),
});

/** An organization as Atlas returns it. */
export const organization = z.looseObject({
  id: soft(z.string()),
  name: soft(z.string()),
  isDeleted: soft(z.boolean()),
});

/** A service account, as far as its roles go. */
export const serviceAccount = z.looseObject({ roles: soft(z.array(z.string())) });

/** What the API says of its caller: an API key's roles by organization or project. */
export const systemStatus = z.looseObject({
  apiKey: soft(
    z.looseObject({
      roles: soft(z.array(z.looseObject({ orgId: soft(z.string()), roleName: soft(z.string()) }))),
    }),
  ),
});

/** What a cloud provider offers in a project (listGroupClusterProviderRegions). */
export const providerRegions = z.looseObject({
  provider: soft(z.string()),
  instanceSizes: soft(
    z.array(
      z.looseObject({
        name: soft(z.string()),
        availableRegions: soft(z.array(z.looseObject({ name: soft(z.string()) }))),
      }),
    ),
  ),
});

export type Tag = { key: string; value: string };
export type Project = z.output<typeof project>;
export type FlexCluster = z.output<typeof flexCluster>;
export type DatabaseUser = z.output<typeof databaseUser>;
export type AccessListEntry = z.output<typeof accessListEntry>;
export type Organization = z.output<typeof organization>;

/** One page of a list; `totalCount` may be missing. */
export type Page<T> = { results: T[]; totalCount?: number };

/** Removes the links that Atlas puts on everything: they are for browsers of the API, not for its answers here. */
const unlinked = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  const { links: _links, ...rest } = value as Record<string, unknown>;
  return rest;
};

/** Reads one resource. An answer that is no object reads as one without fields. */
export const readOne = <T extends z.ZodType>(schema: T, json: unknown): z.output<T> =>
  schema.parse(unlinked(json));

// Made once: a schema is compiled when it is first used, which costs more than reading with it.
const anyPage = z.looseObject({
  results: z.array(z.unknown()).catch([]),
  totalCount: soft(z.number()),
});

/** Reads one page of a list. */
export const readPage = <T extends z.ZodType>(schema: T, json: unknown): Page<z.output<T>> => {
  const page = anyPage.parse(unlinked(json));
  return {
    results: page.results.map((one) => readOne(schema, one)),
    ...(page.totalCount === undefined ? {} : { totalCount: page.totalCount }),
  };
};
