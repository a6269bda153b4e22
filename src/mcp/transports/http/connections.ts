/** Bounds the sockets of a listener. Whoever sends no complete request gives way to whoever comes next. */
import { readFileSync } from "node:fs";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { blockOf, blockText } from "../../../atlas/addresses.ts";
import type { OnRefused } from "./refusal-log.ts";

export type ConnectionLimits = {
  /** The most open sockets, in all and of one peer address. An eighth of both is for sockets without a request. */
  connections: number;
  connectionsEach: number;
  /** A connection is closed whose client reads nothing of a response for so many milliseconds. */
  unreadMs: number;
};

export type Connections = {
  /** Counts a request until its response has ended. False if there are too many to serve one more. */
  begin(incoming: IncomingMessage, outgoing: ServerResponse): boolean;
  close(): void;
};

/** A peer address with its sockets, and with its requests that have no complete response. */
type Peer = { address: string; sockets: number; requests: number };

type Open = {
  socket: Socket;
  peer: Peer;
  requests: Set<IncomingMessage>;
  /** The bytes that the client had taken when it last took some, and when that was. */
  taken: number;
  takenAt: number;
};

/** The peer of a socket. Of IPv6 its /64, which is what one line gets. */
const addressOf = ({ remoteAddress = "" }: Socket): string => {
  const address = remoteAddress.replace(/^::ffff:(?=[\d.]+$)/i, "").replace(/%.*$/, "");
  const network = address.includes(":") ? blockOf(`${address}/64`) : undefined;
  return network === undefined ? address : blockText(network);
};

const mostConnections = 1024;

/** The most files and sockets of this process; undefined where the system does not tell. */
const descriptorLimit = (): number | undefined => {
  try {
    const [, most] =
      /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
    return most === undefined ? undefined : Number(most);
  } catch {
    return undefined;
  }
};

/** How many connections a process takes: half of its descriptors are for files and for requests to Atlas. */
export const affordableConnections = (limit = descriptorLimit()): number =>
  limit === undefined
    ? mostConnections
    : Math.min(mostConnections, Math.max(8, Math.floor(limit / 2)));

/** What is left of a limit beside the sockets that send no complete request. */
const servedOf = (limit: number): number => limit - Math.ceil(limit / 8);

/** Whether a socket is idle, or none of its requests has arrived completely. */
const isWaiting = ({ requests }: Open): boolean => [...requests].every(({ complete }) => !complete);

export const limitConnections = (
  server: Server,
  limits: ConnectionLimits,
  onRefused: OnRefused,
): Connections => {
  const { connections, unreadMs } = limits;
  const connectionsEach = Math.min(connections, limits.connectionsEach);
  // Those that have been waiting longest come first.
  const opened = new Map<Socket, Open>();
  const peers = new Map<string, Peer>();
  let requests = 0;

  const endRequests = (open: Open, count: number) => {
    open.peer.requests -= count;
    requests -= count;
  };

  const forget = (open: Open) => {
    if (!opened.delete(open.socket)) return;
    endRequests(open, open.requests.size);
    open.requests.clear();
    open.peer.sockets -= 1;
    if (open.peer.sockets === 0) peers.delete(open.peer.address);
  };

  /** Closes the socket that has waited longest, of the address that has the most. False if none waits. */
  const closeOneOf = (isCandidate: (open: Open) => boolean): boolean => {
    let chosen: Open | undefined;
    for (const open of opened.values())
      if (open.peer.sockets > (chosen?.peer.sockets ?? 0) && isWaiting(open) && isCandidate(open))
        chosen = open;
    if (chosen === undefined) return false;
    onRefused("too_many_connections", { address: chosen.peer.address });
    forget(chosen);
    chosen.socket.destroy();
    return true;
  };

  const makeRoom = (peer: Peer): boolean => {
    if (peer.sockets >= connectionsEach) return closeOneOf((open) => open.peer === peer);
    return opened.size < connections || closeOneOf(() => true);
  };

  server.on("connection", (socket: Socket) => {
    const address = addressOf(socket);
    const peer = peers.get(address) ?? { address, sockets: 0, requests: 0 };
    if (!makeRoom(peer)) {
      onRefused("too_many_connections", { address });
      socket.destroy();
      return;
    }
    peers.set(address, peer);
    peer.sockets += 1;
    const open = { socket, peer, requests: new Set<IncomingMessage>(), taken: 0, takenAt: 0 };
    opened.set(socket, open);
    socket.once("close", () => forget(open));
  });

  const closeIfUnread = (open: Open, now: number) => {
    const { socket } = open;
    const taken = socket.bytesWritten - socket.writableLength;
    if (socket.writableLength === 0 || taken !== open.taken) {
      open.taken = taken;
      open.takenAt = now;
    } else if (now - open.takenAt >= unreadMs) socket.destroy();
  };
  const sweep = setInterval(
    () => {
      for (const open of opened.values()) closeIfUnread(open, performance.now());
    },
    Math.min(1000, unreadMs / 2),
  );
  sweep.unref();

  /** At a limit, a request that has not arrived completely gives way. */
  const hasRoom = (own: Open): boolean => {
    const { peer } = own;
    const isUnfinished = (open: Open) => open !== own && open.requests.size > 0;
    if (peer.requests > servedOf(connectionsEach))
      return closeOneOf((open) => open.peer === peer && isUnfinished(open));
    return requests <= servedOf(connections) || closeOneOf(isUnfinished);
  };

  return {
    begin: (incoming, outgoing) => {
      const open = opened.get(incoming.socket);
      // It was closed meanwhile.
      if (open === undefined) return false;
      open.requests.add(incoming);
      endRequests(open, -1);
      outgoing.once("close", () => {
        if (!open.requests.delete(incoming)) return;
        endRequests(open, 1);
        if (open.requests.size > 0 || !opened.delete(open.socket)) return;
        opened.set(open.socket, open);
      });
      return hasRoom(open);
    },
    close: () => clearInterval(sweep),
  };
};
