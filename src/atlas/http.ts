/** Sends one HTTP request. What its response means is decided in `fate.ts`, whether it is repeated in `client.ts`. */
import type { Dispatcher } from "undici";
import { withTimeout } from "../common/deadline.ts";
import { toolHeaders } from "../common/running-tool.ts";
import type { Secret } from "../common/secret.ts";
import { traceHeaders } from "../common/trace.ts";
import { toNetworkError } from "./network-error.ts";
import { createProxyAgent } from "./proxies.ts";
import { createTunnels, type Tunnels } from "./tunnels.ts";

/** A request as it is sent. */
export type HttpRequest = {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
};

/** An HTTP response. `json` is undefined if the body is empty, or not JSON that can be used. */
export type HttpResponse = {
  status: number;
  headers: Record<string, string>;
  json: unknown;
  empty: boolean;
};

/** A network failure: the error code of undici or Node, whether the request may have been sent, and where it failed, if known. */
export type NetworkError = {
  code: string;
  message: string;
  sent: boolean;
  at?: "tls" | "proxy";
  /** The host and port that the request is for, and those of the proxy that it goes through. */
  host?: string;
  proxy?: string;
  /** Set if there is a proxy, and NO_PROXY keeps the request from it. */
  direct?: true;
  /** What the proxy answered instead of opening a tunnel. */
  status?: number;
};

export type Attempt = { response: HttpResponse } | { error: NetworkError };

/** Sends one request and reads its whole response, within the time of one attempt. Network failures do not throw. */
export type SendHttp = (request: HttpRequest, signal: AbortSignal) => Promise<Attempt>;

export type Http = { send: SendHttp; close(): Promise<void> };

// Atlas nests six levels; thousands would exhaust the stack of every function that walks a value.
const mostLevels = 100;

const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === "object" &&
  value !== null &&
  (levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1)));

/** Replaces unpaired surrogates, which the JSON readers of some hosts refuse; undefined if the text has no such escape. */
const wellFormed = (text: string) =>
  /\\u[dD][89a-fA-F]/.test(text)
    ? (_name: string, value: unknown) =>
        typeof value === "string" ? value.replace(/\p{Cs}/gu, "\ufffd") : value
    : undefined;

/** The value of a JSON text; undefined if it is not JSON, or nested too deeply. */
const parseJson = (text: string): unknown => {
  try {
    const value: unknown = JSON.parse(text, wellFormed(text));
    return isDeeper(value, mostLevels) ? undefined : value;
  } catch {
    return undefined;
  }
};

const flatten = (headers: Record<string, string | string[] | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
    ),
  );

const utf8 = new TextDecoder();

/** The most bytes of a body that are read: a page of 500 projects has less than one megabyte. */
const mostBytes = 8 * 1024 * 1024;

/** The most sockets to one address. More requests wait, each as long as its time lasts. */
const mostSockets = 64;

const tooLong = () =>
  Object.assign(new Error("The response is longer than 8 MiB."), { code: "RESPONSE_TOO_LONG" });

/** The part of a response before its body; status 0 until it arrives. */
type Head = Pick<HttpResponse, "status" | "headers">;

/** The path and query of a URL, as they are written: `URL` drops segments that are dots, also where these are encoded. */
export const pathOf = (url: string): string => /^[a-z]+:\/\/[^/]*(\/.*)$/.exec(url)?.[1] ?? "/";

/** A request on its way: whether any of it may have left, and its response so far. */
type Started = { started: boolean; head: Head };

/**
 * Sends one request with undici's `dispatch`, because `request` creates a stream for every response, a tenth of a create
 * call. Fills in `way` as it goes, resolves to the body, and rejects with undici's error.
 */
const sendRequest = (
  dispatcher: Dispatcher,
  { url, method, headers, body }: HttpRequest,
  signal: AbortSignal,
  way: Started,
): Promise<string> =>
  new Promise((resolve, reject) => {
    const { origin } = new URL(url);
    const path = pathOf(url);
    const chunks: Buffer[] = [];
    let bytes = 0;
    dispatcher.dispatch(
      { origin, path, method: method as Dispatcher.HttpMethod, headers, body: body ?? null },
      {
        onRequestStart: (controller) => {
          const abort = () => controller.abort(signal.reason);
          if (signal.aborted) return abort();
          way.started = true;
          signal.addEventListener("abort", abort, { once: true });
        },
        onResponseStart: (_controller, status, received) => {
          way.head = { status, headers: flatten(received) };
        },
        onResponseData: (controller, chunk) => {
          bytes += chunk.length;
          if (bytes > mostBytes) controller.abort(tooLong());
          else chunks.push(chunk);
        },
        onResponseEnd: () => resolve(utf8.decode(Buffer.concat(chunks)).trim()),
        onResponseError: (_controller, error) => reject(error),
      },
    );
  });

