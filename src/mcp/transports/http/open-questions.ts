/** In the 2025 era, cancels a call that waits for its user's answer when the stream that carries the question ends. */
import type {
  JSONRPCMessage,
  RequestId,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";

/** Called when the stream that would carry the responses to these requests has ended. */
export type OnStreamEnd = (requests: readonly RequestId[]) => void;

/**
 * Wraps a transport that is not connected yet. A broken stream does not cancel its calls (MCP 2025-11-25,
 * basic/transports), but nobody can see the question on it, so a call that waits for an answer would wait in vain.
 */
export const watchOpenQuestions = (
  transport: WebStandardStreamableHTTPServerTransport,
): OnStreamEnd => {
  // The request that each open question belongs to.
  const questions = new Map<RequestId, RequestId>();
  const withoutStream = new Set<RequestId>();

  const cancel = (requestId: RequestId) =>
    transport.onmessage?.({
      jsonrpc: "2.0",
      method: "notifications/cancelled",
      params: { requestId, reason: "The stream of the request has ended" },
    });

  const send = transport.send.bind(transport);
  transport.send = async (message, options) => {
    const related = options?.relatedRequestId;
    if ("method" in message && "id" in message && related !== undefined) {
      if (withoutStream.has(related)) return cancel(related);
      questions.set(message.id, related);
    }
    if (!("method" in message) && message.id !== undefined) withoutStream.delete(message.id);
    await send(message, options);
  };
  transport.onmessage = (message: JSONRPCMessage) => {
    if (!("method" in message) && message.id !== undefined) questions.delete(message.id);
  };

  return (requests) => {
    for (const requestId of requests) withoutStream.add(requestId);
    for (const [question, related] of questions) {
      if (!requests.includes(related)) continue;
      questions.delete(question);
      cancel(related);
    }
  };
};
