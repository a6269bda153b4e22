/** A server that passes all requests on to a sandbox, and may change what comes back. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

type Change = { sendDate?: boolean; bodyOf?(path: string, body: string): string };

/** Starts it, and returns its address. It ends with the test. */
export const forwardTo = async (
  url: string,
  { sendDate = true, bodyOf = (_path, body) => body }: Change,
): Promise<string> => {
  const server = createServer(async (request, response) => {
    response.sendDate = sendDate;
    const body = await text(request);
    const { host: _, connection: __, ...headers } = request.headers as Record<string, string>;
    const answer = await fetch(`${url}${request.url}`, {
      method: request.method ?? "GET",
      headers,
      ...(body === "" ? {} : { body }),
    });
    const shown = bodyOf(request.url ?? "", await answer.text());
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
    response.end(shown);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
