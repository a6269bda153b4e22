/** One HTTP request, and what became of it. No policy here: who repeats what is decided by the client. */
import type { Dispatcher } from "undici";
import { withTimeout } from "../common/deadline.ts";
import type { Secret } from "../common/secret.ts";
import { traceHeaders } from "../common/trace.ts";

/** A request as it goes over the wire. */
export type HttpRequest = {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
};

/** An HTTP answer. `json` is undefined where the body is empty, cut short or no JSON. */
export type HttpResponse = {
  status: number;
  headers: Record<string, string>;
  json: unknown;
  empty: boolean;
};

/** A network failure: undici's or Node's error code, whether the request may have left, and where it broke if that is known. */
export type NetworkError = { code: string; message: string; sent: boolean; at?: "tls" | "proxy" };

export type Attempt = { response: HttpResponse } | { error: NetworkError };

/** What became of a request: it did nothing, never left, may have done its work, or did it. */
export type Fate = "refused" | "not_sent" | "unknown" | "accepted";

/** Sends one request and reads its answer whole, within one attempt's time. Never throws for the network. */
export type SendHttp = (request: HttpRequest, signal: AbortSignal) => Promise<Attempt>;

export type Http = { send: SendHttp; close(): Promise<void> };

/**
 * Decides the fate of a request (docs/architecture.md#lost-answers). A 4xx is a refusal whatever its body says, 408 apart; a 2xx that should
 * carry a resource and has no readable one is unknown, as are 5xx, resets, time-outs and bodies cut short.
 */
export const fateOf = (attempt: Attempt, method: string): Fate => {
  if ("error" in attempt) return attempt.error.sent ? "unknown" : "not_sent";
  const { status, json, empty } = attempt.response;
  if (status >= 200 && status < 300) {
    // Atlas answers with objects; null, a list or a number shows nothing that could be told as made.
    if (typeof json === "object" && json !== null && !Array.isArray(json)) return "accepted";
    return empty && method === "DELETE" ? "accepted" : "unknown";
  }
  return status >= 500 || status === 408 ? "unknown" : "refused";
};

const neverLeft = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
  "UND_ERR_CONNECT_TIMEOUT",
]);

// OpenSSL's verification results and Node's own TLS errors: the handshake failed, so nothing was sent.
const tlsFailure =
  /^(ERR_TLS_CERT|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|ERR_SSL_WRONG_VERSION_NUMBER)/;

