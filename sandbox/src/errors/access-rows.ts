/** The errors of database users and of the access list. */
import { type ErrorRow, row } from "./common-rows.ts";

/** Texts as in `commonErrors`. */
export const accessErrors = {
  // Atlas's error list still says "Atlas whitelist"; real responses have this text.
  ATLAS_NETWORK_PERMISSION_ENTRY_NOT_FOUND: row(
    404,
    "IP Address {entry} not on Atlas access list for group {groupId}.",
  ),
  ATLAS_NETWORK_PERMISSIONS_LIMIT_EXCEEDED: row(
    403,
    "Too many network permission entries. Only {entries} entries are supported.",
  ),
  ATLAS_INVALID_ROLE: row(400, "The specified role {role}@{database} does not exist."),
  ATLAS_INVALID_ROLE_DATABASE: row(
    400,
    "The specified role {role} only exists for database {database}.",
  ),
  ATLAS_INVALID_USERNAME: row(
    400,
    "The specified username {username} is not valid for an Atlas database user.",
  ),
  // Not in the list. The live API answered it for some days in April 2026. Before and after, it accepted scopes of
  // clusters that do not exist, as the sandbox does unless a fault is scripted.
  ATLAS_SCOPE_CLUSTER_NOT_FOUND: row(
    400,
    'The scope cluster name "{scope}" does not exist in this project.',
  ),
  AUTH_TYPE_CANNOT_BE_CHANGED: row(
    409,
    "Cannot modify the authentication type of an existing database user.",
  ),
  CANNOT_USE_AWS_SECURITY_GROUP_WITHOUT_VPC_PEERING_CONNECTION: row(
    400,
    "Cannot use AWS security groups as whitelist entries without a VPC peering connection.",
  ),
  COMMON_PASSWORD: row(
    400,
    "The password provided is too weak, as it can be found in most commonly used password lists.",
  ),
  DATABASE_NAME_CANNOT_BE_CHANGED: row(
    409,
    "Cannot modify the authentication database of an existing database user.",
  ),
  DATABASE_NAME_INVALID_ADMIN: row(
    400,
    "Database name invalid. {kindOfUsers} can only be created on the admin database.",
  ),
  DATABASE_NAME_INVALID_EXTERNAL: row(
    400,
    "Database name invalid. Externally authenticated users can only be created on the $external database.",
  ),
  DATABASE_USERNAME_CANNOT_BE_CHANGED: row(
    409,
    "Cannot modify the username of an existing database user.",
  ),
  DUPLICATE_ADDRESSES_IN_INPUT: row(
    400,
    "Two or more of the IP addresses being added to the whitelist are the same.",
  ),
  DUPLICATE_DATABASE_ROLES: row(
    400,
    "Duplicate database roles specified for user {username}: {roles}.",
  ),
  EXPIRATION_DATE_EXCEEDS_MAX: row(
    400,
    "The specified expiration date can be at most {days} days in the future.",
  ),
  EXPIRATION_DATE_IN_PAST: row(400, "The specified expiration date must be in the future."),
  GROUP_MISMATCH: row(400, "The specified group ID {groupId} does not match the URL."),
  GROUP_USERS_LIMIT_EXCEEDED: row(403, "Groups can contain at most {users} database users."),
  INVALID_DATE_FORMAT: row(400, "An invalid date value {value} was specified."),
  INVALID_ENUM_VALUE: row(400, "An invalid enumeration value {value} was specified."),
  INVALID_IP_ADDRESS_OR_CIDR_NOTATION: row(
    400,
    "The address {entry} must be in valid IP address or CIDR notation.",
  ),
  INVALID_NETWORK_PERMISSION_COMMENT: row(
    400,
    "The comment {comment} must be 80 characters or less.",
  ),
  MULTIPLE_VALUES_SPECIFIED_FOR_ONE_NETWORK_PERMISSION_ENTRY: row(
    400,
    "Should not specify both the IP address and the CIDR block.",
  ),
  PERMANENT_ENTITY_CANNOT_BE_MADE_TEMPORARY: row(
    400,
    "A permanent entity cannot be made temporary.",
  ),
  USERNAME_NOT_FOUND: row(404, "No user with username {username} exists."),
  USER_ALREADY_EXISTS: row(409, "A user with username {username} already exists."),
  WEAK_PASSWORD: row(400, "The specified password is not strong enough."),
} satisfies Record<string, ErrorRow>;
