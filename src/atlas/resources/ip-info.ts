import { isIPv4 } from "node:net";
import { isRecord } from "../../common/json.ts";
import type { Read } from "./fields.ts";

/** What Atlas knows of where a request comes from. */
export type IpInfo = { currentIpv4Address: string };

/** Reads the answer, which is Atlas's only if it has an address. */
export const ipInfo = (json: unknown): Read<IpInfo> => {
  const address = isRecord(json) ? json.currentIpv4Address : undefined;
  return typeof address === "string" && isIPv4(address)
    ? { value: { currentIpv4Address: address } }
    : undefined;
};
