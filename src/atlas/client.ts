/** The client of the Admin API: sends requests with credentials, repeats them where that is safe, and returns the fate of each. */
import type { Clock, Deadline } from "../common/deadline.ts";
import { type Failure, failure, raise } from "../common/failure.ts";
import type { Authenticator } from "./auth/authenticator.ts";
import { askedWaitOf, classify } from "./classify.ts";
import { type Fate, isOwnError, type Settled, settle } from "./fate.ts";
import type { Attempt, NetworkError, SendHttp } from "./http.ts";
import { toAtlasResponse } from "./http-response.ts";
import { mayPass, networkFailure } from "./network-failures.ts";
import { noLogin, notAtlas } from "./not-atlas.ts";
import { type AtlasRequest, headersOf, type PageQuery } from "./request.ts";
import type { Page } from "./resources/fields.ts";

/** The fate of a request; if it was not accepted, `failure` says why. */
export type Sent<T> =
  | { fate: "accepted"; value: T }
  | { fate: Exclude<Fate, "accepted">; failure: Failure };

/** Where requests go and how they authenticate; `clientId` is that of a service account. */
export type Endpoint = { baseUrl: string; auth: Authenticator; clientId?: string };

export type ClientOptions = {
  /** Called by the first request, so that nothing starts before it. Called again only if it failed. */
  endpoint: () => Promise<Endpoint>;
  sendHttp: SendHttp;
  clock: Clock;
  userAgent: string;
  /** Removes secrets from what Atlas answers: it may echo what was sent to it. */
  redact?: <T>(value: T) => T;
  /** Called each time before a request is sent again. */
  onRetry?: (() => void) | undefined;
};

const attempts = 3;

// A change may take three fifths of the time that is left; the rest is for finding out what became of it.
const sendingShare = 0.6;

/** Full jitter, over 100 ms and then over 200 ms: clients that failed together must not retry together. */
const backOff = (attempt: number, clock: Clock): number =>
  clock.random() * 100 * 2 ** (attempt - 1);

const lostTime = (error: NetworkError, deadline: Deadline): Failure =>
  deadline.remaining() === 0 && error.at === undefined
    ? failure("unavailable", "Atlas did not answer within the time for one call.", {
        retry: "same_arguments",
      })
    : networkFailure(error);

/** An attempt, and whether it had no credential. */
type LoggedIn = { attempt: Attempt; isBare: boolean };

// The largest page that Atlas allows (docs/atlas.md#lists).
const pageSize = 500;

// A stop for lists that never end: far above what an organization may have.
const mostPages = 100;

export type AtlasClient = {
  /** Sends a read and returns its value. Throws `AtlasToolError` if it fails. */
  read<T>(request: AtlasRequest<T>, deadline: Deadline): Promise<T>;
  /** Reads all pages of a list. */
  readAll<T>(
    requestOf: (query: PageQuery) => AtlasRequest<Page<T>>,
    deadline: Deadline,
  ): Promise<T[]>;
  /** Sends a change and returns its fate; a failed request does not throw. Throws if the deadline's check does. */
  send<T>(request: AtlasRequest<T>, deadline: Deadline): Promise<Sent<T>>;
  /** Atlas's time of day (milliseconds since 1970): by the Date of its latest answer, else that of this machine. */
  now(): number;
  /** The same by the Date of an answer alone; undefined if Atlas has sent none. */
  date(): number | undefined;
  /** The endpoint, resolved on first use. */
  endpoint(): Promise<Endpoint>;
  /** Revokes the access token. Never throws. */
  close(): Promise<void>;
};

