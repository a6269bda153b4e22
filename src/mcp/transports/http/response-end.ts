/** How a response ended: written to its end, or given up because the one who asked has gone. */

export type Ending = "ended" | "gone";

/** The same response, which tells once how it ended. */
export const watched = (response: Response, tell: (ending: Ending) => void): Response => {
  const { body } = response;
  let told = false;
  const over = (ending: Ending) => {
    if (!told) tell(ending);
    told = true;
  };
  if (body === null) {
    over("ended");
    return response;
  }
  const reader = body.getReader();
  const passed = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        controller.close();
        over("ended");
      } catch (error) {
        controller.error(error);
        over("gone");
      }
    },
    cancel: async (reason) => {
      over("gone");
      await reader.cancel(reason);
    },
  });
  const { status, headers } = response;
  return new Response(passed, { status, headers });
};
