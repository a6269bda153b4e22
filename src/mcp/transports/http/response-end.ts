/** Reports how a response ended, and ends one. */

/** `aborted` means that the client closed the connection, that the body failed, or that it was cut. */
export type Ending = "complete" | "aborted";

type Endable = {
  /** The same response. */
  response: Response;
  /** Ends the body where it is. */
  cut(): void;
};

/** Calls `onEnd` once when the body has ended. */
export const endable = (response: Response, onEnd: (ending: Ending) => void): Endable => {
  const { body } = response;
  let ended = false;
  const end = (ending: Ending) => {
    if (!ended) onEnd(ending);
    ended = true;
  };
  if (body === null) {
    end("complete");
    return { response, cut: () => {} };
  }
  const reader = body.getReader();
  let close = () => {};
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      close = () => controller.close();
    },
    pull: async (controller) => {
      try {
        const { done, value } = await reader.read();
        // It was cut.
        if (ended) return;
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
  return {
    response: new Response(stream, { status, headers }),
    cut: () => {
      if (ended) return;
      end("aborted");
      close();
      void reader.cancel().catch(() => {});
    },
  };
};

/** Returns the same response, and calls `onEnd` once when its body has ended. */
export const watchEnd = (response: Response, onEnd: (ending: Ending) => void): Response =>
  endable(response, onEnd).response;
