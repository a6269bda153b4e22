/** The server's sockets, and how a response is sent, truncated or reset on them. */
import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Server, Socket } from "node:net";
import type { HttpResponse } from "./response.ts";

/** The open TCP sockets of a server by the client's address; with TLS, the sockets below it. */
export type Connections = Map<string, Socket>;

const addressOf = (socket: Socket): string => `${socket.remoteAddress} ${socket.remotePort}`;

/** Keeps the map of a server's open sockets up to date. */
export const trackConnections = (server: Server, connections: Connections): void => {
  server.on("connection", (socket) => {
    const key = addressOf(socket);
    connections.set(key, socket);
    socket.once("close", () => connections.delete(key));
  });
};

/** Destroys all sockets, including hanging and idle ones. */
export const closeConnections = (connections: Connections): void => {
  for (const socket of connections.values()) socket.destroy();
};

const headersOf = ({ status, headers, body }: HttpResponse): HttpResponse["headers"] =>
  status === 204 ? headers : { ...headers, "Content-Length": `${Buffer.byteLength(body)}` };

/** Sends a whole response. */
export const sendResponse = (outgoing: ServerResponse, response: HttpResponse): void => {
  if (outgoing.destroyed) return;
  outgoing.writeHead(response.status, headersOf(response));
  outgoing.end(response.body);
};

/** Sends the head and half of the body, or half of the head if there is no body, and closes the connection. */
export const sendTruncated = (outgoing: ServerResponse, response: HttpResponse): void => {
  const { socket } = outgoing;
  if (outgoing.destroyed || socket === null) return;
  if (response.body === "") {
    const head = `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status]}\r\nContent-Ty`;
    socket.write(head, () => socket.destroy());
    return;
  }
  const body = Buffer.from(response.body);
  outgoing.writeHead(response.status, headersOf(response));
  outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => socket.destroy());
};

/** Resets the TCP connection. Under TLS only the socket below can do that. */
export const resetConnection = (outgoing: ServerResponse, connections: Connections): void => {
  if (outgoing.socket !== null) connections.get(addressOf(outgoing.socket))?.resetAndDestroy();
};
