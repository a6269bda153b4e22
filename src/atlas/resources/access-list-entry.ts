/** An entry of a project's IP access list: what a create may carry, and what Atlas returns. */
import * as z from "zod/v4";
import { addressText, blockOf, blockText, isEveryone } from "../addresses.ts";
import { expiryDate } from "./expiry-date.ts";
import { checked, text } from "./fields.ts";

const ipAddressProblem = (text: string): string | undefined => {
  const block = blockOf(text);
  // Atlas treats the address 0.0.0.0 as every address (terraform#864), so a caller must ask for that explicitly.
  if (!text.includes("/") && block !== undefined && isEveryone(block))
    return "means every address to Atlas; if you mean the whole internet, use cidrBlock";
  if (text.includes("/")) return "must be one address; use cidrBlock for a block";
  return block === undefined ? "must be an IPv4 or IPv6 address" : undefined;
};

const cidrBlockProblem = (text: string): string | undefined => {
  if (blockOf(text) === undefined) return "must be an IPv4 or IPv6 block such as 203.0.113.0/24";
  return text.includes("/") ? undefined : "must include the length of its prefix, such as /32";
};

/** The address that was meant; undefined for a block of several, which is not one address. */
const mendAddress = (text: string): string | undefined => {
  const block = blockOf(text.trim());
  if (block === undefined || block.prefix < block.bits) return undefined;
  const address = addressText(block);
  return ipAddressProblem(address) === undefined ? address : undefined;
};

const mendBlock = (text: string): string | undefined => {
  const block = blockOf(text.trim());
  return block && blockText(block);
};

/** Refuses neither or both: an entry has an address or a block. */
export const oneAddress = (
  {
    ipAddress,
    cidrBlock,
    currentIpAddress,
  }: {
    ipAddress?: string | undefined;
    cidrBlock?: string | undefined;
    currentIpAddress?: boolean | undefined;
  },
  context: z.core.$RefinementCtx,
): void => {
  if (currentIpAddress) {
    if (ipAddress === undefined && cidrBlock === undefined) return;
    context.addIssue({
      code: "custom",
      path: ["currentIpAddress"],
      message: "must be left out if an address or a block is given",
    });
    return;
  }
  if ((ipAddress === undefined) !== (cidrBlock === undefined)) return;
  context.addIssue(
    ipAddress === undefined
      ? {
          code: "custom",
          path: ["ipAddress"],
          message: "is required, unless cidrBlock is given",
        }
      : {
          code: "custom",
          path: ["cidrBlock"],
          message: "must be left out if ipAddress is given: an entry has one or the other",
        },
  );
};

/** Body of createGroupAccessListEntry (POST /api/atlas/v2/groups/{groupId}/accessList): one entry of the array that Atlas takes. */
export const accessListEntryBodySchema = z
  .strictObject({
    ipAddress: checked(z.string(), ipAddressProblem, mendAddress)
      .optional()
      .meta({
        description: "One address; this or cidrBlock.",
        examples: ["203.0.113.7"],
      }),
    cidrBlock: checked(z.string(), cidrBlockProblem, mendBlock)
      .optional()
      .meta({
        description: "A block; 0.0.0.0/0 is the whole internet.",
        examples: ["203.0.113.0/24"],
      }),
    comment: z
      .string()
      .max(80)
      .optional()
      .meta({ description: "At most 80 characters.", takesEmpty: true }),
    deleteAfterDate: expiryDate.optional(),
  })
  .superRefine(oneAddress);

export type AccessListEntryBody = z.output<typeof accessListEntryBodySchema>;

/** An entry of a project's IP access list (schema NetworkPermissionEntry); a single address comes as a block too. */
export const accessListEntrySchema = z.looseObject({
  cidrBlock: text,
  ipAddress: text,
  awsSecurityGroup: text,
  comment: text,
  groupId: text,
  deleteAfterDate: text,
});

/** Whether Atlas has applied an entry (schema NetworkPermissionEntryStatus): PENDING, ACTIVE or FAILED. */
export const accessListStatusSchema = z.looseObject({ STATUS: text });

export type AccessListEntry = z.output<typeof accessListEntrySchema>;
