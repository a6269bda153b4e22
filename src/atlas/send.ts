/** Sends requests to the Admin API: credentials, repeats, envelopes, and what became of each. No resource is known here. */
import type { Clock, Deadline } from "../common/deadline.ts";
import { AtlasToolError, type Failure, failure } from "../common/failure.ts";
import type { Authenticator } from "./auth/service-account.ts";
import { askedWaitOf, classify } from "./classify.ts";
import { type Attempt, type Fate, fateOf, type NetworkError, type SendHttp } from "./http.ts";
import { networkErrorText, toAtlasResponse } from "./http-response.ts";
import { type AtlasRequest, headersOf } from "./requests.ts";

/** What became of a request that changes something. `failure` is there unless it was accepted. */
export type Sent<T> =
  | { fate: "accepted"; value: T; status: number }
  | { fate: Exclude<Fate, "accepted">; failure: Failure };

/** Where requests go and how they prove who sends them; `clientId` is that of a service account. */
export type Endpoint = { baseUrl: string; auth: Authenticator; clientId?: string };

export type ClientOptions = {
  /** Asked by each request, so that nothing is reached or started before the first; answers the same each time. */
  endpoint: () => Promise<Endpoint>;
  sendHttp: SendHttp;
  clock: Clock;
  userAgent: string;
  /** Told each time that a request is about to be sent again. */
  onRetry?(): void;
};

const attempts = 3;

// A change may take three fifths of what is left, so that there is time to find out what became of it.
const sendingShare = 0.6;

const unwrap = (attempt: Attempt): Attempt => {
  if ("broken" in attempt) return attempt;
  const { json } = attempt.reply;
  if (
    typeof json !== "object" ||
    json === null ||
    !("status" in json) ||
    typeof json.status !== "number"
  )
    return attempt;
  // A single resource comes as {status, content}; a list keeps its form and gains `status` (facts 1.4).
  const content = "content" in json ? json.content : json;
  return { reply: { ...attempt.reply, status: json.status, json: content } };
};

/** Full jitter over 100 ms, then over 200 (style 2.3). */
const backOff = (attempt: number, clock: Clock): number =>
  clock.random() * 100 * 2 ** (attempt - 1);

const brokenFailure = (broken: NetworkError, deadline: Deadline): Failure => {
  if (deadline.remaining() === 0)
    return failure("unavailable", "Atlas did not answer within the time for one call.", {
      retry: "same_arguments",
    });
  return failure("unavailable", `${networkErrorText(broken)}.`, {
    retry: broken.at === undefined ? "same_arguments" : "after_fix",
  });
};

/** Builds the sender. `read` throws `AtlasToolError`; `send` returns the fate instead. */
export const createSender = (options: ClientOptions) => {
  const { sendHttp: exchange, clock } = options;
  let used = false;

  const once = async (request: AtlasRequest, deadline: Deadline): Promise<Attempt> => {
    const { baseUrl, auth } = await options.endpoint();
    used = true;
    const wire = { method: request.method, url: `${baseUrl}${request.path}` };
    const headers = { ...headersOf(request), "user-agent": options.userAgent };
    const body = request.body === undefined ? {} : { body: JSON.stringify(request.body) };
    const signal = request.method === "GET" ? deadline.readSignal : deadline.fraction(sendingShare);
    const send = async (authorization: string | undefined): Promise<Attempt> => {
      const all = authorization === undefined ? headers : { ...headers, authorization };
      const attempt = await exchange({ ...wire, headers: all, ...body }, signal);
      return request.envelope ? unwrap(attempt) : attempt;
    };
    const sent = await auth.header(wire, deadline);
    const attempt = await send(sent);
    if ("broken" in attempt || attempt.reply.status !== 401) return attempt;
    // A handshake, not a retry: the first answer did nothing but ask for another credential.
    return (await auth.renew(attempt.reply, sent, deadline))
      ? send(await auth.header(wire, deadline))
      : attempt;
  };

  /** Sends until it is settled: reads are repeated on any failure that may pass, changes only when not sent or on 429. */
  const perform = async (
    request: AtlasRequest,
    deadline: Deadline,
  ): Promise<{ attempt: Attempt; fate: Fate }> => {
    for (let count = 1; ; count += 1) {
      const attempt = await once(request, deadline);
      const fate = fateOf(attempt, request.method);
      const limited = "reply" in attempt && attempt.reply.status === 429;
      const passing =
        limited || fate === "not_sent" || (fate === "unknown" && request.method === "GET");
      if (!passing || count === attempts) return { attempt, fate };
      const asked =
        "reply" in attempt ? askedWaitOf(toAtlasResponse(attempt.reply, clock)) : undefined;
      const wait = asked === undefined ? backOff(count, clock) : asked * 1000;
      if (wait >= deadline.remaining()) return { attempt, fate };
      const stop =
        request.method === "GET"
          ? deadline.readSignal
          : AbortSignal.any([deadline.writeSignal, deadline.callerSignal]);
      await clock.sleep(wait, stop);
      if (stop.aborted || deadline.remaining() === 0) return { attempt, fate };
      options.onRetry?.();
    }
  };

  const failureOf = (attempt: Attempt, fate: Fate, deadline: Deadline): Failure => {
    if ("broken" in attempt) return brokenFailure(attempt.broken, deadline);
    const answer = toAtlasResponse(attempt.reply, clock);
    const ok = answer.status < 400 && answer.status >= 200;
    if (fate === "unknown" && ok)
      return failure("unavailable", "Atlas reported success with a body that cannot be read.", {
        retry: "same_arguments",
        atlas: { status: answer.status },
      });
    return classify(answer);
  };

  const read = async (request: AtlasRequest, deadline: Deadline): Promise<unknown> => {
    const { attempt, fate } = await perform(request, deadline);
    if (fate === "accepted" && "reply" in attempt) return attempt.reply.json;
    throw new AtlasToolError(failureOf(attempt, fate, deadline));
  };

  const send = async <T>(
    request: AtlasRequest,
    toValue: (json: unknown) => T,
    deadline: Deadline,
  ): Promise<Sent<T>> => {
    const { attempt, fate } = await perform(request, deadline);
    if (fate === "accepted" && "reply" in attempt)
      return { fate, value: toValue(attempt.reply.json), status: attempt.reply.status };
    return {
      fate: fate === "accepted" ? "unknown" : fate,
      failure: failureOf(attempt, fate, deadline),
    };
  };

  return {
    read,
    send,
    /** Gives the credentials back. Never throws. */
    close: async () => {
      if (!used) return;
      await options
        .endpoint()
        .then(({ auth }) => auth.close())
        .catch(() => {});
    },
  };
};
