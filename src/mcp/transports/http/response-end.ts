/** Reports how a response ended. */

/** `aborted` means that the client closed the connection, or that the body failed. */
export type Ending = "complete" | "aborted";

/** Returns the same response, and calls `onEnd` once when its body has ended. */
export const watchEnd = (response: Response, onEnd: (ending: Ending) => void): Response => {
  const { body } = response;
  let ended = false;
  const end = (ending: Ending) => {
    if (!ended) onEnd(ending);
    ended = true;
  };
  if (body === null) {
    end("complete");
    return response;
  }
  const reader = body.getReader();
  const stream = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        controller.close();
        end("complete");
      } catch (error) {
        controller.error(error);
        end("aborted");
      }
    },
    cancel: async (reason) => {
      end("aborted");
      await reader.cancel(reason);
    },
  });
  const { status, headers } = response;
  return new Response(stream, { status, headers });
};
