/** The errors of projects, clusters, and requests in general. */
/** An error in a table. `parameters` is the order of the placeholders in the response; default: as in the text. */
export type ErrorRow = { status: number; detail: string; parameters?: readonly string[] };

export const row = (status: number, detail: string, parameters?: readonly string[]): ErrorRow => ({
  status,
  detail,
  ...(parameters ? { parameters } : {}),
});

/**
 * Words in braces are placeholders for values of the request. The texts are from Atlas's own error list, or from real
 * traffic where that differs. A comment marks each row that has neither source.
 */
export const commonErrors = {
  ACCESS_FORBIDDEN: row(403, "Access to this resource is forbidden for current user."),
  ACCOUNT_SUSPENDED: row(402, "Organization has an unpaid invoice that is more than 30 days old."),
  ATLAS_CLUSTER_VERSION_DEPRECATED: row(400, "MongoDB version is deprecated in Atlas."),
  ATLAS_GENERAL_ERROR: row(400, "Reason: {problem}."),
  ATLAS_RESERVED_CLUSTER_NAME: row(
    400,
    'The provided cluster name {name} creates a conflict with our internal hostnames, which are generated using the pattern "atlas-[a-z0-9]{6}".',
    ["name"],
  ),
  ATLAS_RESOURCE_POLICIES_VIOLATION_NOT_AUTHORIZED: row(
    403,
    "Invalid Configuration. Contains selections that are unavailable due to your organization's resource policies.",
  ),
  CANNOT_CHANGE_GROUP_NAME: row(403, "Current user is not authorized to change group name."),
  CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS: row(
    409,
    "Cannot close group while it has active clusters; please terminate all clusters.",
  ),
  // The parameter is a whole sentence without its full stop, as logged (docs/atlas.md#free-and-dedicated-clusters).
  CANNOT_CREATE_FREE_CLUSTER_VIA_PUBLIC_API: row(
    400,
    "Cannot create a cluster with instance size M0 via the public api: {problem}.",
  ),
  CANNOT_PAUSE_RECENTLY_RESUMED_CLUSTER: row(
    400,
    "Recently resumed clusters must remain running for {minutes} minutes to process all queued maintenance.",
  ),
  // Of the API of dedicated clusters, like CLUSTER_ALREADY_REQUESTED_DELETION (docs/atlas.md#deletes). The parameter is a
  // whole sentence, as recorded.
  CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED: row(
    400,
    "Cannot terminate a cluster when termination protection is enabled. Disable termination protection and try again.",
    ["protection"],
  ),
  CANNOT_UPDATE_PAUSED_CLUSTER: row(
    409,
    "Cannot update cluster {name} while it is paused or being paused.",
  ),
  CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API: row(
    400,
    "Flex cluster {name} cannot be used in the Cluster API.",
  ),
  CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API: row(
    400,
    "Cannot use non-flex cluster {name} in the flex API.",
  ),
  CLUSTER_ALREADY_REQUESTED_DELETION: row(
    400,
    "The cluster {name} has already been requested for deletion.",
  ),
  CLUSTER_CANNOT_CHANGE_NAME: row(400, "Cannot change name of cluster during an update."),
  CLUSTER_NAME_INVALID: row(
    400,
    "The cluster name {name} is invalid. The name can only contain ASCII letters, numbers, and hyphens.",
  ),
  CLUSTER_NAME_PREFIX_INVALID: row(
    400,
    'Cluster name "{name}" is invalid. Atlas truncates cluster names to {prefixLength} characters which results in an invalid hostname due to a trailing "-" in the generated cluster name prefix "{prefix}".',
  ),
  CLUSTER_NAME_TOO_LONG: row(400, "Cluster name {name} is limited to {maximum} characters."),
  CLUSTER_NOT_FOUND: row(404, "No cluster named {name} exists in group {groupId}."),
  CONTAINER_WAITING_FOR_FAST_RECORD_CLEAN_UP: row(
    400,
    "A transient error occurred. Please try again in a minute or use a different name.",
    // Not a placeholder: the parameter is the sentence (docs/atlas.md#names).
    ["A transient error occurred. Please try again in a minute or use a different name."],
  ),
  DUPLICATE_CLUSTER_NAME: row(400, "A {kind} named {name} is already present in group {groupId}."),
  DUPLICATE_CLUSTER_NAME_PREFIX: row(
    400,
    "Cluster name {name} cannot have same first {prefixLength} characters as another cluster name in same group.",
  ),
  GROUP_ALREADY_EXISTS: row(409, 'A group with name "{name}" already exists.'),
  GROUP_NAME_NOT_FOUND: row(404, 'No group with name "{name}" exists.'),
  GROUP_NOT_FOUND: row(404, "No group with ID {groupId} exists."),
  HOURLY_BILLING_LIMIT_EXCEEDED: row(403, "The hourly billing limit has been exceeded."),
  INACTIVE_ORG: row(400, "Organization {orgId} is inactive."),
  INVALID_ATTRIBUTE: row(400, "Invalid attribute {attribute} specified."),
  INVALID_GROUP_ID: row(404, "An invalid group ID {groupId} was specified."),
  INVALID_GROUP_NAME: row(400, 'An invalid group name "{name}" was specified.'),
  INVALID_GROUP_NAME_10GEN: row(400, 'Group name cannot contain "10gen-" or "-10gen".'),
  INVALID_JSON: row(400, "Received JSON does not match expected format."),
  INVALID_JSON_ATTRIBUTE: row(
    400,
    "Received JSON for the {attribute} attribute does not match expected format.",
  ),
  INVALID_ORG_ID: row(404, "An invalid organization ID {orgId} was specified."),
  INVALID_PATH_PARAMETER: row(400, "Invalid path parameter {parameter} specified."),
  INVALID_PROVIDER: row(400, "No provider {provider} exists."),
  INVALID_QUERY_PARAMETER: row(400, "Invalid query parameter {parameter} specified."),
  INVALID_REGION: row(400, "No region {region} exists for provider {provider}."),
  INVALID_VERSION_DATE: row(406, "Invalid accept header or version date."),
  IP_ADDRESS_NOT_ON_ACCESS_LIST: row(
    403,
    "IP address {address} is not allowed to access this resource.",
  ),
  MALFORMED_JSON: row(400, "Received JSON is malformed."),
  // An assumption, like MAX_TEAMS_PER_GROUP_EXCEEDED: no source has the code for the 26th cluster.
  MAX_CLUSTERS_PER_GROUP_EXCEEDED: row(
    400,
    "Maximum number of clusters per group ({clusters}) in {groupId} exceeded while trying to add cluster.",
  ),
  MAX_GROUPS_PER_ORG_EXCEEDED: row(
    400,
    "Maximum number of groups per organization ({groups}) in {orgId} exceeded while trying to add group.",
  ),
  MAX_GROUPS_PER_USER_EXCEEDED: row(
    400,
    "Maximum number of groups per user ({groups}) for {user} exceeded while trying to add user to group.",
  ),
  MISSING_ATTRIBUTE: row(400, "The required attribute {attribute} was not specified."),
  MULTIPLE_GROUPS: row(409, "Multiple groups exist with the specified name."),
  NOT_IN_GROUP: row(401, "The current user is not in the group, or the group does not exist."),
  NOT_ORG_GROUP_CREATOR: row(
    401,
    "The currently logged in user does not have the group creator role in organization {orgId}.",
  ),
  NO_CAPACITY: row(409, "Cannot find the {region} capacity for group {groupId}."),
  NO_PAYMENT_INFORMATION_FOUND: row(402, "No payment information was found for group {groupId}."),
  ORG_NOT_FOUND: row(404, "No organization with ID {orgId} exists."),
  ORG_REQUIRES_ACCESS_LIST: row(
    403,
    "This organization requires access through an access list of ip ranges.",
  ),
  OUT_OF_CAPACITY: row(
    409,
    "The requested region is currently out of capacity for the requested instance size.",
  ),
  RATE_LIMITED: row(
    429,
    "Resource {path} is limited to {requests} requests every {minutes} minutes.",
  ),
  RATE_LIMITED_TOKEN_BUCKET: row(
    429,
    "Rate limit exceeded for {path}. Please retry after {seconds} seconds. Request capacity: {capacity}. Refill rate: {refill} per {window} seconds. For more information, see: http://dochub.mongodb.org/core/atlas-api-rate-limit.",
  ),
  REGION_UNAVAILABLE: row(409, "The selected region {region} is unavailable for use."),
  RESOURCE_NOT_FOUND: row(404, "Cannot find resource {resource}."),
  TENANT_CLUSTER_PROCESS_ARGS_NOT_SUPPORTED: row(
    400,
    "Cannot set custom process args for tenant clusters.",
  ),
  TENANT_CLUSTER_UPDATE_UNSUPPORTED: row(
    400,
    "Cannot update a M0/Flex cluster through the public API.",
  ),
  UNEXPECTED_ERROR: row(500, "Unexpected error."),
  USER_CANNOT_ACCESS_GROUP: row(401, "User cannot access this group."),
  USER_CANNOT_ACCESS_ORG: row(401, "User cannot access this organization."),
  USER_UNAUTHORIZED: row(401, "Current user is not authorized to perform this action."),
  VALIDATION_ERROR: row(400, "The request content produced the validation error: {problem}."),
  WRITES_NOT_ALLOWED_DURING_APP_UPGRADES: row(
    405,
    "Create, update, and delete API endpoints are disabled while the system is being upgraded.",
  ),
} satisfies Record<string, ErrorRow>;
