/** A server in this process, and connections to it that are held open. They go with the running test. */
import { request } from "node:http";
import { connect as dial, type Socket } from "node:net";
import { Server } from "@modelcontextprotocol/server";
import { onTestFinished } from "vitest";
import { within } from "../../../support/until.ts";
import { hostOwn } from "./own-host.ts";

export type Host = Awaited<ReturnType<typeof hostOwn>>;
export type Limits = NonNullable<Parameters<typeof hostOwn>[1]>;
export type More = NonNullable<Parameters<typeof hostOwn>[2]>;

export const plain = () =>
  new Server({ name: "plain", version: "1" }, { capabilities: { tools: {} } });

export const refused: [code: string, fields: unknown][] = [];
export const start = async (limits: Limits, factory = plain, more: More = {}): Promise<Host> => {
  refused.length = 0;
  const onRefused = (code: string, fields: unknown) => void refused.push([code, fields]);
  const host = await hostOwn(factory, limits, { onRefused, ...more });
  onTestFinished(() => host.drain());
  return host;
};

export type Held = { socket: Socket; got: string; open: boolean };

/** Opens a connection from an address of this machine, and sends a text on it. */
export const hold = async (host: Host, text = "", localAddress = "127.0.0.1"): Promise<Held> => {
  const port = Number(new URL(host.url).port);
  const socket = dial({ port, host: "127.0.0.1", localAddress });
  const held: Held = { socket, got: "", open: true };
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => {});
  socket.on("data", (chunk: Buffer) => {
    held.got += chunk;
  });
  socket.once("close", () => {
    held.open = false;
  });
  await new Promise((resolve) => socket.once("connect", resolve));
  socket.write(text);
  return held;
};

export const holdMany = async (
  host: Host,
  count: number,
  text = "",
  addressOf = (_index: number) => "127.0.0.1",
) => {
  const all: Held[] = [];
  for (let index = 0; index < count; index += 1) all.push(await hold(host, text, addressOf(index)));
  return all;
};

export const openOf = (all: Held[]) => all.map(({ open }) => open);

/** Asks on a connection of its own. */
export const ask = (host: Host, path: string): Promise<{ status: number; retryAfter: unknown }> =>
  new Promise((resolve, reject) => {
    const sent = request(new URL(path, host.url), { agent: false }, (response) => {
      response.resume();
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          retryAfter: response.headers["retry-after"],
        }),
      );
    });
    sent.on("error", reject).end();
  });

export const probe = async (host: Host) =>
  (await within(1000, ask(host, "/healthz"), "the probe")).status;

export const get = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
export const head = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
