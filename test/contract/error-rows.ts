/** What each Atlas errorCode has to come out as, written by hand from docs/atlas.md#errors, not from the table under test. */

/** The operation that meets the code. */
export type Met = "createGroup" | "createGroupFlexCluster" | "getGroupFlexCluster" | "getOrgGroups";

export type ErrorCase = {
  operation: Met;
  status: number;
  errorCode: string;
  code: string;
  retry: "never" | "after_delay" | "after_fix";
  outcome: "not_created" | "no_change" | "exists";
  /** What the sentence has to name, so that somebody can act on it. */
  says: RegExp;
  /** The tool of a call that helps, where a call does. */
  helps?: string;
};

type Row = [
  status: number,
  errorCode: string,
  code: string,
  says: RegExp,
  helps?: string | undefined,
  retry?: ErrorCase["retry"],
  outcome?: ErrorCase["outcome"],
];

const rows: Record<Met, Row[]> = {
  createGroup: [
    [
      409,
      "GROUP_ALREADY_EXISTS",
      "name_conflict",
      /exists/,
      "list_projects",
      "after_delay",
      "exists",
    ],
    [400, "MAX_GROUPS_PER_ORG_EXCEEDED", "quota_exceeded", /250/, "list_projects"],
    [400, "MAX_GROUPS_PER_USER_EXCEEDED", "quota_exceeded", /owner.*250/, "list_projects"],
    [401, "NOT_ORG_GROUP_CREATOR", "forbidden", /Organization Project Creator/, "get_account"],
    [404, "ORG_NOT_FOUND", "not_found", /organization/i, "get_account"],
    [404, "INVALID_ORG_ID", "not_found", /organization/i, "get_account"],
    [401, "USER_CANNOT_ACCESS_ORG", "forbidden", /organization/, "get_account"],
    [400, "INVALID_GROUP_NAME", "invalid_input", /project name/],
    [400, "INVALID_GROUP_NAME_10GEN", "invalid_input", /10gen-/],
    [400, "API_KEY_CREATED_GROUPS_MUST_HAVE_ORG", "invalid_input", /organization/],
    [400, "INACTIVE_ORG", "forbidden", /organization.*not active/, "get_account"],
    [400, "INVALID_ATTRIBUTE", "invalid_input", /value/],
    [400, "VALIDATION_ERROR", "invalid_input", /value/],
    [400, "BAD_REQUEST", "invalid_input", /value/],
    [400, "MISSING_ATTRIBUTE", "invalid_input", /required/],
    [400, "MISSING_ATTRIBUTES", "invalid_input", /required/],
    [400, "MISSING_OR_INVALID_ATTRIBUTE", "invalid_input", /required/],
    [400, "INVALID_JSON_ATTRIBUTE", "invalid_input", /type or format/],
    [400, "INVALID_JSON", "invalid_input", /read/],
    [400, "MALFORMED_JSON", "invalid_input", /read/],
    [400, "ATTRIBUTE_READ_ONLY", "invalid_input", /read-only/],
    [400, "ATTRIBUTE_NEGATIVE", "invalid_input", /negative/],
    [400, "INVALID_QUERY_PARAMETER", "invalid_input", /query/],
    [403, "ACCESS_FORBIDDEN", "forbidden", /may not/, "get_account"],
    [403, "GLOBAL_USER_OUTSIDE_SUBNET", "forbidden", /network/],
    [
      403,
      "IP_ADDRESS_NOT_ON_ACCESS_LIST",
      "forbidden",
      /127\.0\.0\.1.*API access list of the credential.*not a project's IP access list.*Organization Owner/,
    ],
    [403, "ORG_REQUIRES_ACCESS_LIST", "forbidden", /API access list.*Organization Owner/],
    [403, "RESOURCE_REQUIRES_ACCESS_LIST", "forbidden", /API access list.*Organization Owner/],
    [
      405,
      "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES",
      "unavailable",
      /upgraded/,
      undefined,
      "after_delay",
    ],
    [406, "INVALID_VERSION_DATE", "internal", /version/, undefined, "never"],
    [410, "VERSION_GONE", "internal", /version/, undefined, "never"],
    [429, "RATE_LIMITED_TOKEN_BUCKET", "rate_limited", /rate/, undefined, "after_delay"],
    [429, "RATE_LIMITED", "rate_limited", /rate/, undefined, "after_delay"],
  ],
  createGroupFlexCluster: [
    [
      400,
      "DUPLICATE_CLUSTER_NAME",
      "name_conflict",
      /exists/,
      "get_flex_cluster",
      "after_delay",
      "exists",
    ],
    [400, "DUPLICATE_CLUSTER_NAME_PREFIX", "name_conflict", /first 23 characters/],
    [400, "CLUSTER_NAME_INVALID", "invalid_input", /ASCII letters, digits and hyphens/],
    [400, "CLUSTER_NAME_TOO_LONG", "invalid_input", /too long/],
    [400, "CLUSTER_NAME_PREFIX_INVALID", "invalid_input", /23.*hyphen/],
    [400, "ATLAS_RESERVED_CLUSTER_NAME", "invalid_input", /reserves/],
    [400, "INVALID_REGION", "invalid_input", /region/],
    [400, "INVALID_PROVIDER", "invalid_input", /AWS, AZURE or GCP/],
    [400, "INVALID_ENUM_VALUE", "invalid_input", /value/],
    [
      400,
      "CONTAINER_WAITING_FOR_FAST_RECORD_CLEAN_UP",
      "conflict",
      /minute.*another name/,
      undefined,
      "after_delay",
    ],
    [402, "NO_PAYMENT_INFORMATION_FOUND", "payment_required", /Organization, Billing/],
    [402, "ACCOUNT_SUSPENDED", "payment_required", /invoice.*Organization, Billing/],
    [
      403,
      "ATLAS_RESOURCE_POLICIES_VIOLATION_NOT_AUTHORIZED",
      "forbidden",
      /Organization, Resource Policies/,
    ],
    [403, "HOURLY_BILLING_LIMIT_EXCEEDED", "quota_exceeded", /hourly billing limit/],
    [409, "OUT_OF_CAPACITY", "conflict", /capacity/, undefined, "after_delay"],
    [409, "NO_CAPACITY", "conflict", /capacity/, undefined, "after_delay"],
    [409, "REGION_UNAVAILABLE", "conflict", /region/],
    [404, "GROUP_NOT_FOUND", "not_found", /project/, "list_projects"],
    [404, "INVALID_GROUP_ID", "not_found", /project/, "list_projects"],
    [401, "NOT_IN_GROUP", "forbidden", /project/, "get_account"],
    [401, "USER_CANNOT_ACCESS_GROUP", "forbidden", /project/, "get_account"],
    [401, "USER_UNAUTHORIZED", "forbidden", /Project Owner/, "get_account"],
    [400, "GROUP_MISMATCH", "invalid_input", /project id/],
    [400, "INVALID_PATH_PARAMETER", "invalid_input", /path/],
    [400, "MAX_CLUSTERS_PER_GROUP_EXCEEDED", "quota_exceeded", /25/, "list_projects"],
    [400, "CANNOT_CREATE_FREE_CLUSTER_VIA_PUBLIC_API", "quota_exceeded", /M0/, undefined, "never"],
    [400, "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API", "conflict", /flex cluster/, undefined, "never"],
    [400, "TENANT_CLUSTER_UPDATE_UNSUPPORTED", "conflict", /cannot be changed/, undefined, "never"],
    // No operation of ours deletes or renames yet: what counts is that the code is understood wherever it appears.
    [
      400,
      "CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED",
      "conflict",
      /Termination protection/,
    ],
    [400, "CLUSTER_ALREADY_REQUESTED_DELETION", "conflict", /deleted/, undefined, "after_delay"],
    [409, "CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS", "conflict", /clusters/],
    [403, "CANNOT_CHANGE_GROUP_NAME", "forbidden", /rename/, "get_account"],
    // Nor does one create users or entries of the access list.
    [
      409,
      "USER_ALREADY_EXISTS",
      "name_conflict",
      /exists/,
      "get_flex_cluster",
      "after_delay",
      "exists",
    ],
    [404, "USERNAME_NOT_FOUND", "not_found", /no database user/],
    [404, "USER_NOT_FOUND", "not_found", /no such user/],
    [400, "ATLAS_INVALID_USERNAME", "invalid_input", /name/],
    [400, "INVALID_MONGODB_USERNAME", "invalid_input", /name/],
    [400, "DATABASE_NAME_INVALID_ADMIN", "invalid_input", /admin/],
    [400, "DATABASE_NAME_INVALID_EXTERNAL", "invalid_input", /\$external/],
    [400, "ATLAS_INVALID_ROLE", "invalid_input", /role/],
    [400, "ATLAS_INVALID_ROLE_DATABASE", "invalid_input", /another database/],
    [404, "ATLAS_CUSTOM_ROLE_NOT_FOUND", "invalid_input", /custom role/],
    [400, "DUPLICATE_DATABASE_ROLES", "invalid_input", /twice/],
    [400, "ATLAS_SCOPE_CLUSTER_NOT_FOUND", "invalid_input", /scope/],
    [400, "WEAK_PASSWORD", "invalid_input", /too weak/],
    [400, "COMMON_PASSWORD", "invalid_input", /too common/],
    [403, "GROUP_USERS_LIMIT_EXCEEDED", "quota_exceeded", /100/],
    [404, "ATLAS_NETWORK_PERMISSION_ENTRY_NOT_FOUND", "not_found", /no such entry/],
    [403, "ATLAS_NETWORK_PERMISSIONS_LIMIT_EXCEEDED", "quota_exceeded", /200/],
    [400, "INVALID_IP_ADDRESS_OR_CIDR_NOTATION", "invalid_input", /address/],
    [400, "INVALID_CIDR_BLOCK", "invalid_input", /block/],
    [
      400,
      "MULTIPLE_VALUES_SPECIFIED_FOR_ONE_NETWORK_PERMISSION_ENTRY",
      "invalid_input",
      /not both/,
    ],
    [400, "INVALID_NETWORK_PERMISSION_COMMENT", "invalid_input", /80/],
    [400, "PERMANENT_ENTITY_CANNOT_BE_MADE_TEMPORARY", "conflict", /never expires/],
    [400, "EXPIRATION_DATE_IN_PAST", "invalid_input", /future/],
    [400, "EXPIRATION_DATE_EXCEEDS_MAX", "invalid_input", /week/],
    [400, "INVALID_DATE_FORMAT", "invalid_input", /date/],
    [409, "CANNOT_CLOSE_GROUP_ACTIVE_BACKUP", "conflict", /backups/],
    [409, "CANNOT_CLOSE_GROUP_ACTIVE_BACKUP_COMPLIANCE_POLICY", "conflict", /snapshots/],
  ],
  getGroupFlexCluster: [
    [404, "CLUSTER_NOT_FOUND", "not_found", /no flex cluster/],
    [404, "RESOURCE_NOT_FOUND", "not_found", /no such resource/],
    [400, "CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API", "name_conflict", /not a flex cluster/],
  ],
  getOrgGroups: [
    [404, "GROUP_NAME_NOT_FOUND", "not_found", /name/, "list_projects"],
    [409, "MULTIPLE_GROUPS", "conflict", /id instead/, "list_projects"],
  ],
};

const isMet = (name: string): name is Met => name in rows;

export const errorCases: ErrorCase[] = Object.keys(rows)
  .filter(isMet)
  .flatMap((operation) =>
    rows[operation].map(([status, errorCode, code, says, helps, retry, outcome]) => ({
      operation,
      status,
      errorCode,
      code,
      retry: retry ?? "after_fix",
      outcome: outcome ?? (operation.startsWith("create") ? "not_created" : "no_change"),
      says,
      ...(helps === undefined ? {} : { helps }),
    })),
  );
