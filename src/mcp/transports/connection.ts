/** One connection over a transport that somebody else brings: both eras, as over stdio. */
import type { Transport as SdkTransport } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import type { createServerFactory } from "../server.ts";

/** Any transport of an MCP SDK: an in-memory pair, a socket, a stream. Each SDK has types of its own for messages. */
export type Transport = {
  start(): Promise<void>;
  // biome-ignore lint/suspicious/noExplicitAny: see above.
  send(message: any, options?: any): Promise<void>;
  close(): Promise<void>;
  // biome-ignore lint/suspicious/noExplicitAny: see above.
  onmessage?: ((message: any, extra?: any) => void) | undefined;
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
};

export type Connection = { close(): Promise<void> };

/** Serves until either side closes, which `onEnd` is told. Rejects where the transport does not start. */
export const serveConnection = async (
  transport: Transport,
  server: () => ReturnType<ReturnType<typeof createServerFactory>>,
  onEnd: () => void,
): Promise<Connection> => {
  // The SDK keeps to itself that a transport did not start.
  let started = Promise.resolve();
  const wire: SdkTransport = {
    start: () => {
      started = transport.start();
      return started;
    },
    send: transport.send.bind(transport),
    close: () => transport.close(),
    set onmessage(take: SdkTransport["onmessage"]) {
      transport.onmessage = take;
    },
    set onclose(ended: (() => void) | undefined) {
      transport.onclose = () => {
        onEnd();
        ended?.();
      };
    },
    set onerror(report: SdkTransport["onerror"]) {
      transport.onerror = report;
    },
  };
  const handle = serveStdio(server, { transport: wire, onerror: () => {} });
  await started;
  return handle;
};
