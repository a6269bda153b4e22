/** In the 2025 era, ends the questions that no stream can carry to the user. */
import type {
  JSONRPCMessage,
  RequestId,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";

export type OpenQuestions = {
  /** Called when the stream that would carry the responses to these requests has ended. */
  onStreamEnd(requests: readonly RequestId[]): void;
  /** Refuses the questions of these requests, because they are answered as JSON and have no stream. */
  refuse(requests: readonly RequestId[]): void;
};

const cannotAsk = {
  code: -32601,
  message: "The user cannot be asked: the client does not accept a stream for this call",
};

/**
 * Wraps a transport that is not connected yet. A broken stream does not cancel its calls (MCP 2025-11-25,
 * basic/transports), but nobody can see the question on it, so a call that waits for an answer would wait in vain.
 */
export const watchOpenQuestions = (
  transport: WebStandardStreamableHTTPServerTransport,
): OpenQuestions => {
  // The request that each open question belongs to.
  const questions = new Map<RequestId, RequestId>();
  const withoutStream = new Set<RequestId>();
  const refused = new Set<RequestId>();

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
      if (refused.has(related))
        return transport.onmessage?.({ jsonrpc: "2.0", id: message.id, error: cannotAsk });
      questions.set(message.id, related);
    }
    if (!("method" in message) && message.id !== undefined) {
      withoutStream.delete(message.id);
      refused.delete(message.id);
    }
    await send(message, options);
  };
  transport.onmessage = (message: JSONRPCMessage) => {
    if (!("method" in message) && message.id !== undefined) questions.delete(message.id);
  };

  return {
    onStreamEnd: (requests) => {
      for (const requestId of requests) withoutStream.add(requestId);
      for (const [question, related] of questions) {
        if (!requests.includes(related)) continue;
        questions.delete(question);
        cancel(related);
      }
    },
    refuse: (requests) => {
      for (const requestId of requests) refused.add(requestId);
    },
  };
};
