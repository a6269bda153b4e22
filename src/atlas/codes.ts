/** The table of Atlas error codes: what each means here, whether a repeat helps, and what to do next. */

import type { ErrorCode, Retry, SuggestionKind } from "../common/failure.ts";

/**
 * One row. `plain`: a refusal that certainly created nothing. `taken`: exactly this name exists. `underWay`: an earlier delete
 * was accepted. `path`: the argument at fault.
 */
export type ErrorRow = {
  code: ErrorCode;
  retry: Retry;
  /** A function inserts Atlas's parameters only if they have the expected form: they are untrusted text. */
  message: string | ((parameters: string[]) => string);
  plain?: true;
  taken?: true;
  underWay?: true;
  retryAfterSeconds?: number;
  path?: string;
  suggestions?: SuggestionKind[];
};

const plain = (row: Omit<ErrorRow, "plain">): ErrorRow => ({ ...row, plain: true });

const badRegion = (code: ErrorCode, retry: Retry, message: string): ErrorRow =>
  plain({
    code,
    retry,
    // Atlas does not say when capacity returns: ten minutes are a harmless guess.
    ...(retry === "after_delay" ? { retryAfterSeconds: 600 } : {}),
    path: "providerSettings.regionName",
    message,
    suggestions: ["other_region"],
  });

const badValue = (path: string, message: string): ErrorRow =>
  plain({ code: "invalid_input", retry: "after_fix", path, message });

const missingRole = (message: ErrorRow["message"]): ErrorRow =>
  plain({ code: "forbidden", retry: "after_fix", message, suggestions: ["see_account"] });

const notOnAccessList = (problem: string): string =>
  `${problem} The API access list of the credential decides this (in Atlas: Identity & Access, Applications), ` +
  "not a project's IP access list. An Organization Owner can add the address there.";

const malformed = (message: string): ErrorRow =>
  plain({ code: "invalid_input", retry: "after_fix", message });

const isProtected = plain({
  code: "conflict",
  retry: "after_fix",
  message:
    "Termination protection is on for this cluster. Ask the user: it must be switched off first.",
});

const isUnderWay = plain({
  code: "conflict",
  underWay: true,
  retry: "after_delay",
  retryAfterSeconds: 30,
  message: "The cluster is already being deleted.",
});

/** What ATLAS_GENERAL_ERROR means by its sentence (docs/atlas.md#deletes). */
export const generalErrors: readonly { sentence: RegExp; row: ErrorRow }[] = [
  { sentence: /already requested to be deleted|currently being deleted/i, row: isUnderWay },
  { sentence: /termination protection is enabled/i, row: isProtected },
];

