/** Serves one connection, in both eras, over a transport that the user of the library provides. */
import type { Transport as SdkTransport } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import type { createServerFactory } from "../server.ts";
import { readMessage } from "./messages.ts";
import { withPlainErrors } from "./plain-errors.ts";

/** A transport of either MCP SDK. `any`, because each SDK has its own types for messages. */
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

/**
 * Serves until either side closes, then calls `onEnd`. Rejects if the transport does not start. `onIgnored` is told why a
 * message is neither used nor answered.
 */
export const serveConnection = async (
  transport: Transport,
  server: () => ReturnType<ReturnType<typeof createServerFactory>>,
  onEnd: () => void,
  onIgnored: (why: string) => void = () => {},
): Promise<Connection> => {
  // The SDK does not report that a transport failed to start, so the promise is kept here.
  let started = Promise.resolve();
  const sdkTransport: SdkTransport = {
    start: () => {
      started = transport.start();
      return started;
    },
    send: transport.send.bind(transport),
    close: () => transport.close(),
    set onmessage(listener: SdkTransport["onmessage"]) {
      transport.onmessage = (value: unknown, extra) => {
        const incoming = readMessage(value);
        if ("message" in incoming) listener?.(incoming.message, extra);
        else if ("refused" in incoming) void transport.send(incoming.refused).catch(() => {});
        else {
          onIgnored(incoming.ignored);
          if (incoming.instead !== undefined) listener?.(incoming.instead, extra);
        }
      };
    },
    set onclose(listener: (() => void) | undefined) {
      transport.onclose = () => {
        onEnd();
        listener?.();
      };
    },
    set onerror(listener: SdkTransport["onerror"]) {
      transport.onerror = listener;
    },
  };
  const handle = serveStdio(() => withPlainErrors(server()), {
    transport: sdkTransport,
    onerror: () => {},
  });
  await started;
  return handle;
};
