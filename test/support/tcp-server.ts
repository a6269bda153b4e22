/** Servers of a test's own on this machine, and their ends: what a connection may meet in place of a database. */
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Certificate } from "./tls.ts";

export type TcpServers = {
  /** A server that does this with each connection; `count` is 1 for the first. Returns its port. */
  tcp(serve: (socket: Socket, count: number) => void): Promise<number>;
  /** The same after the handshake of TLS. */
  tls(certificate: Certificate, serve: (socket: Socket, count: number) => void): Promise<number>;
  close(): void;
};

export const openServers = (): TcpServers => {
  const servers: Server[] = [];
  const sockets: Socket[] = [];
  const listen = (server: Server): Promise<number> => {
    servers.push(server);
    server.on("connection", (socket) => void sockets.push(socket));
    return new Promise((resolve) =>
      server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)),
    );
  };
  const counting = (serve: (socket: Socket, count: number) => void) => {
    let count = 0;
    return (socket: Socket) => {
      count += 1;
      // A client that goes away is no failure of the server's.
      socket.on("error", () => {});
      serve(socket, count);
    };
  };
  return {
    tcp: (serve) => listen(createServer(counting(serve))),
    tls: ({ key, cert }, serve) => listen(createTlsServer({ key, cert }, counting(serve))),
    close: () => {
      for (const server of servers) server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
};

/** Ends the connection as soon as the other side says something. */
export const endAtFirstWord = (socket: Socket) => void socket.once("data", () => socket.end());

// A record of TLS with the fatal alert 80, internal_error (RFC 8446, sections 5.1 and 6).
const alert80 = Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 80]);

/** Answers the first message of a handshake with alert 80, as Atlas does to an address that is not on the access list. */
export const alertAtFirstWord = (socket: Socket) =>
  void socket.once("data", () => socket.end(alert80));
