import * as z from "zod/v4";
import {
  authenticationDatabase,
  type DatabaseUser,
  databaseUserUpdateSchema,
  existingUsername,
  external,
} from "../atlas/resources/database-user.ts";
import { fail } from "../common/failure.ts";
import { changesRoles, databaseUserUpdateSpec } from "../operations/database-user-update.ts";
import { updateResource } from "../operations/update.ts";
import type { UpdateResult } from "../operations/update-spec.ts";
import { groupId, planOptions } from "./arguments.ts";
import { defineChange, type Risk, type ToolContext } from "./define.ts";
import { rotateWith } from "./password-rotation.ts";
import type { BodyWith } from "./result.ts";
import { roleRisks } from "./role-risks.ts";
import { asPlanned, planUpdate, someOf, updateBody } from "./update.ts";
import { aboutFile, filesOf, type Reach, reachFor, useOf } from "./user-file.ts";
import { unsent } from "./user-password.ts";

const changes = {
  ...databaseUserUpdateSchema.shape,
  rotatePassword: z
    .boolean()
    .optional()
    .meta({ description: "Sets a new generated password; the old one stops working." }),
};

const input = z
  .strictObject({
    groupId,
    username: existingUsername,
    databaseName: authenticationDatabase,
    ...changes,
    ...planOptions,
  })
  .superRefine(someOf(Object.keys(changes)))
  .superRefine(({ databaseName, rotatePassword }, context) => {
    if (databaseName !== external || rotatePassword !== true) return;
    const message = `is only for users of admin: those of ${external} have no password`;
    context.addIssue({ code: "custom", path: ["rotatePassword"], message });
  });

type Input = z.output<typeof input>;

const changeOf = ({ roles, scopes, description, deleteAfterDate }: Input) => ({
  ...(roles === undefined ? {} : { roles }),
  ...(scopes === undefined ? {} : { scopes }),
  ...(description === undefined ? {} : { description }),
  ...(deleteAfterDate === undefined ? {} : { deleteAfterDate }),
});

const revoked: Risk = {
  says: "It replaces the user's password: whatever has the old one can no longer log in.",
  takesAway: true,
};

const risksOf =
  (input: Input) =>
  (user: DatabaseUser): Risk[] => [
    ...(input.rotatePassword ? [revoked] : []),
    ...(changesRoles(user, changeOf(input)) ? roleRisks(input.roles ?? []) : []),
  ];

/** Refuses a rotation where there is no folder for the new password. */
const checkFolder = (
  { rotatePassword }: Input,
  { passwordFiles, noPasswordsBecause = "there is no folder for passwords" }: ToolContext,
): void => {
  if (!rotatePassword || passwordFiles !== undefined) return;
  fail("forbidden", `rotatePassword is off: ${noPasswordsBecause}. Nothing was sent.`, {
    suggestions: [{ suggest: "see_account" }],
  });
};

const noAddress =
  "The file has no MONGODB_URI yet: once the user reaches one running cluster, the next new password comes with it.";

/** What a person must know about the new password; `path` is where a file of this user belongs. */
const aboutRotation = (
  file: NonNullable<UpdateResult<DatabaseUser>["file"]>,
  path: string,
  reach: Reach,
): string =>
  [
    "The file has the new password; the one before no longer works.",
    ...(file.path === path
      ? []
      : [`Another call set one at the same time (${path}): the later of the two is right.`]),
    ...("problem" in file
      ? [`It could not be completed. ${file.problem}`]
      : aboutFile(file, reach, noAddress)),
  ].join(" ");

const userBody = (updated: UpdateResult<DatabaseUser>): BodyWith<"databaseUser"> => ({
  outcome: updated.outcome,
  databaseUser: updated.resource,
  ...updateBody(updated),
});

const changed = [
  ...["groupId", "username", "databaseName", "roles", "scopes"],
  ...["description", "deleteAfterDate", "rotatePassword"],
];

/** Changes what Atlas lets change on a database user. A new password goes only into a file of the operator. */
export const updateDatabaseUser = defineChange({
  name: "update_database_user",
  title: "Update database user",
  description:
    "Changes a MongoDB Atlas database user: roles, scopes, description, end; or rotates (resets) its password, such as a leaked one. The new password goes to credentialsFile, never into an answer.",
  searchHint: "rotate, reset a leaked MongoDB Atlas password; change roles of a database user",
  access: "update",
  kind: "databaseUser",
  repeatChangesMore: true,
  input,
  output: [
    "databaseUser",
    "credentialsFile",
    "use",
    "differences",
    "reconciled",
    "request",
    "receipt",
    "note",
  ],
  always: ["databaseUser"],
  suggests: {
    update_user: (args) => ({
      arguments: Object.fromEntries(changed.map((name) => [name, args[name]])),
      why: "Changes the user.",
    }),
  },
  change: (input) => ({
    name: input.username,
    groupId: input.groupId,
    details: {
      ...changeOf(input),
      ...(input.databaseName === external ? { databaseName: external } : {}),
      ...(input.rotatePassword ? { rotatePassword: true } : {}),
    },
  }),
  plan: async (input, context) => {
    checkFolder(input, context);
    const newPassword = input.rotatePassword ? unsent : undefined;
    const spec = databaseUserUpdateSpec(context, input, changeOf(input), newPassword);
    const { resource, isDone, risks } = await planUpdate(spec, risksOf(input), context);
    const request = spec.request(resource);
    if (isDone) return { request, done: { outcome: "unchanged", databaseUser: resource } };
    return {
      request,
      found: { risks },
      pending: { risks, scopes: input.scopes ?? resource.scopes },
    };
  },
  apply: async ({ risks, scopes }, input, context) => {
    const asked = changeOf(input);
    const flights = context.singleFlights.databaseUserUpdates;
    if (!input.rotatePassword) {
      const spec = databaseUserUpdateSpec(context, input, asked);
      const planned = asPlanned(spec, undefined, risksOf(input), risks);
      return userBody(await updateResource(planned, context, flights));
    }
    const files = filesOf(context);
    const reach = await reachFor({ groupId: input.groupId, scopes }, context);
    const user = { groupId: input.groupId, username: input.username, owner: context.owner };
    const { newPassword, rotating } = rotateWith(files, user, reach?.address);
    const spec = rotating(databaseUserUpdateSpec(context, input, asked, newPassword));
    const planned = asPlanned(spec, undefined, risksOf(input), risks);
    const updated = await updateResource(planned, context, flights);
    const { file } = updated;
    if (file === undefined) return userBody(updated);
    const note = aboutRotation(file, files.pathOf(input), reach);
    const { path } = file;
    return { ...userBody(updated), credentialsFile: path, use: useOf(path, input, context), note };
  },
});
