/** The errors of teams, cloud users, API keys, service accounts, alerts, custom database roles and settings. */
import { type ErrorRow, row } from "./common-rows.ts";

/** Texts as in `commonErrors`. */
export const identityErrors = {
  ALERT_CONFIG_NOT_FOUND: row(
    404,
    "No alert configuration with ID {alertConfigId} exists in group {groupId}.",
  ),
  API_KEY_NOT_FOUND: row(400, "No API key with ID {apiUserId} exists."),
  API_KEY_REQUIRES_DESCRIPTION: row(400, "All API keys require a non-empty description."),
  ATLAS_CUSTOM_ROLE_HAS_NO_PERMISSIONS: row(
    400,
    "Custom roles must have one or more user privilege actions or inherited roles.",
  ),
  ATLAS_CUSTOM_ROLE_INVALID_NAME: row(
    400,
    'The role name, "{role}", is invalid. A custom role name must be a non-empty string made up of only ASCII letters, numbers, hyphens, and underscores, and should begin with a letter or number.',
  ),
  ATLAS_CUSTOM_ROLE_IN_USE_BY_ROLES: row(
    409,
    "Deleting specified custom role would leave the following roles with no actions or inherited roles: {roles}.",
  ),
  ATLAS_CUSTOM_ROLE_IN_USE_BY_USERS: row(
    409,
    "Deleting specified custom role would leave the following users without a role: {users}.",
  ),
  ATLAS_CUSTOM_ROLE_NAME_ALREADY_EXISTS: row(
    409,
    "A custom role with the name {role} already exists.",
  ),
  ATLAS_CUSTOM_ROLE_NOT_FOUND: row(404, "The specified custom db role {role} does not exist."),
  ATLAS_DUPLICATE_CUSTOM_ROLE_ACTION: row(400, "A custom role cannot have duplicate actions."),
  ATLAS_INVALID_CUSTOM_ROLE_INHERITANCE: row(
    400,
    "One or more of the specified inherited roles do not exist.",
  ),
  ATLAS_INVALID_CUSTOM_ROLE_RESTRICTED: row(
    400,
    "Cannot create custom role {role} because a built-in role with that name already exists.",
  ),
  ATLAS_INVALID_CUSTOM_ROLE_SELF_REFERENTIAL: row(
    400,
    "A custom DB role cannot inherit from itself.",
  ),
  ATLAS_INVALID_MAINTENANCE_WINDOW_DAY_OF_WEEK: row(
    400,
    "Invalid Day of Week. Value should be between 1 and 7 (Sunday = 1).",
  ),
  ATLAS_INVALID_MAINTENANCE_WINDOW_HOUR_OF_DAY: row(
    400,
    "Invalid Hour of Day. Value should be between 0 and 23.",
  ),
  ATLAS_MAINTENANCE_NOT_SCHEDULED: row(400, "There is no maintenance scheduled for this project."),
  ATLAS_RESERVED_CUSTOM_ROLE_RESTRICTED: row(
    400,
    'Cannot create custom role {role} because the prefix "xgen-" is reserved for built-in roles.',
  ),
  BAD_USERNAME_REF: row(400, "No user with username {username} exists."),
  CANNOT_DEMOTE_LAST_ORG_OWNER: row(403, "Cannot demote the last owner of the organization."),
  CANNOT_DELETE_TEAM_ASSIGNED_TO_PROJECT: row(
    404,
    "You cannot delete a team that has at least one project assigned to it. Make sure to remove the team from all project before deleting it.",
  ),
  CUSTOM_ROLES_LIMIT_EXCEEDED: row(403, "Exceeded maximum number of custom roles."),
  INVALID_ROLE_FOR_GROUP: row(400, "Role {role} is invalid for group {groupId}."),
  INVALID_ROLE_FOR_ORG: row(400, "Role {role} invalid for organization {orgId}."),
  INVALID_TEAM_ID: row(404, "An invalid team ID {teamId} was specified."),
  INVALID_TEAM_NAME: row(400, 'An invalid team name "{name}" was specified.'),
  INVALID_USER_ID: row(404, "An invalid user ID {userId} was specified."),
  MISSING_NOTIFICATIONS: row(
    400,
    "At least one notification must be specified for an alert configuration.",
  ),
  NO_ROLES_IN_ASSIGNMENT: row(403, "You cannot remove all project roles a team has."),
  TEAM_EXISTS_IN_GROUP: row(409, "Cannot add a team that already exists in group."),
  TEAM_NAME_NOT_AVAILABLE: row(409, "Cannot create a team named {name} in organization {orgId}."),
  TEAM_NAME_NOT_FOUND: row(404, 'No team with name "{name}" exists.'),
  TEAM_NOT_FOUND: row(404, "No team with ID {teamId} exists."),
  TEAM_NOT_IN_GROUP: row(404, "The team in your request is not assigned to this group."),
  UNSUPPORTED_ROLE: row(400, "The provided role is not supported."),
  // Assumptions: Terraform's tests name the first code, and no source has a text.
  USER_ALREADY_IN_GROUP: row(409, "User {username} is already in group {groupId}."),
  USER_ALREADY_IN_ORG: row(409, "User {username} is already in organization {orgId}."),
  USER_ALREADY_IN_TEAM: row(409, "The user with ID {userId} in team {teamId} already exists."),
  USER_NOT_FOUND: row(404, "No user with ID {userId} exists."),
} satisfies Record<string, ErrorRow>;
