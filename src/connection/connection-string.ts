/** Reads a connection string that holds no credentials. The driver's own parser would have to be loaded for it. */
import { isIPv6 } from "node:net";
import type { Host } from "./step.ts";

/** Where a connection string leads: a name with SRV records, or hosts. */
export type Target = { srv: string; authSource?: string } | { hosts: Host[]; authSource?: string };

const whole = /^mongodb(\+srv)?:\/\/([^/?#@]+)(?:\/[^?#]*)?(?:\?([^#]*))?$/;

const defaultPort = 27017;

// A host name, an IPv4 address, or an IPv6 address in brackets.
const hostAndPort = /^(?:\[([\d.:a-f]+)\]|([\w.-]+))(?::(\d{1,5}))?$/;

const readHost = (text: string): Host | undefined => {
  const [, address, name, digits] = hostAndPort.exec(text.toLowerCase()) ?? [];
  const host = address ?? name;
  const port = digits === undefined ? defaultPort : Number(digits);
  if (host === undefined || port < 1 || port > 65_535) return undefined;
  return address === undefined || isIPv6(address) ? { host, port } : undefined;
};

/** Reads it. Nothing is returned for what is not a connection string, and for one with a user or a password. */
export const readConnectionString = (text: string): Target | undefined => {
  const [, srv, names = "", query = ""] = whole.exec(text) ?? [];
  const hosts = names.split(",").map(readHost);
  const authSource = new URLSearchParams(query).get("authSource");
  const options = authSource === null ? {} : { authSource };
  if (!hosts.every((host) => host !== undefined)) return undefined;
  if (srv === undefined) return { hosts, ...options };
  return /^[\w.-]+$/.test(names) ? { srv: names.toLowerCase(), ...options } : undefined;
};
