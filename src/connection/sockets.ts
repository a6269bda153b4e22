/** TCP and TLS, by Node. */
import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { type Endpoint, lookupOf } from "./names.ts";

/** The socket once it has emitted `event`, or its error. It is destroyed when it fails and when the signal aborts. */
const settled = <S extends Socket>(socket: S, event: string, signal: AbortSignal): Promise<S> =>
  new Promise<S>((resolve, reject) => {
    const stop = () => socket.destroy(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    socket.once("close", () => signal.removeEventListener("abort", stop));
    // Not once: a socket that fails later on, with nobody listening, would end the process.
    socket.on("error", reject);
    socket.once(event, () => resolve(socket));
  });

/** Opens a TCP connection to a host, at whichever of its addresses answers. */
export const openSocket = (endpoint: Endpoint, signal: AbortSignal): Promise<Socket> => {
  const { host, port } = endpoint;
  const socket = connect({ host, port, lookup: lookupOf(endpoint), autoSelectFamily: true });
  return settled(socket, "connect", signal);
};

/** Does the handshake of TLS on a connection. `ca` is what to trust instead of Node's own certificates. */
export const secureSocket = (
  socket: Socket,
  host: string,
  ca: string | undefined,
  signal: AbortSignal,
): Promise<TLSSocket> => {
  const name = isIP(host) === 0 ? { servername: host } : {};
  const trusted = ca === undefined ? {} : { ca };
  return settled(connectTls({ socket, host, ...name, ...trusted }), "secureConnect", signal);
};
