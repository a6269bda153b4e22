/** A database user: what a create may carry, without the password, and what Atlas returns. */
import * as z from "zod/v4";
import { isRecord } from "../../common/json.ts";
import { expiryDate } from "./expiry-date.ts";
import { newName, soft, text } from "./fields.ts";

const checkUsername = (name: string, context: z.core.$RefinementCtx<string>): void => {
  // A URL swallows these, so a request would go to another resource.
  if (name === "." || name === "..")
    context.addIssue({ code: "custom", message: 'must not be "." or ".."' });
  // An unpaired surrogate is not a character, and a URL cannot contain it.
  const kept = name.replace(/[\p{Cc}\p{Cs}]+/gu, "");
  if (kept === name) return;
  context.addIssue({
    code: "custom",
    message: "must not have control characters or unpaired surrogates",
    params: { example: kept || undefined },
  });
};

/** The name of a new database user. Atlas decides which names are reserved. */
const databaseUsername = newName()
  .min(1)
  .max(1024)
  .superRefine(checkUsername)
  .meta({ description: "1 to 1024 characters.", examples: ["app"] });

/** The name of a user that exists, which is looked up as it is given. */
export const existingUsername = z
  .string()
  .min(1)
  .max(1024)
  .superRefine(checkUsername)
  .meta({ description: "1 to 1024 characters.", examples: ["app"] });

/** The database against which a user without a password authenticates. */
export const external = "$external";

/** The database against which a user that exists authenticates. */
export const authenticationDatabase = z
  .enum(["admin", external])
  .default("admin")
  .meta({ description: "Default admin." });

const role = z.strictObject({
  roleName: z
    .string()
    .min(1)
    .meta({
      description: "readWrite, read, dbAdmin, atlasAdmin, ...",
      examples: ["readWrite"],
    }),
  databaseName: z
    .string()
    .min(1)
    .meta({ description: "admin for ...AnyDatabase and atlasAdmin.", examples: ["app"] }),
  collectionName: z
    .string()
    .min(1)
    .optional()
    .meta({ examples: ["orders"] }),
});

const defaultRoles = [{ roleName: "readWriteAnyDatabase", databaseName: "admin" }];

const roles = z.array(role).min(1);

const scopes = z.array(
  z.strictObject({
    name: z
      .string()
      .regex(/^[a-zA-Z0-9][a-zA-Z0-9-]*$/, "must be the name of a cluster")
      .meta({ description: "Cluster name.", examples: ["my-cluster"] }),
    type: z.enum(["CLUSTER", "DATA_LAKE", "STREAM"]),
  }),
);

const scopeExamples = [[{ name: "my-cluster", type: "CLUSTER" }]];

const description = z
  .string()
  .max(100)
  .optional()
  .meta({ description: "At most 100 characters.", takesEmpty: true });

/** Body of createGroupDatabaseUser (POST /api/atlas/v2/groups/{groupId}/databaseUsers), without the password. */
export const databaseUserBodySchema = z.strictObject({
  username: databaseUsername,
  // Atlas documents $external too, for users without a password, which this server does not create.
  databaseName: z.enum(["admin"]).default("admin"),
  roles: roles.default(defaultRoles).meta({
    description: "Default: readWriteAnyDatabase on admin.",
    examples: [defaultRoles],
  }),
  scopes: scopes.optional().meta({
    description: "Clusters that it may reach (default all).",
    examples: scopeExamples,
  }),
  description,
  deleteAfterDate: expiryDate.optional(),
});

export type DatabaseUserBody = z.output<typeof databaseUserBodySchema>;

/** What updateGroupDatabaseUser (PATCH .../databaseUsers/{databaseName}/{username}) may change, without the password. */
export const databaseUserUpdateSchema = z.strictObject({
  roles: roles.optional().meta({ description: "Replaces all roles.", examples: [defaultRoles] }),
  scopes: scopes.optional().meta({
    description: "Replaces the clusters that it may reach; an empty list means all.",
    examples: scopeExamples,
  }),
  description,
  deleteAfterDate: expiryDate.optional(),
});

export type DatabaseUserUpdate = z.output<typeof databaseUserUpdateSchema>;

/** Atlas documents that no answer has the password. If one has it all the same, nobody may see it. */
const withoutPassword = (user: unknown): unknown => {
  if (!isRecord(user)) return user;
  const { password: _, ...rest } = user;
  return rest;
};

/** What results show of a database user. */
export const databaseUserMembers = z.looseObject({
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

/** A database user as Atlas returns it (schema CloudDatabaseUser); never with a password. */
export const databaseUserSchema = z.preprocess(withoutPassword, databaseUserMembers);

export type DatabaseUser = z.output<typeof databaseUserSchema>;
