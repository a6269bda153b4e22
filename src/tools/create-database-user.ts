import type * as z from "zod/v4";
import { databaseUserBodySchema } from "../atlas/resources/database-user.ts";
import type { OnFile } from "../credential-files/files.ts";
import { create, lookBefore } from "../operations/create.ts";
import type { CreatedFile } from "../operations/create-spec.ts";
import { databaseUserCreateSpec } from "../operations/database-user.ts";
import { createOptions, groupId } from "./arguments.ts";
import { defineChange } from "./define.ts";
import type { BodyWith } from "./result.ts";
import { roleRisks } from "./role-risks.ts";
import { aboutFile, filesOf, type Reach, reachFor, useOf } from "./user-file.ts";
import { createWithPassword, findFile, unsent } from "./user-password.ts";

const input = databaseUserBodySchema.extend({ groupId, ...createOptions });

type Input = z.output<typeof input>;

const bodyOf = ({ groupId: _, ifExists: __, dryRun: ___, confirmation: ____, ...body }: Input) =>
  body;

const noAddress =
  'The file has no MONGODB_URI yet: once the project has one running cluster, repeat this call with ifExists "return" to add it.';

type File = OnFile | CreatedFile | { problem: string } | undefined;

/** What a person must know about the password of a user that existed. */
const aboutExisting = (file: File): string => {
  const known = "The user already existed and keeps its password";
  if (file === undefined) return `${known}, which this server does not have.`;
  if ("problem" in file) return `${known}. ${file.problem}`;
  if (file.unclear)
    return `${known}; whether the one in the file is right, Atlas has not confirmed.`;
  return `${known}; the file has the one that this server created it with.`;
};

/** What a person must know about the password of a user that was created. */
const aboutCreated = (file: CreatedFile): string[] => [
  ...(file.reused ? ["The file already had a password for this user, which is used again."] : []),
  ...(file.renewed
    ? [
        "The file had the password of an earlier user of this name, or of another caller; this one has a new password.",
      ]
    : []),
  ...("problem" in file
    ? [`The file has the password, but it could not be completed. ${file.problem}`]
    : []),
];

/** The body about one user: where its password is, and what its file still lacks. */
const userBody = (
  body: BodyWith<"databaseUser">,
  file: File,
  reach: Reach,
  use: (path: string) => string,
): BodyWith<"databaseUser"> => {
  const notes = [
    ...(body.outcome === "existing" ? [aboutExisting(file)] : []),
    ...(file !== undefined && "reused" in file ? aboutCreated(file) : []),
    ...(file !== undefined && "hasUri" in file ? aboutFile(file, reach, noAddress) : []),
  ];
  return {
    ...body,
    ...(file !== undefined && "path" in file
      ? { credentialsFile: file.path, use: use(file.path) }
      : {}),
    ...(notes.length === 0 ? {} : { note: notes.join(" ") }),
  };
};

/** Creates a database user. Its password goes only into a file of the operator. */
export const createDatabaseUser = defineChange({
  name: "create_database_user",
  title: "Create database user",
  description:
    "Creates a MongoDB Atlas database user. Its generated password and connection string go to a file that only the operator can read (credentialsFile), never into an answer.",
  searchHint:
    "create a MongoDB Atlas database user, login, credentials; the password goes to a file",
  access: "create",
  groups: ["connect"],
  kind: "databaseUser",
  input,
  output: ["databaseUser", "credentialsFile", "use", "reconciled", "request", "receipt", "note"],
  always: ["databaseUser"],
  suggests: {
    create_user: ({ groupId, username }) => ({
      arguments: { groupId, username },
      why: "Creates the database user.",
    }),
  },
  change: ({ username, groupId, roles, scopes, deleteAfterDate, description }) => ({
    name: username,
    groupId,
    details: { roles, scopes, deleteAfterDate, description },
    risks: roleRisks(roles),
  }),
  plan: async (input, context) => {
    const { groupId, username, ifExists = "error", dryRun } = input;
    const { spec, request } = databaseUserCreateSpec(context, groupId, bodyOf(input), unsent);
    const before = await lookBefore(spec, ifExists, context, context.singleFlights.databaseUsers);
    if (!("existing" in before)) return { request, pending: before };
    const reach = await reachFor(input, context);
    const user = { groupId, username };
    const file = dryRun ? undefined : await findFile(filesOf(context), user, reach?.address);
    const body = { outcome: "existing" as const, databaseUser: before.existing };
    const use = (path: string) => useOf(path, user, context);
    return { request, done: userBody(body, file, reach, use) };
  },
  apply: async (before, input, context) => {
    const { groupId, username, ifExists = "error" } = input;
    const user = { groupId, username, owner: context.owner };
    const files = filesOf(context);
    const reach = await reachFor(input, context);
    const { password, completing } = createWithPassword(files, user, reach?.address);
    const { spec } = databaseUserCreateSpec(context, groupId, bodyOf(input), password);
    const { databaseUsers } = context.singleFlights;
    const created = await create(completing(spec), before, ifExists, context, databaseUsers);
    const file = created.file ?? (await findFile(files, user, reach?.address));
    const body = {
      outcome: created.outcome,
      databaseUser: created.resource,
      ...(created.reconciled ? { reconciled: true as const } : {}),
    };
    return userBody(body, file, reach, (path) => useOf(path, user, context));
  },
});
