/** Credentials of a database user from a server that runs with `http`. */
import { createHttp, isLoopback, type NetworkError, type Proxies } from "../../atlas/http.ts";
import { isTimeout, isTls } from "../../atlas/network-error.ts";
import { unusableProxy } from "../../atlas/proxies.ts";
import { type ErrorCode, fail } from "../../common/failure.ts";
import { isRecord } from "../../common/json.ts";
import { createRedactor } from "../../common/redact.ts";
import { type Secret, secret } from "../../common/secret.ts";
import { visible } from "../../common/visible.ts";
import { ConfigError } from "../../config/config.ts";
import type { User } from "../../credential-files/paths.ts";
import type { Credentials } from "./credentials.ts";

/** The address that gives credentials, and the bearer token for it. */
export type Remote = { endpoint: string; token: Secret };

const timeOutMs = 10_000;

/** The address that gives credentials, of a server's address with or without /mcp. Throws `ConfigError`. */
export const endpointOf = (server: string): string => {
  const refuse = (why: string) => new ConfigError(`--server ${why}`);
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw refuse("must be a URL like https://mcp.example.com/mcp");
  if (url.username || url.password) throw refuse("must not contain credentials");
  if (url.search || url.hash) throw refuse("must be a URL without ? and #");
  if (url.protocol === "http:" && !isLoopback(url.href))
    throw refuse(
      "must be https; plain http is allowed only for this machine (127.0.0.1, localhost)",
    );
  const base = url.pathname.replace(/\/+$/, "").replace(/\/mcp$/, "");
  return `${url.origin}${base}/credentials`;
};

/** Why no answer came, as a sentence. */
const unreached = (endpoint: string, error: NetworkError): string => {
  const { code, at, status, message } = error;
  if (code === unusableProxy) return `${message}.`;
  const { host } = new URL(endpoint);
  if (at === "proxy")
    return `The proxy (HTTPS_PROXY) opens no connection to ${host} (${status ?? code}); NO_PROXY names hosts that need none.`;
  if (isTls(code) || at === "tls")
    return `No secure connection to ${host} (${code}). If its certificate is of an authority of your own, name that in NODE_EXTRA_CA_CERTS.`;
  if (isTimeout(code)) return `${host} did not answer within ${timeOutMs / 1000} seconds.`;
  return `${host} cannot be reached (${code}): check --server, and whether the server runs.`;
};

const longest = 300;

const codes: Readonly<Record<number, ErrorCode>> = {
  401: "unauthenticated",
  403: "forbidden",
  404: "not_found",
  429: "rate_limited",
};

const meanings: Readonly<Record<number, string>> = {
  401: "The server does not accept the token in --token-file.",
  403: "The server does not give credentials for this token: its operator has to give it that right.",
  404: "The server has no password of this user for this caller.",
  429: "The server takes no more requests now; try again later.",
};

/** What these mean, whoever before the server has answered with them. */
const plain = [401, 429, 503];

/** What a refusal of the server means. Only an error in its own form is told in its words. */
const refuse = (endpoint: string, status: number, json: unknown): never => {
  const own = isRecord(json) && typeof json.error === "string" ? json.error : undefined;
  if (status >= 300 && status < 400)
    return fail(
      "unavailable",
      `${endpoint} answers with a redirect (${status}), which is not followed: let --server be the address that it leads to.`,
    );
  if (own === undefined && !plain.includes(status))
    return fail(
      "unavailable",
      `${endpoint} answered ${status} in another form than a server with credentials does: check --server, and the version of the server.`,
    );
  const meaning = meanings[status] ?? `The server cannot give credentials now (${status}).`;
  const says = own === undefined ? "" : ` It says: ${visible(own).slice(0, longest)}`;
  return fail(codes[status] ?? "unavailable", `${meaning}${says}`);
};

const oneLine = /^[^\p{Cc}]+$/u;

/** The credentials in an answer; undefined unless it is about this user and has the expected form. */
const credentialsIn = (json: unknown, user: User): Credentials | undefined => {
  if (!isRecord(json) || json.groupId !== user.groupId || json.username !== user.username)
    return undefined;
  if (!isRecord(json.variables)) return undefined;
  // No other variables: a server could set what changes how a program is loaded.
  const { MONGODB_USERNAME: name, MONGODB_PASSWORD: password, MONGODB_URI: uri } = json.variables;
  if (name !== undefined && name !== user.username) return undefined;
  if (typeof password !== "string" || !oneLine.test(password)) return undefined;
  if (uri !== undefined && (typeof uri !== "string" || !oneLine.test(uri))) return undefined;
  const notes =
    json.unclear === true
      ? ["Atlas has not confirmed this password: if the login fails, set a new one."]
      : [];
  return {
    ...user,
    password: secret(password),
    uri: uri === undefined ? undefined : secret(uri),
    notes,
  };
};

/** Asks the server for the credentials of a user. Fails if it does not give them. */
export const readRemote = async (
  user: User,
  { endpoint, token }: Remote,
  proxies: Proxies | undefined,
  requestTimeoutMs = timeOutMs,
): Promise<Credentials> => {
  const redactor = createRedactor();
  redactor.add(token.reveal());
  const http = createHttp({
    requestTimeoutMs,
    redact: redactor.clean,
    ...(proxies === undefined ? {} : { proxies }),
  });
  const { groupId, username } = user;
  const request = {
    method: "POST",
    url: endpoint,
    headers: {
      authorization: `Bearer ${token.reveal()}`,
      "content-type": "application/json",
      accept: "application/json",
    },
    body: JSON.stringify({ groupId, username }),
  };
  const attempt = await http.send(request, new AbortController().signal);
  await http.close().catch(() => {});
  if ("error" in attempt) return fail("unavailable", unreached(endpoint, attempt.error));
  const { status, json } = attempt.response;
  if (status !== 200) return refuse(endpoint, status, json);
  return (
    credentialsIn(json, user) ??
    fail("unavailable", `${endpoint} did not answer with the credentials of this user.`)
  );
};
