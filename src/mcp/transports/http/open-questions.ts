/** In the 2025 era, ends the questions that no stream can carry to the user, and the responses to cancelled calls. */
import type {
  JSONRPCMessage,
  RequestId,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import { rpcError } from "../messages.ts";
import type { Ending } from "./response-end.ts";

export type OpenQuestions = {
  /**
   * Called with the requests of one HTTP request before they are handled. Without `canAsk` their questions are refused,
   * because they are answered as JSON and have no stream. The result is to be called when the HTTP response has ended.
   */
  begin(requests: readonly RequestId[], canAsk: boolean): (ending: Ending) => void;
};

/** One HTTP response that is not complete. */
type OpenResponse = {
  /** The requests that are neither answered nor cancelled, and those that were cancelled. */
  waiting: Set<RequestId>;
  cancelled: Set<RequestId>;
  canAsk: boolean;
  isGone: boolean;
};

const cannotAsk = {
  code: -32601,
  message: "The user cannot be asked: the client does not accept a stream for this call",
};

/** The id of the request that a message cancels. */
const cancelledBy = (message: JSONRPCMessage): unknown =>
  "method" in message && message.method === "notifications/cancelled"
    ? message.params?.requestId
    : undefined;

/**
 * Wraps a transport that is not connected yet. A broken stream does not cancel its calls (MCP 2025-11-25,
 * basic/transports), but nobody can see the question on it, so a call that waits for an answer would wait in vain.
 */
export const watchOpenQuestions = (
  transport: WebStandardStreamableHTTPServerTransport,
): OpenQuestions => {
  // The response of each request, and the request that each open question belongs to.
  const responses = new Map<RequestId, OpenResponse>();
  const questions = new Map<RequestId, RequestId>();
  const send = transport.send.bind(transport);

  /** A client may use the id again, so nothing is kept about it. */
  const forget = (requestId: RequestId) => {
    responses.delete(requestId);
    for (const [question, related] of questions)
      if (related === requestId) questions.delete(question);
  };

  const cancel = (requestId: RequestId) =>
    transport.onmessage?.({
      jsonrpc: "2.0",
      method: "notifications/cancelled",
      params: { requestId, reason: "The stream of the request has ended" },
    });

  /** The SDK sends nothing for a cancelled call, and would keep the response open until it does. */
  const endIfDone = async ({ waiting, cancelled }: OpenResponse, last: RequestId) => {
    if (waiting.size > 0 || cancelled.size === 0) return;
    transport.closeSSEStream(last);
    // Nobody gets this, because the stream is closed. It makes the SDK forget the ids.
    for (const id of cancelled)
      if (!responses.has(id)) await send({ ...rpcError(id, -32603, "Cancelled"), id });
  };

  const settle = (requestId: RequestId, isCancelled: boolean) => {
    const response = responses.get(requestId);
    if (response === undefined) return;
    forget(requestId);
    response.waiting.delete(requestId);
    if (isCancelled) response.cancelled.add(requestId);
    void endIfDone(response, requestId).catch(() => {});
  };

  transport.send = async (message, options) => {
    const related = options?.relatedRequestId;
    if ("method" in message && "id" in message && related !== undefined) {
      const response = responses.get(related);
      if (response?.isGone) return cancel(related);
      if (response?.canAsk === false)
        return transport.onmessage?.({ jsonrpc: "2.0", id: message.id, error: cannotAsk });
      if (response !== undefined) questions.set(message.id, related);
    }
    await send(message, options);
    if (!("method" in message) && message.id !== undefined) settle(message.id, false);
  };
  transport.onmessage = (message: JSONRPCMessage) => {
    if (!("method" in message) && message.id !== undefined) questions.delete(message.id);
    const requestId = cancelledBy(message);
    if (typeof requestId === "string" || typeof requestId === "number") settle(requestId, true);
  };

  return {
    begin: (requests, canAsk) => {
      const waiting = new Set(requests);
      const response: OpenResponse = { waiting, cancelled: new Set(), canAsk, isGone: false };
      for (const requestId of requests) responses.set(requestId, response);
      return (ending) => {
        response.isGone = true;
        const asking = new Set(questions.values());
        for (const requestId of waiting) {
          if (responses.get(requestId) !== response) continue;
          if (ending === "complete") forget(requestId);
          else if (asking.has(requestId)) cancel(requestId);
        }
      };
    },
  };
};
