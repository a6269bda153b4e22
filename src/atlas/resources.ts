/**
 * What the Admin API returns, read loosely: what is unknown survives, what is not as documented is left out, and nothing
 * turns a success into a failure.
 */
import * as z from "zod/v4";

/** Whatever is not of the documented type is left out. */
const soft = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

// One of each, since a start builds all schemas.
const text = soft(z.string());
const number = soft(z.number());
const flag = soft(z.boolean());

const readTags = soft(z.array(z.looseObject({ key: z.string(), value: z.string() })));

/** A project as Atlas returns it (schema Group). Dates are ISO 8601 in UTC. */
export const project = z.looseObject({
  id: text,
  name: text,
  orgId: text,
  created: text,
  clusterCount: number,
  tags: readTags,
  withDefaultAlertsSettings: flag,
  regionUsageRestrictions: text,
});

/** A flex cluster as Atlas returns it (schema FlexClusterDescription20241113). `diskSizeGB` is in gigabytes. */
export const flexCluster = z.looseObject({
  id: text,
  name: text,
  groupId: text,
  stateName: text,
  connectionStrings: soft(z.looseObject({ standard: text, standardSrv: text })),
  createDate: text,
  mongoDBVersion: text,
  clusterType: text,
  versionReleaseSystem: text,
  backupSettings: soft(z.looseObject({ enabled: flag })),
  providerSettings: soft(
    z.looseObject({
      backingProviderName: text,
      regionName: text,
      diskSizeGB: number,
      providerName: text,
    }),
  ),
  tags: readTags,
  terminationProtectionEnabled: flag,
});

/** A database user as Atlas returns it (schema CloudDatabaseUser); never with a password. */
export const databaseUser = z.looseObject({
  username: text,
  databaseName: text,
  groupId: text,
  roles: soft(
    z.array(
      z.looseObject({
        roleName: text,
        databaseName: text,
        collectionName: text,
      }),
    ),
  ),
  scopes: soft(z.array(z.looseObject({ name: text, type: text }))),
  description: text,
  deleteAfterDate: text,
});

/** An entry of a project's IP access list (schema NetworkPermissionEntry); one address comes as a block, too. */
export const accessListEntry = z.looseObject({
  cidrBlock: text,
  ipAddress: text,
  awsSecurityGroup: text,
  comment: text,
  groupId: text,
  deleteAfterDate: text,
});

/** An organization as Atlas returns it. */
export const organization = z.looseObject({
  id: text,
  name: text,
  isDeleted: flag,
});

/** A service account, as far as its roles go. */
export const serviceAccount = z.looseObject({ roles: soft(z.array(z.string())) });

/** What the API says of its caller: an API key's roles by organization or project. */
export const systemStatus = z.looseObject({
  apiKey: soft(
    z.looseObject({
      roles: soft(z.array(z.looseObject({ orgId: text, roleName: text }))),
    }),
  ),
});

/** What a cloud provider offers in a project (listGroupClusterProviderRegions). */
export const providerRegions = z.looseObject({
  provider: text,
  instanceSizes: soft(
    z.array(
      z.looseObject({
        name: text,
        availableRegions: soft(z.array(z.looseObject({ name: text }))),
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
  totalCount: number,
});

/** Reads one page of a list. */
export const readPage = <T extends z.ZodType>(schema: T, json: unknown): Page<z.output<T>> => {
  const page = anyPage.parse(unlinked(json));
  return {
    results: page.results.map((one) => readOne(schema, one)),
    ...(page.totalCount === undefined ? {} : { totalCount: page.totalCount }),
  };
};
