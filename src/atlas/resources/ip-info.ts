import { isIPv4 } from "node:net";
import { isRecord } from "../../common/json.ts";
import { publicSpace, sizeOf } from "../address-space.ts";
import type { Read } from "./fields.ts";

/** What Atlas knows of where a request comes from. */
export type IpInfo = { currentIpv4Address: string };

/** Whether an address can be that of a machine which reaches Atlas: a public one, or loopback for an Atlas on this machine. */
const canBeOurs = (address: string): boolean =>
  isIPv4(address) &&
  (/^127\./.test(address) ||
    (!/^(0|22[4-9]|2[3-5]\d)\./.test(address) && sizeOf(publicSpace([address])) > 0n));

/** Reads the answer, which is Atlas's only if it has such an address. */
export const ipInfo = (json: unknown): Read<IpInfo> => {
  const address = isRecord(json) ? json.currentIpv4Address : undefined;
  return typeof address === "string" && canBeOurs(address)
    ? { value: { currentIpv4Address: address } }
    : undefined;
};
