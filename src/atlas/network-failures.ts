/** Network failures in words: who failed, what it means, and what the operator of the server does about it. */
import { type Failure, failure, type Retry } from "../common/failure.ts";
import type { NetworkError } from "./http.ts";
import { isTimeout, isTls } from "./network-error.ts";
import { unusableProxy } from "./proxies.ts";

/** One sentence without its stop, and what the operator must do, as it follows "must". */
type Words = [says: string, fix: string, retry?: Retry];

const notFound = (code: string): boolean => code === "ENOTFOUND" || code === "EAI_AGAIN";

const checkNetwork =
  "check the network, MONGODB_ATLAS_BASE_URL, and HTTPS_PROXY if the network has a proxy";

const trust = "name the file with its certificate authority in NODE_EXTRA_CA_CERTS";

/** The host of a host and port. */
const nameOf = (host: string): string => host.replace(/:\d+$/, "");

/** A proxy that answered with a status other than 200 when it was asked for a tunnel. */
const refusedBy = (proxy: string, host: string, status: number): Words => {
  if (status === 407)
    return [
      `${proxy} wants a user name and a password, or refuses those in HTTPS_PROXY (HTTP 407)`,
      "set HTTPS_PROXY to http://USER:PASSWORD@HOST:PORT, with special characters percent-encoded",
    ];
  if (status >= 500 || status === 408 || status === 429)
    return [
      `${proxy} could not connect to ${host} (HTTP ${status})`,
      `check that the proxy can reach ${host}, and NO_PROXY if no proxy is needed for it`,
      "same_arguments",
    ];
  return [
    `${proxy} refuses to connect to ${host} (HTTP ${status})`,
    `have the proxy allow ${host}, or add it to NO_PROXY if no proxy is needed for it`,
  ];
};

/** A proxy that could not be talked to. */
const failedAt = (
  proxy: string,
  host: string,
  { proxy: address = "", code }: NetworkError,
): Words => {
  if (notFound(code))
    return [
      `The name of the proxy in HTTPS_PROXY, ${nameOf(address)}, was not found (${code})`,
      "check HTTPS_PROXY, and the DNS of this machine",
      code === "EAI_AGAIN" ? "same_arguments" : "after_fix",
    ];
  if (code === "ECONNREFUSED")
    return [
      `${proxy} refused the connection (${code})`,
      "check HTTPS_PROXY and that the proxy runs",
    ];
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER" || code === "EPROTO")
    return [`${proxy} does not speak TLS (${code})`, "let HTTPS_PROXY begin with http://"];
  if (isTls(code))
    return [
      `No secure connection to the proxy at ${address}: its certificate fails (${code})`,
      trust,
    ];
  if (code === "HTTPParserError")
    return [
      `${proxy} answered something that is not HTTP`,
      "check that HTTPS_PROXY names an HTTP proxy, and let it begin with https:// if the proxy speaks TLS",
    ];
  const what = isTimeout(code)
    ? `opened no connection to ${host} in time`
    : "broke off the connection";
  const check =
    "check the proxy, and whether HTTPS_PROXY begins with http:// or https:// as the proxy needs";
  return [`${proxy} ${what} (${code})`, check, "same_arguments"];
};

const ofProxy = (error: NetworkError, host: string): Words => {
  const { proxy, status, code, message } = error;
  // Its message names the variable, and shows nothing of its value.
  if (code === unusableProxy) return [message, "correct the variable"];
  if (proxy === undefined)
    return [
      `The proxy that HTTPS_PROXY or HTTP_PROXY names cannot be used (${code})`,
      "correct the variable",
    ];
  const name = `The proxy at ${proxy}`;
  return status === undefined ? failedAt(name, host, error) : refusedBy(name, host, status);
};

/** A connection to Atlas's address that is not secure; a proxy may be on the way, set or not. */
const insecure = ({ code, proxy }: NetworkError, host: string): Words => {
  const none = "No secure connection";
  if (code === "CERT_HAS_EXPIRED" || code === "CERT_NOT_YET_VALID")
    return [
      `${none}: the certificate of ${host} is not valid today (${code})`,
      "check the clock of this machine, and whether a proxy inspects TLS",
    ];
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return [
      `${none}: the certificate of ${host} is for another host name (${code})`,
      "check MONGODB_ATLAS_BASE_URL, and whether a proxy or a portal answers instead of Atlas",
    ];
  if (isTls(code) && /^(ERR_SSL|EPROTO)/.test(code)) {
    const [through, also] =
      proxy === undefined ? ["", ""] : [` through the proxy at ${proxy}`, " and HTTPS_PROXY"];
    return [
      `${none}: ${host} does not speak TLS as it should${through} (${code})`,
      `check MONGODB_ATLAS_BASE_URL${also}, and whether a proxy or a portal answers instead of Atlas`,
    ];
  }
  return [
    `${none}: the certificate of ${host} is not trusted (${code}), most likely because a proxy inspects TLS`,
    trust,
  ];
};

const between = ({ code, sent, proxy, direct }: NetworkError, host: string): Words => {
  const retry: Retry = "same_arguments";
  const through = proxy === undefined ? "" : ` through the proxy at ${proxy}`;
  const alone = direct
    ? `check the network, MONGODB_ATLAS_BASE_URL, and NO_PROXY, which keeps ${nameOf(host)} from the proxy`
    : checkNetwork;
  const check = proxy === undefined ? alone : "check the proxy, HTTPS_PROXY and NO_PROXY";
  if (code === "RESPONSE_TOO_LONG")
    return [
      `The answer${through} was longer than 8 MiB, so it was not read to its end`,
      "check MONGODB_ATLAS_BASE_URL",
      retry,
    ];
  if (notFound(code)) return [`The name ${nameOf(host)} was not found (${code})`, check, retry];
  if (isTimeout(code) && sent) return [`Atlas did not answer in time${through}`, check, retry];
  if (sent) return [`The connection to Atlas${through} broke (${code})`, check, retry];
  const what = isTimeout(code) ? "could not be reached in time" : "could not be reached";
  return [`${host} ${what}${through} (${code})`, check, retry];
};

const wordsOf = (error: NetworkError): Words => {
  const { host = "Atlas's address" } = error;
  if (error.at === "proxy") return ofProxy(error, host);
  return error.at === "tls" ? insecure(error, host) : between(error, host);
};

/** Whether a network failure may pass by itself: whatever else has to be mended first. */
export const mayPass = (error: NetworkError): boolean => wordsOf(error)[2] === "same_arguments";

/** A network failure in two sentences: what failed, and what the operator does about it. */
export const explainNetworkError = (error: NetworkError): { says: string; fix: string } => {
  const [says, fix] = wordsOf(error);
  return { says: `${says}.`, fix: `${fix.charAt(0).toUpperCase()}${fix.slice(1)}.` };
};

/** The failure of a request that got no answer. `before` says what this server could not do for that. */
export const networkFailure = (error: NetworkError, before = ""): Failure => {
  const [says, fix, retry = "after_fix"] = wordsOf(error);
  const whose = "the operator of this server must";
  const must = retry === "after_fix" ? `T${whose.slice(1)}` : `If it stays so, ${whose}`;
  return failure("unavailable", `${before}${says}. ${must} ${fix}.`, { retry });
};
