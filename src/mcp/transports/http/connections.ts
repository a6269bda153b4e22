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

/** A request until its response has ended. */
export type Slot = {
  /** Whether there are not too many requests to serve this one. */
  hasRoom: boolean;
  /** Counts it for its caller. False if that has too many under way. */
  take(caller: string): boolean;
  /** Notes that it only listens, so that it can be closed for others. */
  listen(caller: string): void;
};

export type Connections = {
  begin(incoming: IncomingMessage, outgoing: ServerResponse): Slot;
  close(): void;
};

/** A peer address with its sockets, and with its requests that have no complete response. */
type Peer = { address: string; sockets: number; requests: number };

type Open = {
  socket: Socket;
  peer: Peer;
  /** The requests without a complete response, each with the caller whose share it takes. */
  requests: Map<IncomingMessage, string | undefined>;
  /** The caller of a stream that only listens, which its client can open again. */
  listener: string | undefined;
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
const isWaiting = ({ requests }: Open): boolean =>
  [...requests.keys()].every(({ complete }) => !complete);

export const limitConnections = (
  server: Server,
  limits: ConnectionLimits,
  onRefused: OnRefused,
): Connections => {
  const { connections, unreadMs } = limits;
  const connectionsEach = Math.min(connections, limits.connectionsEach);
  const mostOfCaller = Math.ceil(servedOf(connectionsEach) / 5);
  // Those that have been waiting longest come first.
  const opened = new Map<Socket, Open>();
  const peers = new Map<string, Peer>();
  const callers = new Map<string, number>();
  let requests = 0;

  const count = (peer: Peer, change: 1 | -1) => {
    peer.requests += change;
    requests += change;
  };

  const countCaller = (caller: string | undefined, change: 1 | -1) => {
    if (caller === undefined) return;
    const after = (callers.get(caller) ?? 0) + change;
    if (after === 0) callers.delete(caller);
    else callers.set(caller, after);
  };

  const endRequest = (open: Open, incoming: IncomingMessage) => {
    if (!open.requests.has(incoming)) return;
    countCaller(open.requests.get(incoming), -1);
    open.requests.delete(incoming);
    count(open.peer, -1);
  };

  const forget = (open: Open) => {
    if (!opened.delete(open.socket)) return;
    for (const incoming of open.requests.keys()) endRequest(open, incoming);
    open.peer.sockets -= 1;
    if (open.peer.sockets === 0) peers.delete(open.peer.address);
  };

  const cut = (open: Open) => {
    onRefused("too_many_connections", { address: open.peer.address });
    forget(open);
    open.socket.destroy();
  };

  /** Closes the socket that has waited longest, of the address that has the most. False if none waits. */
  const closeOneOf = (isCandidate: (open: Open) => boolean): boolean => {
    let chosen: Open | undefined;
    for (const open of opened.values())
      if (open.peer.sockets > (chosen?.peer.sockets ?? 0) && isWaiting(open) && isCandidate(open))
        chosen = open;
    if (chosen !== undefined) cut(chosen);
    return chosen !== undefined;
  };

  /** Closes the oldest stream that only listens, of the caller with most of them. False if there is none. */
  const closeListener = (isCandidate: (open: Open) => boolean): boolean => {
    const streams = new Map<string, Open[]>();
    for (const open of opened.values()) {
      if (open.listener === undefined || !isCandidate(open)) continue;
      streams.set(open.listener, [...(streams.get(open.listener) ?? []), open]);
    }
    const [most] = [...streams.values()].sort((one, other) => other.length - one.length);
    if (most?.[0] !== undefined) cut(most[0]);
    return most !== undefined;
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
    const nothing = { requests: new Map(), listener: undefined, taken: 0, takenAt: 0 };
    const open: Open = { socket, peer, ...nothing };
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

  /** At a limit, a request that has not arrived completely gives way, or else a stream that only listens. */
  const hasRoom = (own: Open): boolean => {
    const { peer } = own;
    const isAtOwnLimit = peer.requests > servedOf(connectionsEach);
    if (!isAtOwnLimit && requests <= servedOf(connections)) return true;
    const isOther = (open: Open) => open !== own && (!isAtOwnLimit || open.peer === peer);
    return closeOneOf((open) => isOther(open) && open.requests.size > 0) || closeListener(isOther);
  };

  return {
    begin: (incoming, outgoing) => {
      const open = opened.get(incoming.socket);
      // It was closed meanwhile.
      if (open === undefined) return { hasRoom: false, take: () => false, listen: () => {} };
      open.requests.set(incoming, undefined);
      count(open.peer, 1);
      outgoing.once("close", () => {
        endRequest(open, incoming);
        open.listener = undefined;
        if (open.requests.size > 0 || !opened.delete(open.socket)) return;
        opened.set(open.socket, open);
      });
      return {
        hasRoom: hasRoom(open),
        take: (caller) => {
          if ((callers.get(caller) ?? 0) >= mostOfCaller) return false;
          open.requests.set(incoming, caller);
          countCaller(caller, 1);
          return true;
        },
        listen: (caller) => {
          open.listener = caller;
        },
      };
    },
    close: () => clearInterval(sweep),
  };
};
