/** Calls that wait for their user over a stream of the 2025 era: when the stream goes, so does the question, and the call with it. */
import type {
  JSONRPCMessage,
  RequestId,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";

/** Tells that the stream on which these requests were to be answered is gone. */
export type StreamGone = (requests: readonly RequestId[]) => void;

/**
 * Watches what goes through a transport that is not connected yet. That a stream breaks is no cancellation in this era
 * (2025-11-25, transports), so other calls go on; but a question that nobody can see would be waited for in vain.
 */
export const watchOpenQuestions = (
  transport: WebStandardStreamableHTTPServerTransport,
): StreamGone => {
  // The ids of questions that are out, with the request each belongs to; and the requests whose stream is gone.
  const asking = new Map<RequestId, RequestId>();
  const gone = new Set<RequestId>();

  const cancel = (requestId: RequestId) =>
    transport.onmessage?.({
      jsonrpc: "2.0",
      method: "notifications/cancelled",
      params: { requestId, reason: "The stream of the request is gone" },
    });

  const send = transport.send.bind(transport);
  transport.send = async (message, options) => {
    const related = options?.relatedRequestId;
    if ("method" in message && "id" in message && related !== undefined) {
      if (gone.has(related)) return cancel(related);
      asking.set(message.id, related);
    }
    if (!("method" in message) && message.id !== undefined) gone.delete(message.id);
    await send(message, options);
  };
  transport.onmessage = (message: JSONRPCMessage) => {
    if (!("method" in message) && message.id !== undefined) asking.delete(message.id);
  };

  return (requests) => {
    for (const requestId of requests) gone.add(requestId);
    for (const [question, related] of asking) {
      if (!requests.includes(related)) continue;
      asking.delete(question);
      cancel(related);
    }
  };
};