/** The URL of a proxy, which may contain credentials, or the sentence that says why it cannot be used. */
export type ProxySetting = Secret | { unusable: string };

/**
 * Proxies for all addresses but loopback. Declared here, because the types of the library would have those of undici in
 * them if the configuration imported `proxies.ts`.
 */
export type Proxies = { httpProxy?: ProxySetting; httpsProxy?: ProxySetting; noProxy?: string };

export type HttpOptions = {
  /** Milliseconds for one request. */
  requestTimeoutMs: number;
  proxies?: Proxies;
  /** Removes secrets from error responses: Atlas may echo what was sent to it. */
  redact?: <T>(value: T) => T;
  /** Called after each request with its duration in milliseconds. */
  onAttempt?: ((method: string, attempt: Attempt, ms: number, url: string) => void) | undefined;
};

/** Whether a URL is on loopback, where plain http is safe and no proxy is used. */
export const isLoopback = (url: string): boolean =>
  /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(new URL(url).hostname);

/** Creates an HTTP client with keep-alive. The first request loads undici. Loopback never goes through a proxy. */
export const createHttp = (options: HttpOptions): Http => {
  const { requestTimeoutMs, proxies, redact = (value) => value, onAttempt } = options;
  type Loaded = { direct: Dispatcher; outward: Dispatcher; tunnels: Tunnels };
  let loading: Promise<Loaded> | undefined;
  const load = () => {
    loading ??= import("undici").then((undici) => {
      const timeouts = { keepAliveTimeout: 10_000, headersTimeout: 0, bodyTimeout: 0 };
      const pool = { ...timeouts, connections: mostSockets };
      // Connecting may take half of an attempt, so that a host that drops packets is `not_sent`.
      const connect = { timeout: Math.max(1, Math.floor(requestTimeoutMs / 2)) };
      const direct = new undici.Agent({ ...pool, connect });
      const tunnels = createTunnels(undici, requestTimeoutMs);
      const outward = proxies
        ? createProxyAgent(undici, proxies, tunnels.clientFactory, {
            ...pool,
            connect,
            requestTls: connect,
            proxyTls: connect,
          })
        : direct;
      return { direct, outward, tunnels };
    });
    return loading;
  };

  /** Whether NO_PROXY keeps an address from the proxy that there is. */
  const isExcluded = (url: URL, proxy: string | undefined): boolean => {
    if (proxy !== undefined || !proxies?.noProxy || isLoopback(url.href)) return false;
    const ofHttps = url.protocol === "https:" ? proxies.httpsProxy : undefined;
    return (ofHttps ?? proxies.httpProxy) !== undefined;
  };

  const attemptOnce = async (request: HttpRequest, signal: AbortSignal): Promise<Attempt> => {
    const { direct, outward, tunnels } = await load();
    if (signal.aborted)
      return { error: { code: "AbortError", message: "out of time", sent: false } };
    const limited = withTimeout(signal, requestTimeoutMs);
    const way: Started = { started: false, head: { status: 0, headers: {} } };
    try {
      const dispatcher = isLoopback(request.url) ? direct : outward;
      // undici observes the signal only once it has connected.
      const sending = sendRequest(dispatcher, request, limited.signal, way);
      const text = await Promise.race([sending, limited.aborted]);
      const json = text === "" ? undefined : parseJson(text);
      return { response: { ...way.head, json, empty: text === "" } };
    } catch (error) {
      // A status without its body shows nothing: something on the way may have sent it.
      const url = new URL(request.url);
      const proxy = tunnels.proxyOf(url);
      const asking = tunnels.isAsking(url);
      const direct = isExcluded(url, proxy);
      return { error: toNetworkError(error, { url, proxy, asking, direct, ...way }) };
    } finally {
      limited.done();
    }
  };

  const redacted = (attempt: Attempt): Attempt => {
    if ("error" in attempt || attempt.response.status < 400) return attempt;
    const { json, headers, ...rest } = attempt.response;
    return { response: { ...rest, json: redact(json), headers: redact(headers) } };
  };

  const send: SendHttp = async (request, signal) => {
    const startedAt = performance.now();
    // undici does not decompress.
    const headers = {
      ...request.headers,
      "accept-encoding": "identity",
      ...traceHeaders(),
      // Atlas itself is never on this machine, and gets nothing that it does not know.
      ...(isLoopback(request.url) ? toolHeaders() : {}),
    };
    const attempt = await attemptOnce({ ...request, headers }, signal);
    onAttempt?.(request.method, attempt, performance.now() - startedAt, request.url);
    return redacted(attempt);
  };

  return {
    send,
    close: async () => {
      if (loading === undefined) return;
      const { direct, outward } = await loading;
      await Promise.all([direct.destroy(), outward.destroy()]);
    },
  };
};
