/** Users who were invited: how they are found, added and shown. */
import { checkFields, requiredText, requiredTexts } from "../api/fields.ts";
import { type Call, pathParameter } from "../api/operation.ts";
import { createApiError } from "../errors/api-error.ts";
import type { JsonObject } from "../json.ts";
import { findProject } from "../projects/find.ts";
import { checkProjectRoles } from "../projects/roles.ts";
import type { InvitedUser } from "../state/administration.ts";
import { type SandboxState, toAtlasTime } from "../state/resources.ts";
import { checkUserId, owner } from "./view.ts";

/** How long an invitation is open, as recorded. */
const invitationMs = 30 * 86_400_000;

/** The invited users of an organization whose invitation is still open. */
export const invitedUsersOf = (
  { invitedUsers }: SandboxState,
  orgId: string,
  now: number,
): InvitedUser[] =>
  invitedUsers.filter((user) => user.orgId === orgId && now < user.createdAt + invitationMs);

/** The roles of a user in a project; undefined if there are none. */
export const rolesIn = ({ projects }: InvitedUser, id: string): string[] | undefined =>
  projects.find(({ groupId }) => groupId === id)?.roles;

/** Gives a user other roles in a project; an empty list removes them from it. */
export const setRolesIn = (user: InvitedUser, id: string, roles: string[]): void => {
  const others = user.projects.filter(({ groupId }) => groupId !== id);
  user.projects = roles.length === 0 ? others : [...others, { groupId: id, roles }];
};

/** The invited user that the path names, among these; undefined for the owner, and throws for nobody. */
export const pickInvited = (call: Call, users: readonly InvitedUser[]): InvitedUser | undefined => {
  const userId = pathParameter(call, "userId");
  const user = users.find(({ id }) => id === userId);
  if (user === undefined) checkUserId(userId);
  return user;
};

/** The invited user with this name, who is added if there is none. The owner cannot be invited. */
export const inviteUser = (
  { state, now }: Call,
  orgId: string,
  username: string,
  conflict: () => Error,
): InvitedUser => {
  if (username === owner.username) throw conflict();
  const known = invitedUsersOf(state, orgId, now).find((user) => user.username === username);
  if (known !== undefined) return known;
  const id = state.ids.objectId(now);
  const user: InvitedUser = { id, orgId, username, roles: [], createdAt: now, projects: [] };
  state.invitedUsers.push(user);
  return user;
};

/** Invites the user that the body names to the project of the path, with the roles of the body. */
export const inviteToProject = (call: Call): { user: InvitedUser; groupId: string } => {
  const { id: groupId, orgId } = findProject(call);
  checkFields(call.body, { roles: "array", username: "string" });
  const username = requiredText(call.body, "username");
  const roles = requiredTexts(call.body, "roles");
  checkProjectRoles(roles, groupId);
  const conflict = () => createApiError("USER_ALREADY_IN_GROUP", { username, groupId });
  const user = inviteUser(call, orgId, username, conflict);
  if (rolesIn(user, groupId) !== undefined) throw conflict();
  setRolesIn(user, groupId, roles);
  return { user, groupId };
};

/** Removes an invited user from the state. */
export const removeInvited = (state: SandboxState, user: InvitedUser): void => {
  state.invitedUsers = state.invitedUsers.filter((other) => other !== user);
};

/** When an invitation was made, and when it ends. */
export const invitationTimes = ({ createdAt }: InvitedUser): [from: string, to: string] => [
  toAtlasTime(createdAt),
  toAtlasTime(createdAt + invitationMs),
];

const toPendingView = (user: InvitedUser): JsonObject => {
  const [invitationCreatedAt, invitationExpiresAt] = invitationTimes(user);
  return {
    id: user.id,
    invitationCreatedAt,
    invitationExpiresAt,
    inviterUsername: owner.username,
    orgMembershipStatus: "PENDING",
  };
};

/** Converts an invited user to a member of an organization. */
export const toInvitedView = (user: InvitedUser): JsonObject => ({
  ...toPendingView(user),
  roles: {
    groupRoleAssignments: user.projects.map(({ groupId, roles }) => ({
      groupId,
      groupRoles: [...roles],
    })),
    orgRoles: [...user.roles],
  },
  teamIds: [],
  username: user.username,
});

/** Converts an invited user to a member of a project. */
export const toInvitedProjectView = (user: InvitedUser, groupId: string): JsonObject => ({
  ...toPendingView(user),
  roles: [...(rolesIn(user, groupId) ?? [])],
  username: user.username,
});
