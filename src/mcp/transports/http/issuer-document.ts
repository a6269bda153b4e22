/** Fetches the small JSON documents of an issuer, which may be slow, endless or broken. */
import { settleWithin } from "../../../common/deadline.ts";
import { messageOf } from "../../../common/errno.ts";

type Body = NonNullable<Response["body"]>;

const mostBytes = 256 * 1024;
const mostMs = 5000;

// The signal of a request does not end its body once what links them is collected as garbage (Node 20 and 22).
const readText = async (url: string, body: Body, signal: AbortSignal): Promise<string> => {
  const reader = body.getReader();
  const stop = () => void reader.cancel().catch(() => {});
  signal.addEventListener("abort", stop, { once: true });
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) return text;
      size += value.byteLength;
      if (size > mostBytes) throw new Error(`${url} has more than ${mostBytes} bytes`);
      text += decoder.decode(value, { stream: true });
    }
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
};

/** The document, or why it is not there, in words for the operator. */
export const fetchDocument = async (
  url: string,
): Promise<{ json: unknown } | { problem: string }> => {
  const signal = AbortSignal.timeout(mostMs);
  try {
    const sent = fetch(url, {
      headers: { accept: "application/json, application/jwk-set+json" },
      redirect: "error",
      signal,
    });
    const { ok, status, body } = await settleWithin(sent, signal, () => signal.reason);
    if (!ok) {
      await body?.cancel();
      return { problem: `${url} answers ${status}` };
    }
    return { json: JSON.parse(body === null ? "" : await readText(url, body, signal)) };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { problem: `${url}: ${messageOf(cause)}` };
  }
};
