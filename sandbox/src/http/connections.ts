import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Server, Socket } from "node:net";
import type { HttpResponse } from "./response.ts";

/** The open TCP sockets of a server, under any TLS, by the caller's address. */
export type Connections = Map<string, Socket>;

const addressOf = (socket: Socket): string => `${socket.remoteAddress} ${socket.remotePort}`;

/** Keeps track of a server's sockets. */
export const trackConnections = (server: Server, connections: Connections): void => {
  server.on("connection", (socket) => {
    const key = addressOf(socket);
    connections.set(key, socket);
    socket.once("close", () => connections.delete(key));
  });
};

/** Destroys every socket, hanging and idle ones included. */
export const closeConnections = (connections: Connections): void => {
  for (const socket of connections.values()) socket.destroy();
};

const headersOf = ({ status, headers, body }: HttpResponse): HttpResponse["headers"] =>
  status === 204 ? headers : { ...headers, "Content-Length": `${Buffer.byteLength(body)}` };

/** Writes an answer in full. */
export const sendResponse = (outgoing: ServerResponse, response: HttpResponse): void => {
  if (outgoing.destroyed) return;
  outgoing.writeHead(response.status, headersOf(response));
  outgoing.end(response.body);
};

/** Writes the head and half of the body, or half the head where there is no body, then hangs up. */
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

/** Tears the connection down with a TCP reset; under TLS that takes the socket beneath. */
export const resetConnection = (outgoing: ServerResponse, connections: Connections): void => {
  if (outgoing.socket !== null) connections.get(addressOf(outgoing.socket))?.resetAndDestroy();
};
