/** Reads the address of a store: redis://USER:PASSWORD@HOST:PORT/NUMBER, or rediss:// for TLS. */
import { isIP } from "node:net";

export type StoreAddress = {
  host: string;
  port: number;
  db: number;
  username?: string;
  password?: string;
  tls?: { servername?: string };
};

const example = "redis://127.0.0.1:6379";

/** What is wrong with an address; undefined if it is good. */
export const storeProblem = (text: string): string | undefined => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isKnown = url !== undefined && /^rediss?:$/.test(url.protocol);
  if (!isKnown || url.hostname === "")
    return `must be a URL like ${example}, or rediss:// for TLS (Valkey too)`;
  if (!/^(\/\d{0,4})?$/.test(url.pathname))
    return "must end in the number of a database, such as /0, or in nothing";
  if (url.search !== "" || url.hash !== "") return "must be a URL without ? and #";
  try {
    decodeURIComponent(url.username);
    decodeURIComponent(url.password);
  } catch {
    return "has a % in its user name or password that is not written as %25";
  }
  return undefined;
};

/** The parts of an address that `storeProblem` finds nothing wrong with. */
export const storeAddressOf = (text: string): StoreAddress => {
  const url = new URL(text);
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const username = decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password);
  return {
    host,
    port: url.port === "" ? 6379 : Number(url.port),
    db: Number(url.pathname.slice(1)),
    ...(username === "" ? {} : { username }),
    ...(password === "" ? {} : { password }),
    // An address is no name that TLS could send.
    ...(url.protocol === "rediss:" ? { tls: isIP(host) === 0 ? { servername: host } : {} } : {}),
  };
};