const toNetworkError = (error: unknown): NetworkError => {
  const source = error instanceof Error ? error : new Error(String(error));
  const cause = source.cause instanceof Error ? source.cause : source;
  const own = "code" in source && typeof source.code === "string" ? source.code : undefined;
  const inner = "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
  const code = own ?? inner ?? source.name;
  const tunnel = /^Proxy response/.test(source.message) || /^Proxy response/.test(cause.message);
  const at = tlsFailure.test(code) ? "tls" : tunnel ? "proxy" : undefined;
  return {
    code,
    message: cause.message || source.message,
    sent: !neverLeft.has(code) && at === undefined,
    ...(at === undefined ? {} : { at }),
  };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
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

/** What has arrived of an answer before its body; status 0 until something has. */
type Head = Pick<HttpResponse, "status" | "headers">;

/**
 * One request by undici's `dispatch`: its `request` makes a stream of every answer, which is a tenth of a create call.
 * Fills the head when that arrives, resolves to the body, and rejects as undici does.
 */
const sendRequest = (
  dispatcher: Dispatcher,
  { url, method, headers, body }: HttpRequest,
  signal: AbortSignal,
  head: Head,
): Promise<string> =>
  new Promise((resolve, reject) => {
    const { origin, pathname, search } = new URL(url);
    const path = `${pathname}${search}`;
    const chunks: Buffer[] = [];
    dispatcher.dispatch(
      { origin, path, method: method as Dispatcher.HttpMethod, headers, body: body ?? null },
      {
        onRequestStart: (controller) => {
          const abort = () => controller.abort(signal.reason);
          if (signal.aborted) abort();
          else signal.addEventListener("abort", abort, { once: true });
        },
        onResponseStart: (_controller, status, given) => {
          Object.assign(head, { status, headers: flatten(given) });
        },
        onResponseData: (_controller, chunk) => {
          chunks.push(chunk);
        },
        onResponseEnd: () => resolve(utf8.decode(Buffer.concat(chunks)).trim()),
        onResponseError: (_controller, error) => reject(error),
      },
    );
  });

/** Proxies for addresses beyond this machine; their URLs may hold credentials. */
export type Proxies = { httpProxy?: Secret; httpsProxy?: Secret; noProxy?: string };

export type HttpOptions = {
  /** Milliseconds for one request. */
  requestTimeoutMs: number;
  proxies?: Proxies;
  /** Takes secrets out of what an error response says: Atlas may echo what was sent to it. */
  redact?: <T>(value: T) => T;
  /** Told of each request with its milliseconds. */
  onAttempt?: ((method: string, attempt: Attempt, ms: number) => void) | undefined;
};

/** Whether an address is this machine's own: plain http is safe there, and no proxy belongs before it. */
export const isLoopback = (url: string): boolean =>
  /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(new URL(url).hostname);

/** An HTTP client with keep-alive. undici is loaded by the first request, not at start. Loopback is always direct. */
export const createHttp = (options: HttpOptions): Http => {
  const { requestTimeoutMs, proxies, redact = (value) => value, onAttempt } = options;
  type Loaded = { direct: Dispatcher; outward: Dispatcher };
  let loading: Promise<Loaded> | undefined;
  const load = () => {
    loading ??= import("undici").then((undici) => {
      const pool = { keepAliveTimeout: 10_000, headersTimeout: 0, bodyTimeout: 0 };
      // Half an attempt to connect, so that a host that drops packets is known as "not sent".
      const connect = { timeout: Math.max(1, Math.floor(requestTimeoutMs / 2)) };
      const direct = new undici.Agent({ ...pool, connect });
      const outward = proxies
        ? new undici.EnvHttpProxyAgent({
            ...pool,
            httpProxy: proxies.httpProxy?.reveal() ?? "",
            httpsProxy: proxies.httpsProxy?.reveal() ?? "",
            noProxy: proxies.noProxy ?? "",
            connect,
            requestTls: connect,
          })
        : direct;
      return { direct, outward };
    });
    return loading;
  };

  const attempt = async (request: HttpRequest, signal: AbortSignal): Promise<Attempt> => {
    const { direct, outward } = await load();
    if (signal.aborted)
      return { error: { code: "AbortError", message: "out of time", sent: false } };
    const limited = withTimeout(signal, requestTimeoutMs);
    const head: Head = { status: 0, headers: {} };
    try {
      const dispatcher = isLoopback(request.url) ? direct : outward;
      // undici heeds the signal only once it has connected.
      const sending = sendRequest(dispatcher, request, limited.signal, head);
      const text = await Promise.race([sending, limited.aborted]);
      const json = text === "" ? undefined : parseJson(text);
      return { response: { ...head, json, empty: text === "" } };
    } catch (error) {
      // The status has arrived and the body has not: a refusal is a refusal, all else is unknown.
      const refused = head.status >= 400 && head.status < 500;
      return refused
        ? { response: { ...head, json: undefined, empty: true } }
        : { error: toNetworkError(error) };
    } finally {
      limited.done();
    }
  };

  const redacted = (made: Attempt): Attempt => {
    if ("error" in made || made.response.status < 400) return made;
    const { json, headers, ...rest } = made.response;
    return { response: { ...rest, json: redact(json), headers: redact(headers) } };
  };

  const send: SendHttp = async (request, signal) => {
    const startedAt = performance.now();
    const headers = { ...request.headers, ...traceHeaders() };
    const made = await attempt({ ...request, headers }, signal);
    onAttempt?.(request.method, made, performance.now() - startedAt);
    return redacted(made);
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
