/** What the failures of a connection mean. docs/connections.md shows what each looks like under each release of Node. */
import { errnoOf } from "../common/errno.ts";
import type { StepName } from "./step.ts";

/** The closed list of causes. With the step they say what the wire says, and no more than that. */
export const causes = [
  /** No DNS server knows the name. */
  "name_not_found",
  /** The name is one that never exists (RFC 6761, 6.4), as those of a sandbox are. Nobody was asked. */
  "reserved_name",
  /** The name is known, but has no record of the kind that is needed. */
  "no_records",
  /** The DNS server refuses, fails or cannot be reached. */
  "dns_failed",
  /** An SRV record names a host outside the domain of the connection string. Nothing was sent there. */
  "foreign_host",
  /** The connection string, or what DNS says of it, is not as the driver demands it. */
  "unreadable",
  "timed_out",
  "refused",
  "unreachable",
  /** The other side ended the connection without a word. */
  "closed",
  /** TLS alert 80. Atlas sends it to an address that is not on the access list of the project. */
  "alert_internal_error",
  /** Any other TLS alert. */
  "alert",
  "certificate_for_other_name",
  "certificate_not_valid_now",
  "certificate_not_trusted",
  /** The other side does not speak TLS. */
  "not_tls",
  /** The other side does not speak MongoDB's protocol, or not a version of it that the driver knows. */
  "incompatible",
  /** The server refused the user name or the password. It does not say which of them. */
  "login_refused",
  /** The caller stopped the check, or its time was up. */
  "stopped",
  "unknown",
] as const;

export type Cause = (typeof causes)[number];

/** The code of a step that ran out of its time. */
export const timedOut = "TIMED_OUT";

/** The code of a step that the caller's signal ended. */
export const stopped = "STOPPED";

/** An error of this module's own, with a code that the tables below know. */
export const errorWith = (code: string, message: string): Error =>
  Object.assign(new Error(message), { code });

type Row = readonly [codes: RegExp, cause: Cause];

const anywhere: Row[] = [
  [/^STOPPED$/, "stopped"],
  [/^(TIMED_OUT|ETIMEDOUT|ETIMEOUT|MongoNetworkTimeoutError)$/, "timed_out"],
  [/^UNREADABLE$/, "unreadable"],
];

const ofNames: Row[] = [
  [/^RESERVED_NAME$/, "reserved_name"],
  [/^ENOTFOUND$/, "name_not_found"],
  [/^ENODATA$/, "no_records"],
  [/^FOREIGN_HOST$/, "foreign_host"],
  [/^E[A-Z]+$/, "dns_failed"],
];

const ofConnections: Row[] = [
  [/^ECONNREFUSED$/, "refused"],
  [/^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EACCES|EPERM)$/, "unreachable"],
  [/^(ECONNRESET|EPIPE|ECONNABORTED|MongoNetworkError)$/, "closed"],
];

// The codes of alerts are named after the version of TLS that brought them, or after that of the connection.
const ofTls: Row[] = [
  [/^ERR_SSL_\w*ALERT_INTERNAL_ERROR$/, "alert_internal_error"],
  [/^ERR_SSL_\w*ALERT_/, "alert"],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, "certificate_for_other_name"],
  [/^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/, "certificate_not_valid_now"],
  [
    /^(CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|INVALID_(CA|PURPOSE)|PATH_LENGTH)/,
    "certificate_not_trusted",
  ],
  [/^(ERR_SSL_|EPROTO$)/, "not_tls"],
];

const ofTheDriver: Row[] = [
  [/^(MongoCompatibilityError|MongoParseError|MongoRuntimeError)$/, "incompatible"],
  // What the server said of itself made no sense to the driver.
  [/^(TypeError|RangeError|BSONError|BSONVersionError|NOT_LOGGED_IN)$/, "incompatible"],
];

// MongoDB's own word, and that of the proxies before Atlas's clusters (code 8000, "bad auth").
const ofLogin: Row[] = [[/^(AuthenticationFailed|AtlasError)$/, "login_refused"]];

const tables: Record<StepName, Row[]> = {
  dns_srv: [...anywhere, ...ofNames],
  dns_address: [...anywhere, ...ofNames],
  tcp: [...anywhere, ...ofConnections],
  tls: [...anywhere, ...ofConnections, ...ofTls],
  hello: [...anywhere, ...ofConnections, ...ofTls, ...ofTheDriver],
  login: [...anywhere, ...ofConnections, ...ofTls, ...ofTheDriver, ...ofLogin],
  ping: [...anywhere, ...ofConnections, ...ofTls, ...ofTheDriver],
};

/** What a failure with this code means in this step. */
export const causeOf = (step: StepName, code: string): Cause =>
  tables[step].find(([codes]) => codes.test(code))?.[1] ?? "unknown";

/** The error that lies below others: the driver's have Node's as their cause, and many addresses have one error each. */
const rootOf = (error: Error): Error => {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0];
  return error.cause instanceof Error ? rootOf(error.cause) : error;
};

/** The code and the message of whatever was thrown, by the innermost error. */
export const codeAndMessage = (thrown: unknown): { code: string; message: string } => {
  const error = rootOf(thrown instanceof Error ? thrown : new Error(String(thrown)));
  const named = "codeName" in error ? error.codeName : undefined;
  const code = typeof named === "string" ? named : (errnoOf(error) ?? error.name);
  return { code, message: error.message };
};
