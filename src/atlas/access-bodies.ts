/** The documented request bodies of what a connection needs: a database user and an entry of the IP access list. */
import * as z from "zod/v4";
import { addressText, blockOf, blockText, reachOf } from "./addresses.ts";
import { expiryDate } from "./expiry.ts";

/** A database user's name. Which names are reserved is left to Atlas. */
const databaseUsername = z
  .string()
  .min(1)
  .max(1024)
  .superRefine((name, context) => {
    // Half a surrogate pair is no character, and no address could carry it.
    if (!/[\p{Cc}\p{Cs}]/u.test(name)) return;
    const kept = name.replace(/[\p{Cc}\p{Cs}]+/gu, "");
    context.addIssue({
      code: "custom",
      message: "must not have control characters or halves of characters",
      params: { example: kept || "app" },
    });
  })
  .meta({ description: "User name.", examples: ["app"] });

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

/** Body of createGroupDatabaseUser (POST /api/atlas/v2/groups/{groupId}/databaseUsers), but for the password. */
export const createDatabaseUserBody = z.strictObject({
  username: databaseUsername,
  // Documented is $external as well, for users who prove themselves without a password; none are made here.
  databaseName: z.enum(["admin"]).default("admin").meta({ description: "Always admin." }),
  roles: z
    .array(role)
    .min(1)
    .default(defaultRoles)
    .meta({
      description: "Default: readWriteAnyDatabase on admin.",
      examples: [defaultRoles],
    }),
  scopes: z
    .array(
      z.strictObject({
        name: z
          .string()
          .regex(/^[a-zA-Z0-9][a-zA-Z0-9-]*$/, "must be the name of a cluster")
          .meta({ examples: ["my-cluster"] }),
        type: z.enum(["CLUSTER", "DATA_LAKE", "STREAM"]),
      }),
    )
    .optional()
    .meta({
      description: "Clusters that it may reach (default all).",
      examples: [[{ name: "my-cluster", type: "CLUSTER" }]],
    }),
  description: z.string().max(100).optional().meta({ description: "Remark." }),
  deleteAfterDate: expiryDate.optional(),
});

const exampleAddress = "203.0.113.7";

const ipAddressProblem = (text: string): string | undefined => {
  const block = blockOf(text);
  // Atlas takes the address 0.0.0.0 for all of them (terraform#864): whoever wants that has to say it.
  if (!text.includes("/") && block !== undefined && reachOf(block) === "everyone")
    return "means every address to Atlas; if the whole internet is meant, say so with cidrBlock";
  if (text.includes("/")) return "must be one address; a block belongs into cidrBlock";
  return block === undefined ? "must be an IPv4 or IPv6 address" : undefined;
};

const cidrBlockProblem = (text: string): string | undefined => {
  if (blockOf(text) === undefined) return "must be an IPv4 or IPv6 block such as 203.0.113.0/24";
  return text.includes("/") ? undefined : "must say how long its prefix is, such as /32";
};

const mendAddress = (text: string): string => {
  const block = blockOf(text.trim());
  const mended = block === undefined ? exampleAddress : addressText(block);
  return ipAddressProblem(mended) === undefined ? mended : exampleAddress;
};

const mendBlock = (text: string): string => {
  const block = blockOf(text.trim());
  return block === undefined ? `${exampleAddress}/32` : blockText(block);
};

const checked = (problemOf: (text: string) => string | undefined, mend: (text: string) => string) =>
  z.string().superRefine((text, context) => {
    const message = problemOf(text);
    if (message === undefined) return;
    context.addIssue({ code: "custom", message, params: { example: mend(text) } });
  });

/** Body of createGroupAccessListEntry (POST /api/atlas/v2/groups/{groupId}/accessList): one entry of the array that Atlas takes. */
export const createAccessListEntryBody = z
  .strictObject({
    ipAddress: checked(ipAddressProblem, mendAddress)
      .optional()
      .meta({
        description: "One address; this or cidrBlock.",
        examples: [exampleAddress],
      }),
    cidrBlock: checked(cidrBlockProblem, mendBlock)
      .optional()
      .meta({
        description: "A block; 0.0.0.0/0 is the whole internet.",
        examples: ["203.0.113.0/24"],
      }),
    comment: z.string().max(80).optional().meta({ description: "Remark." }),
    deleteAfterDate: expiryDate.optional(),
  })
  .superRefine(({ ipAddress, cidrBlock }, context) => {
    if ((ipAddress === undefined) !== (cidrBlock === undefined)) return;
    context.addIssue(
      ipAddress === undefined
        ? {
            code: "custom",
            path: ["ipAddress"],
            message: "is required, or cidrBlock instead of it",
            params: { example: exampleAddress },
          }
        : {
            code: "custom",
            path: ["cidrBlock"],
            message: "must be left out where ipAddress is given: an entry is one or the other",
          },
    );
  });

export type CreateDatabaseUserBody = z.output<typeof createDatabaseUserBody>;
export type CreateAccessListEntryBody = z.output<typeof createAccessListEntryBody>;
