/** Turns a stream of events (SSE) into JSON and back, for clients that take only one of them. */
import { isRecord } from "../../../common/json.ts";
import { requestIdsOf, rpcError } from "../messages.ts";
import type { Accepted } from "./accept.ts";
import type { Body } from "./body.ts";

const json = "application/json";
const stream = "text/event-stream";

const isType = (response: Response, type: string): boolean =>
  response.headers.get("content-type")?.startsWith(type) === true;

export const isStream = (response: Response): boolean => isType(response, stream);

/** Changes the body, and keeps the id of the session. */
const changed = (
  { status, headers }: Response,
  type: string,
  body: ReadableStream<Uint8Array>,
): Response => {
  const session = headers.get("mcp-session-id");
  return new Response(body, {
    status,
    headers: {
      "content-type": type,
      "cache-control": "no-cache",
      ...(session === null ? {} : { "mcp-session-id": session }),
    },
  });
};

/** Collects the text of a body, and writes another one when it has ended. */
const atEnd = (body: ReadableStream<Uint8Array>, change: (text: string) => string) => {
  const decoder = new TextDecoder();
  let text = "";
  const collector = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk) => {
      text += decoder.decode(chunk, { stream: true });
    },
    flush: (controller) => controller.enqueue(new TextEncoder().encode(change(text))),
  });
  return body.pipeThrough(collector);
};

/** The responses among the events. Progress is left out, because JSON has no place for it. */
const responsesIn = (events: string): Record<string, unknown>[] =>
  events
    .split("\n")
    .flatMap((line): unknown[] => (line.startsWith("data: ") ? [JSON.parse(line.slice(6))] : []))
    .filter(isRecord)
    .filter((message) => !("method" in message));

const jsonOf = (events: string, sent: Body): string => {
  const responses = new Map(responsesIn(events).map((response) => [response.id, response]));
  const answers = requestIdsOf(sent).map(
    (id) =>
      responses.get(id) ??
      rpcError(
        id,
        -32603,
        "The call was cancelled, or its session was closed, before it was answered",
      ),
  );
  return JSON.stringify(Array.isArray(sent) ? answers : answers[0]);
};

/** The same response in a type that the client accepts. `sent` is the body of the request. */
export const inAcceptedType = (response: Response, accepted: Accepted, sent: Body): Response => {
  const { body } = response;
  if (body === null) return response;
  if (isStream(response) && !accepted.prefersStream)
    return changed(
      response,
      json,
      atEnd(body, (events) => jsonOf(events, sent)),
    );
  if (isType(response, json) && response.status === 200 && !accepted.json)
    return changed(
      response,
      stream,
      atEnd(body, (text) => `event: message\ndata: ${text}\n\n`),
    );
  return response;
};
