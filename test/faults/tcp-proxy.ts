/** A TCP proxy that spoils what passes through it, scripted by request: what a server cannot do to its own connections. */
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { type Clock, systemClock } from "../../src/common/deadline.ts";

/** `delivered` tells what the server has had of the request when the fault strikes. */
export type WireFault =
  | "pass"
  | "reset_before_forward"
  | "reset_before_answer"
  | "reset_after_first_byte"
  /** Bytes of the answer that pass; a negative number is how many are missing at its end. */
  | `truncate:${number}`
  | "black_hole_delivered"
  | "black_hole_undelivered"
  /** Milliseconds on the clock by which the answer, or the request, is late. */
  | `latency:${number}`
  | `held:${number}`
  | "garbage"
  /** A page of somebody else's, with status 200. */
  | "portal"
  | "drip"
  /** The answer passes, and afterwards nobody listens until `listen` is called. */
  | "then_gone";

type Rule = {
  method: string;
  path: RegExp;
  fault: WireFault;
  /** The n-th request that matches (1 is the next one), or all. */
  on: number | "always";
};

type Passed = {
  method: string;
  path: string;
  headers: Record<string, string>;
  /** Parsed where it is JSON. */
  body: unknown;
  fault: WireFault;
};

export type TcpProxy = {
  url: string;
  script(rule: Rule): void;
  /** Every request that came from the client, whether or not it was passed on. */
  passed: Passed[];
  /** How often each fault has struck. */
  fired: Record<string, number>;
  listen(): Promise<void>;
  close(): Promise<void>;
};

type Answer = { bytes: Buffer; ending: "whole" | "closed" | "reset" };

/** Length of the first HTTP message in the bytes; undefined while it is not all there. */
const lengthOf = (bytes: Buffer): number | undefined => {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const said = /^content-length: *(\d+)/im.exec(bytes.subarray(0, end).toString("latin1"))?.[1];
  const length = end + 4 + Number(said ?? 0);
  return bytes.length < length ? undefined : length;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const readRequest = (bytes: Buffer): Omit<Passed, "fault"> => {
  const end = bytes.indexOf("\r\n\r\n");
  const [first = "", ...lines] = bytes.subarray(0, end).toString("latin1").split("\r\n");
  const [method = "", path = ""] = first.split(" ");
  const headers = lines.map((line): [string, string] => {
    const [name = "", ...value] = line.split(":");
    return [name.toLowerCase(), value.join(":").trim()];
  });
  const body = parsed(bytes.subarray(end + 4).toString("utf8"));
  return { method, path, headers: Object.fromEntries(headers), body };
};

const portal =
  "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 26\r\n\r\n<html>Please log in</html>";
const garbage = Buffer.from([0x16, 3, 1, 2, 0, 0xff, 0xfe, 0, 0x80, 0x0d, 0x0a, 0x7f]);

const writeSlowly = async (client: Socket, bytes: Buffer): Promise<void> => {
  client.setNoDelay(true);
  for (let at = 0; at < bytes.length && !client.destroyed; at += 1) {
    client.write(bytes.subarray(at, at + 1));
    // A turn of the loop for each would take as long as a time-out where the process is busy.
    if (at % 8 === 0) await new Promise(setImmediate);
  }
};

/** Writes an answer as the fault leaves it. */
const spoil = async (client: Socket, { bytes, ending }: Answer, fault: WireFault) => {
  const [kind, number] = fault.split(":");
  switch (kind) {
    case "black_hole_delivered":
      return;
    case "reset_before_answer":
      client.resetAndDestroy();
      return;
    case "reset_after_first_byte":
      client.write(bytes.subarray(0, 1), () => client.resetAndDestroy());
      return;
    case "truncate":
      client.end(bytes.subarray(0, Number(number)));
      return;
    case "garbage":
      client.end(garbage);
      return;
    case "drip":
      await writeSlowly(client, bytes);
      return;
  }
  if (ending === "whole") client.write(bytes);
  else client.write(bytes, () => (ending === "reset" ? client.resetAndDestroy() : client.end()));
};

/** Sends one request to the server on a connection of its own and collects what comes back. */
const ask = (port: number, request: Buffer, client: Socket): Promise<Answer> =>
  new Promise((resolve) => {
    const upstream = connect(port, "127.0.0.1");
    let bytes: Buffer = Buffer.alloc(0);
    const giveUp = () => upstream.destroy();
    const settle = (ending: Answer["ending"]) => {
      client.off("close", giveUp);
      resolve({ bytes, ending });
      upstream.destroy();
    };
    upstream.on("data", (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (lengthOf(bytes) !== undefined) settle("whole");
    });
    upstream.on("error", () => settle("reset"));
    upstream.on("close", () => settle("closed"));
    client.once("close", giveUp);
    upstream.write(request);
  });

/** Starts a proxy in front of a server on this machine. */
export const startTcpProxy = async (
  target: string,
  clock: Clock = systemClock,
): Promise<TcpProxy> => {
  const upstreamPort = Number(new URL(target).port);
  const rules: (Rule & { met: number })[] = [];
  const passed: Passed[] = [];
  const fired: Record<string, number> = {};
  const sockets = new Set<Socket>();
  let port = 0;

  const faultFor = (request: Omit<Passed, "fault">): WireFault => {
    const { method, path } = request;
    let struck: WireFault | undefined;
    for (const rule of rules) {
      if (rule.method !== method || !rule.path.test(path)) continue;
      rule.met += 1;
      if (rule.on === "always" || rule.on === rule.met) struck ??= rule.fault;
    }
    if (struck !== undefined) fired[struck] = (fired[struck] ?? 0) + 1;
    passed.push({ ...request, fault: struck ?? "pass" });
    return struck ?? "pass";
  };

  const serve = async (client: Socket, request: Buffer): Promise<void> => {
    const fault = faultFor(readRequest(request));
    if (fault === "reset_before_forward") client.resetAndDestroy();
    if (fault === "portal") client.end(portal);
    if (["reset_before_forward", "portal", "black_hole_undelivered"].includes(fault)) return;
    const [kind, late] = fault.split(":");
    // Held on its way: whoever has given up waiting for it does not take it back.
    if (kind === "held") await clock.sleep(Number(late));
    const answer = await ask(upstreamPort, request, client);
    if (kind === "latency") await clock.sleep(Number(late));
    if (client.destroyed) return;
    if (fault !== "then_gone") return spoil(client, answer, fault);
    server.close();
    // Idle connections would still be taken for the next request; the client learns first that they are gone.
    for (const socket of sockets) if (socket !== client) socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const head = /^connection: keep-alive/im;
    client.end(answer.bytes.toString("latin1").replace(head, "Connection: close"), "latin1");
  };

  const server = createServer((client) => {
    sockets.add(client);
    client.on("close", () => sockets.delete(client));
    // Whoever resets a connection is reset: that is what a proxy for faults is for.
    client.on("error", () => {});
    let waiting: Buffer = Buffer.alloc(0);
    client.on("data", (chunk) => {
      waiting = Buffer.concat([waiting, chunk]);
      for (let length = lengthOf(waiting); length !== undefined; length = lengthOf(waiting)) {
        void serve(client, waiting.subarray(0, length));
        waiting = waiting.subarray(length);
      }
    });
  });
  const listen = () =>
    new Promise<void>((resolve) => {
      if (server.listening) resolve();
      else server.listen(port, "127.0.0.1", resolve);
    });

  await listen();
  port = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${port}`,
    script: (rule) => rules.push({ ...rule, met: 0 }),
    passed,
    fired,
    listen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
};