/** Creates the client. It contacts nothing before the first request. */
export const createAtlasClient = (options: ClientOptions): AtlasClient => {
  const { sendHttp, clock, redact = (value) => value } = options;
  let resolved: Promise<Endpoint> | undefined;

  const endpoint = (): Promise<Endpoint> => {
    resolved ??= options.endpoint().catch((error: unknown) => {
      resolved = undefined;
      throw error;
    });
    return resolved;
  };

  /** One attempt, with its login: a 401 that asks for another credential is answered in it. */
  const sendAuthenticated = async (
    request: AtlasRequest,
    deadline: Deadline,
  ): Promise<LoggedIn> => {
    const { baseUrl, auth } = await endpoint();
    const target = { method: request.method, url: `${baseUrl}${request.path}` };
    const headers = { ...headersOf(request), "user-agent": options.userAgent };
    const body = request.body === undefined ? {} : { body: JSON.stringify(request.body) };
    const signal = request.method === "GET" ? deadline.readSignal : deadline.fraction(sendingShare);
    const sendWith = async (authorization: string | undefined): Promise<LoggedIn> => {
      const isBare = authorization === undefined;
      const all = isBare ? headers : { ...headers, authorization };
      // After the login, which may have taken long.
      if (request.method !== "GET") await deadline.checkLeave?.();
      return { attempt: await sendHttp({ ...target, headers: all, ...body }, signal), isBare };
    };
    const authorization = await auth.header(target, deadline);
    const first = await sendWith(authorization);
    if ("error" in first.attempt || first.attempt.response.status !== 401) return first;
    // A handshake, not a retry: the first response only asked for another credential.
    return (await auth.renew(first.attempt.response, authorization, deadline))
      ? sendWith(await auth.header(target, deadline))
      : first;
  };

  /** Milliseconds after which the request is sent again; undefined if it is not sent again. */
  const repeatAfter = (
    request: AtlasRequest,
    attempt: Attempt,
    fate: Fate,
    count: number,
  ): number | undefined => {
    const limited = fate === "refused" && "response" in attempt && attempt.response.status === 429;
    const isRepeatable =
      limited || fate === "not_sent" || (fate === "unknown" && request.method === "GET");
    // A proxy that refuses will refuse again, and may lock an account whose password is wrong.
    const isLasting = "error" in attempt && !mayPass(attempt.error);
    if (!isRepeatable || isLasting || count === attempts) return undefined;
    const response = "response" in attempt ? toAtlasResponse(attempt.response, clock) : undefined;
    if (limited && response && request.refusal?.(response) !== undefined) return undefined;
    const seconds = response && askedWaitOf(response);
    return seconds === undefined ? backOff(count, clock) : seconds * 1000;
  };

  /** Sends until the fate is settled: repeats a read on any failure that may pass, a change only if it was not sent or on 429. */
  const sendUntilSettled = async <T>(
    request: AtlasRequest<T>,
    deadline: Deadline,
  ): Promise<LoggedIn & { settled: Settled<T> }> => {
    for (let count = 1; ; count += 1) {
      const { attempt, isBare } = await sendAuthenticated(request, deadline);
      const settled = settle(attempt, request);
      const wait = repeatAfter(request, attempt, settled.fate, count);
      if (wait === undefined || wait >= deadline.remaining()) return { attempt, isBare, settled };
      const stop =
        request.method === "GET"
          ? deadline.readSignal
          : AbortSignal.any([deadline.writeSignal, deadline.callerSignal]);
      await clock.sleep(wait, stop);
      if (stop.aborted || deadline.remaining() === 0) return { attempt, isBare, settled };
      options.onRetry?.();
    }
  };

  const toFailure = (
    request: AtlasRequest,
    { attempt, isBare }: LoggedIn,
    deadline: Deadline,
  ): Failure => {
    if ("error" in attempt) return lostTime(attempt.error, deadline);
    const response = toAtlasResponse(attempt.response, clock);
    if (!isOwnError(attempt.response)) return notAtlas(response);
    const refused = request.refusal?.(response);
    if (refused !== undefined) return refused;
    return isBare && response.status === 401
      ? noLogin(attempt.response.headers)
      : classify(response);
  };

  let seenDate: { date: number; at: number } | undefined;

  /** Keeps the date of an answer that is Atlas's own. */
  const keepDate = (attempt: Attempt, { fate }: { fate: Fate }) => {
    if ("error" in attempt || (fate !== "accepted" && fate !== "refused")) return;
    const date = Date.parse(attempt.response.headers.date ?? "");
    if (!Number.isNaN(date)) seenDate = { date, at: clock.monotonic() };
  };

  const send: AtlasClient["send"] = async (request, deadline) => {
    const { settled, ...last } = await sendUntilSettled(request, deadline);
    keepDate(last.attempt, settled);
    if (settled.fate === "accepted") return { ...settled, value: redact(settled.value) };
    return { ...settled, failure: toFailure(request, last, deadline) };
  };

  const read: AtlasClient["read"] = async (request, deadline) => {
    const sent = await send(request, deadline);
    return sent.fate === "accepted" ? sent.value : raise(sent.failure);
  };

  const readAll: AtlasClient["readAll"] = async <T>(
    requestOf: (query: PageQuery) => AtlasRequest<Page<T>>,
    deadline: Deadline,
  ) => {
    const all: T[] = [];
    for (let pageNum = 1; ; pageNum += 1) {
      const request = requestOf({ pageNum, itemsPerPage: pageSize });
      const { results, totalCount } = await read(request, deadline);
      all.push(...results);
      const last = totalCount === undefined ? results.length < pageSize : all.length >= totalCount;
      if (last || results.length === 0 || pageNum === mostPages) return all;
    }
  };

  const date = () => seenDate && seenDate.date + clock.monotonic() - seenDate.at;

  return {
    read,
    readAll,
    send,
    now: () => date() ?? clock.now(),
    date,
    endpoint,
    close: async () => {
      if (resolved === undefined) return;
      await resolved.then(({ auth }) => auth.close()).catch(() => {});
    },
  };
};
