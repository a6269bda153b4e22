/** Addresses and CIDR blocks of the access list. */
import { isIP } from "node:net";
import { optionalText } from "../api/fields.ts";
import { createApiError } from "../errors/api-error.ts";
import type { JsonObject } from "../json.ts";

/** Converts an address or block to a block in lower case; undefined if it is neither. */
export const toBlock = (value: string): string | undefined => {
  const [address = "", length, ...rest] = value.toLowerCase().split("/");
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return undefined;
  const bits = family === 4 ? 32 : 128;
  if (length === undefined) return `${address}/${bits}`;
  return /^[0-9]{1,3}$/.test(length) && Number(length) <= bits
    ? `${address}/${Number(length)}`
    : undefined;
};

/** Reads the block of an entry in a request, which must have exactly one kind of value. */
export const readBlock = (item: JsonObject): string => {
  const ipAddress = optionalText(item, "ipAddress");
  const cidrBlock = optionalText(item, "cidrBlock");
  const group = optionalText(item, "awsSecurityGroup");
  const values = [ipAddress, cidrBlock, group].filter((value) => value !== undefined);
  if (values.length > 1) {
    throw createApiError("MULTIPLE_VALUES_SPECIFIED_FOR_ONE_NETWORK_PERMISSION_ENTRY");
  }
  // A security group needs a peering connection, which the sandbox does not have.
  if (group !== undefined) {
    throw createApiError("CANNOT_USE_AWS_SECURITY_GROUP_WITHOUT_VPC_PEERING_CONNECTION");
  }
  // Stored as 0.0.0.0/0, which a look-up of 0.0.0.0 does not find
  // (terraform-provider-mongodbatlas#864, #2313).
  if (ipAddress === "0.0.0.0") return "0.0.0.0/0";
  const entry = ipAddress ?? cidrBlock ?? null;
  const block = entry === null ? undefined : toBlock(entry);
  if (block === undefined) throw createApiError("INVALID_IP_ADDRESS_OR_CIDR_NOTATION", { entry });
  return block;
};
