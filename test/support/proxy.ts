/** A small HTTP proxy that alone knows where some host names are: CONNECT for tunnels, absolute URLs for plain http. */
import { createServer, request } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";

type Passed = { what: string; authorization: string | undefined };

/** What a proxy does in place of its work: answers with a status, closes, resets, is silent, or is no proxy at all. */
export type Manner = number | "closes" | "resets" | "is silent" | "serves a page" | "is no proxy";

export type ProxyServer = {
  url: string;
  /** What it was asked for: `CONNECT atlas.test:443`, or `GET http://atlas.test/...`. */
  seen: Passed[];
  /** Resets every connection that is open. */
  cut(): void;
  close(): Promise<void>;
};

const basic = (password: string) => `Basic ${Buffer.from(password).toString("base64")}`;

const page = "<html><body>Please log in.</body></html>";

/** Whether it has misbehaved, so that nothing is left to do. */
const misbehave = (socket: Duplex, manner: Manner | undefined): boolean => {
  if (manner === "closes") socket.end();
  else if (manner === "resets") (socket as Socket).resetAndDestroy();
  else if (manner === "serves a page")
    socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${page.length}\r\n\r\n${page}`);
  else if (manner === "is no proxy") socket.end("220 mail.test\r\n");
  else return manner === "is silent";
  return true;
};

/**
 * `hosts` maps `name:port` to a port of this machine; all else is 502. `manner` is what it does in place of its work; with a
 * `password` (`user:word`) it answers 407 to whoever does not send it.
 */
export const startProxy = async (
  hosts: Record<string, number>,
  manner?: Manner,
  password?: string,
): Promise<ProxyServer> => {
  const refusalOf = (authorization: string | undefined): number | undefined => {
    if (typeof manner === "number") return manner;
    return password === undefined || authorization === basic(password) ? undefined : 407;
  };
  const seen: Passed[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((incoming, outgoing) => {
    seen.push({
      what: `${incoming.method} ${incoming.url}`,
      authorization: incoming.headers["proxy-authorization"],
    });
    if (misbehave(incoming.socket, manner)) return;
    const refuse = refusalOf(incoming.headers["proxy-authorization"]);
    const { host, pathname, search } = new URL(incoming.url ?? "", "http://none.test");
    const port = hosts[host.includes(":") ? host : `${host}:80`];
    if (refuse !== undefined || port === undefined)
      return void outgoing.writeHead(refuse ?? 502).end();
    const { method, headers } = incoming;
    const onward = request(
      { port, host: "127.0.0.1", path: `${pathname}${search}`, method, headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).once("close", () => sockets.delete(socket));
  });
  server.on("connect", (incoming, socket, head) => {
    seen.push({
      what: `CONNECT ${incoming.url}`,
      authorization: incoming.headers["proxy-authorization"],
    });
    if (misbehave(socket, manner)) return;
    const refuse = refusalOf(incoming.headers["proxy-authorization"]);
    const port = hosts[incoming.url ?? ""];
    if (refuse !== undefined || port === undefined)
      return void socket.end(`HTTP/1.1 ${refuse ?? 502} Refused\r\ncontent-length: 0\r\n\r\n`);
    const onward = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    onward.on("error", () => socket.destroy());
    socket.on("close", () => onward.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    cut: () => {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
};
