/** The API of a sandbox whose list of projects can be made empty, while the projects are there. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

const isList = (url = ""): boolean => /^\/api\/atlas\/v2\/groups(\?|$)/.test(url);

export const startHiding = async (url: string) => {
  let isHidden = false;
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const { host: _, connection: __, ...headers } = request.headers as Record<string, string>;
    const answer = await fetch(`${url}${request.url}`, {
      method: request.method ?? "GET",
      headers,
      ...(body === "" ? {} : { body }),
    });
    const own = await answer.text();
    const shown = isHidden && isList(request.url) ? '{"results":[],"totalCount":0}' : own;
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
    response.end(shown);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hide: (hidden = true) => {
      isHidden = hidden;
    },
  };
};
