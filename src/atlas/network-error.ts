/** Turns what undici and Node throw into network errors. */
import type { NetworkError } from "./http.ts";
import { unusableProxy } from "./proxies.ts";
import { hostAndPort, isProxyFailure } from "./tunnels.ts";

// OpenSSL's verification results, its own errors and those of Node: the handshake failed.
const tlsFailure =
  /^(ERR_TLS|ERR_SSL|EPROTO|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH)/;

/** Whether an error code says that a handshake of TLS failed, if it came before the request. */
export const isTls = (code: string): boolean => tlsFailure.test(code);

/** Whether an error code says that something took too long. */
export const isTimeout = (code: string): boolean =>
  /^(TimeoutError|AbortError|ETIMEDOUT|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT)$/.test(code);

const asError = (error: unknown): Error =>
  error instanceof Error ? error : new Error(String(error));

// Text only: the numeric code of a DOMException does not say what happened, its name does.
const codeOf = (error: Error): string | undefined =>
  "code" in error && typeof error.code === "string" ? error.code : undefined;

/**
 * What is known of a request when it fails: where it goes, through which proxy, whether that was still asked for a tunnel,
 * whether NO_PROXY keeps it from a proxy, and whether any of it may have left.
 */
export type Sending = {
  url: URL;
  proxy: string | undefined;
  asking: boolean;
  direct: boolean;
  started: boolean;
};

export const toNetworkError = (
  error: unknown,
  { url, proxy: way, asking, direct, started }: Sending,
): NetworkError => {
  const thrown = asError(error);
  const own = isProxyFailure(thrown) ? thrown : undefined;
  const source = own?.cause === undefined ? thrown : asError(own.cause);
  const cause = source.cause instanceof Error ? source.cause : source;
  const { status } = own ?? {};
  const code =
    status === undefined ? (codeOf(source) ?? codeOf(cause) ?? source.name) : `PROXY_${status}`;
  const proxy = own?.proxy ?? way;
  const isLateTunnel = asking && !started && isTimeout(code);
  const isProxy = own !== undefined || isLateTunnel || code === unusableProxy;
  const at = isProxy ? "proxy" : !started && isTls(code) ? "tls" : undefined;
  return {
    code,
    message: cause.message || source.message,
    sent: started,
    host: hostAndPort(url),
    ...(at === undefined ? {} : { at }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(direct && at !== "proxy" ? { direct: true } : {}),
    ...(status === undefined ? {} : { status }),
  };
};
