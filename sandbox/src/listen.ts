/** Serves the app of a sandbox on a port. */
import { createServer, type RequestListener } from "node:http";
import type { Server } from "node:net";
import { messageOf, SandboxError } from "./error.ts";
import type { Settings } from "./options.ts";
import { codeOf } from "./state/file-error.ts";

type Place = Pick<Settings, "host" | "port" | "tls">;

// Milliseconds. Together less than 10 s, so that nobody keeps sockets with half a request, or half a TLS handshake.
const limits = { headersTimeout: 6000, requestTimeout: 6000, connectionsCheckingInterval: 500 };
const handshakeTimeout = 3000;

/** Creates the server. Loads the code for TLS only if it is used. */
export const createWebServer = async (
  { tls }: Place,
  listener: RequestListener,
): Promise<Server> => {
  if (tls === undefined) return createServer(limits, listener);
  const { createServer: createTlsServer } = await import("node:https");
  try {
    return createTlsServer({ ...tls, ...limits, handshakeTimeout }, listener);
  } catch (error) {
    const why = `has no private key and certificate in PEM that belong together (${messageOf(error)})`;
    throw new SandboxError("invalid_option", `The option "tls" ${why}.`, { cause: error });
  }
};

const listenError = (error: unknown, { host, port }: Place): SandboxError => {
  const code = codeOf(error);
  return code === "EADDRINUSE"
    ? new SandboxError("port_in_use", `Port ${port} on ${host} is in use.`, { cause: error })
    : new SandboxError(
        "cannot_listen",
        `The sandbox cannot listen on ${host} port ${port} (${code}).`,
        {
          cause: error,
        },
      );
};

/** The host for URLs: clients cannot connect to a wildcard address, and IPv6 needs brackets. */
const reachableHost = (host: string): string => {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
};

/** Listens, and resolves to the URL. Rejects with a SandboxError. */
export const listen = (server: Server, place: Place): Promise<string> =>
  new Promise((resolve, reject) => {
    const { host, port, tls } = place;
    const fail = (error: unknown): void => reject(listenError(error, place));
    server.once("error", fail);
    server.listen(port, host, () => {
      server.off("error", fail);
      const address = server.address();
      const chosen = typeof address === "object" && address !== null ? address.port : port;
      resolve(`${tls === undefined ? "http" : "https"}://${reachableHost(host)}:${chosen}`);
    });
  });