/** Atlas error codes by name (docs/atlas.md#errors). Codes that are not here fall back by HTTP status. */
export const errorRows: Readonly<Record<string, ErrorRow>> = {
  // Taken names.
  GROUP_ALREADY_EXISTS: plain({
    code: "name_conflict",
    taken: true,
    retry: "after_fix",
    message: "A project with this name already exists in the organization.",
  }),
  // HTTP 400, not 409: atlas-cli#1967.
  DUPLICATE_CLUSTER_NAME: plain({
    code: "name_conflict",
    taken: true,
    retry: "after_fix",
    message: "A cluster with this name already exists in the project.",
  }),
  DUPLICATE_CLUSTER_NAME_PREFIX: plain({
    code: "name_conflict",
    retry: "after_fix",
    path: "name",
    message:
      "Another cluster in the project has a name with the same first 23 characters, which must be unique.",
  }),
  CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API: plain({
    code: "name_conflict",
    retry: "after_fix",
    message:
      "The project has a cluster with this name that is not a flex cluster, so this server cannot use it.",
  }),
  CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API: plain({
    code: "conflict",
    retry: "never",
    message: "This is a flex cluster, but the request went to the API for other clusters.",
  }),
  MULTIPLE_GROUPS: plain({
    code: "conflict",
    retry: "after_fix",
    message: "Several projects have this name. Use the project's id instead.",
    suggestions: ["find_project"],
  }),

  // Names and values that Atlas does not accept.
  INVALID_GROUP_NAME: badValue("name", "Atlas does not accept this project name."),
  INVALID_GROUP_NAME_10GEN: badValue(
    "name",
    'A project name must not contain "10gen-" or "-10gen".',
  ),
  CLUSTER_NAME_INVALID: badValue(
    "name",
    "A cluster name may have only ASCII letters, digits and hyphens.",
  ),
  CLUSTER_NAME_TOO_LONG: badValue("name", "The cluster name is too long."),
  CLUSTER_NAME_PREFIX_INVALID: badValue(
    "name",
    "The first 23 characters of a cluster name become a host name, which must not end with a hyphen.",
  ),
  ATLAS_RESERVED_CLUSTER_NAME: badValue(
    "name",
    'Atlas reserves names of the form "atlas-" and six letters or digits.',
  ),
  CONTAINER_WAITING_FOR_FAST_RECORD_CLEAN_UP: plain({
    code: "conflict",
    retry: "after_delay",
    retryAfterSeconds: 60,
    message:
      "A cluster with this name was deleted a moment ago, and Atlas is still cleaning up. Repeat in a minute, or use another name.",
  }),
  INVALID_REGION: badRegion(
    "invalid_input",
    "after_fix",
    "Atlas has no region with this name for this provider.",
  ),
  REGION_UNAVAILABLE: badRegion(
    "conflict",
    "after_fix",
    "This region is not available now. Use another region.",
  ),
  OUT_OF_CAPACITY: badRegion(
    "conflict",
    "after_delay",
    "This region has no capacity left for flex clusters now. Repeat later, or use another region.",
  ),
  NO_CAPACITY: badRegion(
    "conflict",
    "after_delay",
    "There is no capacity for this now. Repeat later, or use another region.",
  ),
  INVALID_PROVIDER: plain({
    code: "invalid_input",
    retry: "after_fix",
    path: "providerSettings.backingProviderName",
    message: "Atlas has no such cloud provider. Use AWS, AZURE or GCP.",
  }),
  INVALID_ENUM_VALUE: malformed("Atlas does not know one of the values."),
  INVALID_JSON_ATTRIBUTE: malformed("A value does not have the type or format that Atlas expects."),
  INVALID_JSON: malformed("Atlas could not read the request."),
  MALFORMED_JSON: malformed("Atlas could not read the request."),
  MISSING_ATTRIBUTE: malformed("A required value is missing."),
  MISSING_ATTRIBUTES: malformed("Some required values are missing."),
  MISSING_OR_INVALID_ATTRIBUTE: malformed("A required value is missing or wrong."),
  ATTRIBUTE_READ_ONLY: malformed("One of the values is read-only."),
  ATTRIBUTE_NEGATIVE: malformed("A value must not be negative."),
  INVALID_PATH_PARAMETER: malformed("Atlas does not accept a value in the path."),
  INVALID_QUERY_PARAMETER: malformed("Atlas does not accept a query parameter."),
  GROUP_MISMATCH: malformed("The project id in the body differs from the one in the path."),
  // Not marked plain: Atlas answers 400 to invalid tags and may create the project all the same (terraform#4124).
  INVALID_ATTRIBUTE: {
    code: "invalid_input",
    retry: "after_fix",
    message: "Atlas does not accept one of the values.",
  },
  VALIDATION_ERROR: {
    code: "invalid_input",
    retry: "after_fix",
    message: "Atlas found a value that it does not accept.",
  },
  BAD_REQUEST: {
    code: "invalid_input",
    retry: "after_fix",
    message: "Atlas found values that it does not accept.",
  },

  // Database users.
  USER_ALREADY_EXISTS: plain({
    code: "name_conflict",
    taken: true,
    retry: "after_fix",
    message: "A database user with this name already exists in the project.",
    suggestions: ["show_project"],
  }),
  USERNAME_NOT_FOUND: plain({
    code: "not_found",
    retry: "after_fix",
    path: "username",
    message: "The project has no database user with this name.",
    suggestions: ["show_project"],
  }),
  USER_NOT_FOUND: plain({
    code: "not_found",
    retry: "after_fix",
    message: "Atlas has no such user.",
  }),
  ATLAS_INVALID_USERNAME: badValue(
    "username",
    "Atlas does not accept this name for a database user. Letters, digits, - and _ are always accepted.",
  ),
  INVALID_MONGODB_USERNAME: badValue(
    "username",
    "MongoDB does not accept this name for a database user. Letters, digits, - and _ are always accepted.",
  ),
  DATABASE_NAME_INVALID_ADMIN: badValue(
    "databaseName",
    "Database users with a password can be created only on the database admin.",
  ),
  DATABASE_NAME_INVALID_EXTERNAL: badValue(
    "databaseName",
    "The database $external is for users without a password, and this server does not create those.",
  ),
  ATLAS_INVALID_ROLE: badValue("roles", "One of the roles does not exist in this project."),
  ATLAS_INVALID_ROLE_DATABASE: badValue(
    "roles",
    "One of the roles exists only on another database: ...AnyDatabase roles and atlasAdmin are on admin.",
  ),
  ATLAS_CUSTOM_ROLE_NOT_FOUND: badValue("roles", "The project has no custom role of this name."),
  DUPLICATE_DATABASE_ROLES: badValue("roles", "The same role is given twice."),
  // Not in Atlas's published list; the live API has answered it (docs/atlas.md#database-users).
  ATLAS_SCOPE_CLUSTER_NOT_FOUND: plain({
    code: "invalid_input",
    retry: "after_fix",
    path: "scopes",
    message: "A scope names a cluster that the project does not have.",
    suggestions: ["show_project"],
  }),
  WEAK_PASSWORD: malformed(
    "Atlas considers the password in the file too weak. The operator of this server must remove that file; a repeat then generates a new password.",
  ),
  COMMON_PASSWORD: malformed(
    "Atlas considers the password in the file too common. The operator of this server must remove that file; a repeat then generates a new password.",
  ),

  // The IP access list.
  ATLAS_NETWORK_PERMISSION_ENTRY_NOT_FOUND: plain({
    code: "not_found",
    retry: "after_fix",
    message: "The project's IP access list has no such entry.",
    suggestions: ["show_project"],
  }),
  INVALID_IP_ADDRESS_OR_CIDR_NOTATION: malformed(
    "Atlas does not accept this as an address or a block.",
  ),
  INVALID_CIDR_BLOCK: badValue("cidrBlock", "Atlas does not accept this as a CIDR block."),
  MULTIPLE_VALUES_SPECIFIED_FOR_ONE_NETWORK_PERMISSION_ENTRY: malformed(
    "An entry must have either an address or a block, not both.",
  ),
  INVALID_NETWORK_PERMISSION_COMMENT: badValue(
    "comment",
    "A comment may have at most 80 characters.",
  ),
  PERMANENT_ENTITY_CANNOT_BE_MADE_TEMPORARY: plain({
    code: "conflict",
    retry: "after_fix",
    path: "deleteAfterDate",
    message:
      "The existing database user or access list entry never expires, and Atlas does not add an expiry date to such a one. Leave deleteAfterDate out.",
    suggestions: ["show_project"],
  }),
  EXPIRATION_DATE_IN_PAST: badValue("deleteAfterDate", "The date must be in the future."),
  EXPIRATION_DATE_EXCEEDS_MAX: badValue(
    "deleteAfterDate",
    "The date must be at most a week ahead.",
  ),
  INVALID_DATE_FORMAT: badValue("deleteAfterDate", "Atlas does not accept this as a date."),

  // Resources that do not exist.
  ORG_NOT_FOUND: plain({
    code: "not_found",
    retry: "after_fix",
    path: "orgId",
    message: "No organization has this id, or the credentials cannot see it.",
    suggestions: ["see_account"],
  }),
  INVALID_ORG_ID: plain({
    code: "not_found",
    retry: "after_fix",
    path: "orgId",
    message: "No organization has this id.",
    suggestions: ["see_account"],
  }),
  GROUP_NOT_FOUND: plain({
    code: "not_found",
    retry: "after_fix",
    path: "groupId",
    message: "No project has this id, or the credentials cannot see it.",
    suggestions: ["find_project"],
  }),
  INVALID_GROUP_ID: plain({
    code: "not_found",
    retry: "after_fix",
    path: "groupId",
    message: "No project has this id.",
    suggestions: ["find_project"],
  }),
  GROUP_NAME_NOT_FOUND: plain({
    code: "not_found",
    retry: "after_fix",
    message: "No project has this name.",
    suggestions: ["find_project"],
  }),
  CLUSTER_NOT_FOUND: plain({
    code: "not_found",
    retry: "after_fix",
    path: "name",
    message: "The project has no flex cluster with this name.",
  }),
  RESOURCE_NOT_FOUND: plain({
    code: "not_found",
    retry: "after_fix",
    message: "Atlas has no such resource.",
  }),

  // Limits and billing.
  MAX_GROUPS_PER_ORG_EXCEEDED: plain({
    code: "quota_exceeded",
    retry: "after_fix",
    message: ([limit]) =>
      `The organization has reached its limit of ${/^\d{1,6}$/.test(limit ?? "") ? limit : 250} projects. Delete a project, or ask MongoDB support to raise the limit.`,
    suggestions: ["find_project"],
  }),
  MAX_GROUPS_PER_USER_EXCEEDED: plain({
    code: "quota_exceeded",
    retry: "after_fix",
    message:
      "The owner of the project is already in 250 projects, the maximum for one user. Name another owner, or remove this one from a project.",
    suggestions: ["find_project"],
  }),
  // Not in Atlas's published list: an assumption (docs/atlas.md#not-known).
  MAX_CLUSTERS_PER_GROUP_EXCEEDED: plain({
    code: "quota_exceeded",
    retry: "after_fix",
    message:
      "The project has reached its limit of clusters (25 unless Atlas has raised it). Use another project, or delete a cluster.",
    suggestions: ["find_project"],
  }),
  HOURLY_BILLING_LIMIT_EXCEEDED: plain({
    code: "quota_exceeded",
    retry: "after_fix",
    message:
      "The organization has reached its hourly billing limit. A person must ask MongoDB support to raise it, or delete a resource.",
  }),
  GROUP_USERS_LIMIT_EXCEEDED: plain({
    code: "quota_exceeded",
    retry: "after_fix",
    message:
      "The project has reached its limit of database users (100 unless MongoDB support has raised it). Use an existing user, or have a person delete one in Atlas.",
    suggestions: ["show_project"],
  }),
  ATLAS_NETWORK_PERMISSIONS_LIMIT_EXCEEDED: plain({
    code: "quota_exceeded",
    retry: "after_fix",
    message:
      "The project's IP access list is full (200 entries unless Atlas has raised it). Have a person delete an entry in Atlas, or replace several with one larger block.",
    suggestions: ["show_project"],
  }),
  NO_PAYMENT_INFORMATION_FOUND: plain({
    code: "payment_required",
    retry: "after_fix",
    message:
      "The organization has no payment method. A Billing Admin or Organization Owner can add one in Atlas: Organization, Billing, Payment Methods.",
  }),
  ACCOUNT_SUSPENDED: plain({
    code: "payment_required",
    retry: "after_fix",
    message:
      "The organization has an invoice that has been unpaid for more than 30 days. A Billing Admin can pay it in Atlas: Organization, Billing.",
  }),
  CANNOT_CREATE_FREE_CLUSTER_VIA_PUBLIC_API: plain({
    code: "quota_exceeded",
    retry: "never",
    message:
      "Atlas allows one free (M0) cluster per project, and this server does not create free clusters.",
  }),

  // Missing permissions.
  NOT_ORG_GROUP_CREATOR: missingRole(
    "To create projects, the service account or API key needs the role Organization Project Creator (or Organization Owner) in this organization.",
  ),
  USER_UNAUTHORIZED: missingRole(
    "The service account or API key lacks the role for this. To create or delete clusters it needs Project Owner in the project, for database users Project Database Access Admin, for the IP access list Project Network Access Manager.",
  ),
  USER_CANNOT_ACCESS_ORG: missingRole(
    "The service account or API key has no access to this organization.",
  ),
  NOT_IN_GROUP: missingRole(
    "The service account or API key is not in this project, or the project does not exist.",
  ),
  USER_CANNOT_ACCESS_GROUP: missingRole(
    "The service account or API key has no access to this project. Atlas may also say so for a moment of a project that was just created: then repeat the call.",
  ),
  ACCESS_FORBIDDEN: missingRole("The service account or API key may not do this."),
  CANNOT_CHANGE_GROUP_NAME: missingRole(
    "The service account or API key may not rename this project.",
  ),
  // No call can help: each of them comes from that network.
  GLOBAL_USER_OUTSIDE_SUBNET: plain({
    code: "forbidden",
    retry: "after_fix",
    message: "Requests are not allowed from this server's network.",
  }),
  API_KEY_CREATED_GROUPS_MUST_HAVE_ORG: malformed(
    "A project that an API key creates must be in an existing organization.",
  ),
  INACTIVE_ORG: plain({
    code: "forbidden",
    retry: "after_fix",
    message: "The organization is not active.",
    suggestions: ["see_account"],
  }),
  ATLAS_RESOURCE_POLICIES_VIOLATION_NOT_AUTHORIZED: plain({
    code: "forbidden",
    retry: "after_fix",
    message:
      "A resource policy of the organization forbids this selection (Atlas: Organization, Resource Policies). Another region or provider may be allowed.",
  }),
  IP_ADDRESS_NOT_ON_ACCESS_LIST: plain({
    code: "forbidden",
    retry: "after_fix",
    message: ([address]) =>
      notOnAccessList(
        `Atlas does not accept requests from this server's IP address${/^[0-9a-fA-F.:]{2,45}$/.test(address ?? "") ? ` (${address})` : ""}.`,
      ),
  }),
  ORG_REQUIRES_ACCESS_LIST: plain({
    code: "forbidden",
    retry: "after_fix",
    message: notOnAccessList("The organization accepts requests only from listed IP addresses."),
  }),
  RESOURCE_REQUIRES_ACCESS_LIST: plain({
    code: "forbidden",
    retry: "after_fix",
    message: notOnAccessList("Atlas accepts this request only from listed IP addresses."),
  }),

  // Deletes.
  // Of the API for dedicated clusters; that for flex clusters says both as general errors.
  CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED: isProtected,
  CLUSTER_ALREADY_REQUESTED_DELETION: isUnderWay,
  CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS: plain({
    code: "conflict",
    retry: "after_fix",
    message: "The project still has clusters. They must be deleted first.",
  }),
  CANNOT_CLOSE_GROUP_ACTIVE_BACKUP: plain({
    code: "conflict",
    retry: "after_fix",
    message: "The project still has backups. A person must end them in Atlas first.",
  }),
  CANNOT_CLOSE_GROUP_ACTIVE_BACKUP_COMPLIANCE_POLICY: plain({
    code: "conflict",
    retry: "after_fix",
    message:
      "A Backup Compliance Policy keeps snapshots of this project, so it cannot be deleted while they exist.",
  }),
  TENANT_CLUSTER_UPDATE_UNSUPPORTED: plain({
    code: "conflict",
    retry: "never",
    message: "Flex clusters cannot be changed in this way.",
  }),

  // Rate limits, upgrades and API versions.
  RATE_LIMITED: plain({
    code: "rate_limited",
    retry: "after_delay",
    message: "Atlas is limiting the rate of requests.",
  }),
  RATE_LIMITED_TOKEN_BUCKET: plain({
    code: "rate_limited",
    retry: "after_delay",
    message: "Atlas is limiting the rate of requests.",
  }),
  WRITES_NOT_ALLOWED_DURING_APP_UPGRADES: plain({
    code: "unavailable",
    retry: "after_delay",
    retryAfterSeconds: 300,
    message: "Atlas is being upgraded and accepts no changes now.",
  }),
  INVALID_VERSION_DATE: plain({
    code: "internal",
    retry: "never",
    message:
      "Atlas does not know the API version that this server requests. A newer release of the server may help.",
  }),
  VERSION_GONE: plain({
    code: "internal",
    retry: "never",
    message:
      "Atlas has retired the API version that this server uses. A newer release of the server is needed.",
  }),
};
