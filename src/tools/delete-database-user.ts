import * as z from "zod/v4";
import { listGroupDatabaseUsers } from "../atlas/requests.ts";
import { authenticationDatabase, existingUsername } from "../atlas/resources/database-user.ts";
import { failureOf } from "../common/failure.ts";
import { databaseUserDeleteSpec } from "../operations/database-user-delete.ts";
import { deleteResource } from "../operations/delete.ts";
import { findDeleteTarget } from "../operations/delete-target.ts";
import { groupId, planOptions } from "./arguments.ts";
import { defineChange, type Risk, type ToolContext } from "./define.ts";
import { absentBody, deletedBody } from "./deletion.ts";
import type { Body } from "./result.ts";

const accessLost: Risk = {
  says: "Whoever connects as this user loses access; its password is of no use any more.",
  takesAway: true,
};

/** Nothing has the name. A user that was meant still has access. */
const noUser = async (
  { atlas, deadline }: ToolContext,
  { groupId, username }: { groupId: string; username: string },
): Promise<Body> => {
  const users = await atlas
    .readAll((page) => listGroupDatabaseUsers(groupId, page), deadline)
    .catch(failureOf);
  const names = "code" in users ? [] : users.map((user) => user.username);
  const lookUp = () => ({ suggest: "show_project", with: { groupId } }) as const;
  return absentBody("user", username, names, lookUp);
};

/** Removes a database user. The file with its password stays. */
export const deleteDatabaseUser = defineChange({
  name: "delete_database_user",
  title: "Delete database user",
  description:
    "Removes a MongoDB Atlas database user, which revokes its access. Absent is a success.",
  searchHint: "remove, revoke a MongoDB Atlas database user",
  access: "delete",
  kind: "databaseUser",
  input: z.strictObject({
    groupId,
    username: existingUsername,
    databaseName: authenticationDatabase,
    ...planOptions,
  }),
  output: ["reconciled", "request", "receipt", "note"],
  always: [],
  change: ({ username, groupId }) => ({
    name: username,
    groupId,
    details: {},
    risks: [accessLost],
  }),
  plan: async (input, context) => {
    const { spec, request } = databaseUserDeleteSpec(context, input);
    const target = await findDeleteTarget(spec, () => spec.find(context.deadline), context);
    if ("absent" in target) return { request, done: await noUser(context, input) };
    // Atlas names the role and the database of each.
    const roles = target.resource.roles?.map(
      ({ roleName = "?", databaseName = "?", collectionName }) => ({
        roleName,
        databaseName,
        collectionName,
      }),
    );
    return { request, id: target.id, found: { details: { roles } }, pending: spec };
  },
  apply: async (spec, _input, context) => deletedBody(await deleteResource(spec, context), spec),
});
