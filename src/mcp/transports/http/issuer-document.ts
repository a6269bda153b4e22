/** Fetches the small JSON documents of an issuer, which may be slow, endless or broken. */
import { messageOf } from "../../../common/errno.ts";

const mostBytes = 256 * 1024;
const mostMs = 5000;

const readText = async (url: string, response: Response): Promise<string> => {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > mostBytes) throw new Error(`${url} has more than ${mostBytes} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
};

/** The document, or why it is not there, in words for the operator. */
export const fetchDocument = async (
  url: string,
): Promise<{ json: unknown } | { problem: string }> => {
  try {
    const response = await fetch(url, {
      headers: { accept: "application/json, application/jwk-set+json" },
      redirect: "error",
      signal: AbortSignal.timeout(mostMs),
    });
    if (!response.ok) {
      await response.body?.cancel();
      return { problem: `${url} answers ${response.status}` };
    }
    return { json: JSON.parse(await readText(url, response)) };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { problem: `${url}: ${messageOf(cause)}` };
  }
};
