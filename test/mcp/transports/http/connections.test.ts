import { request } from "node:http";
import { connect as dial, type Socket } from "node:net";
import { Server } from "@modelcontextprotocol/server";
import { afterEach, describe, expect, it } from "vitest";
import { affordableConnections } from "../../../../src/mcp/transports/http/connections.ts";
import { modern, openSession, post } from "../../../support/http.ts";
import { bearer } from "../../../support/token-file.ts";
import { until, within } from "../../../support/until.ts";
import { byName, hostOwn } from "./own-host.ts";

type Host = Awaited<ReturnType<typeof hostOwn>>;
type Limits = NonNullable<Parameters<typeof hostOwn>[1]>;
type More = NonNullable<Parameters<typeof hostOwn>[2]>;

const hosts: Host[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(hosts.splice(0).map((host) => host.drain()));
});

const plain = () => new Server({ name: "plain", version: "1" }, { capabilities: { tools: {} } });

const refused: [code: string, fields: unknown][] = [];
const start = async (limits: Limits, factory = plain, more: More = {}): Promise<Host> => {
  refused.length = 0;
  const onRefused = (code: string, fields: unknown) => void refused.push([code, fields]);
  const host = await hostOwn(factory, limits, { onRefused, ...more });
  hosts.push(host);
  return host;
};

type Held = { socket: Socket; got: string; open: boolean };

/** Opens a connection from an address of this machine, and sends a text on it. */
const hold = async (host: Host, text = "", localAddress = "127.0.0.1"): Promise<Held> => {
  const port = Number(new URL(host.url).port);
  const socket = dial({ port, host: "127.0.0.1", localAddress });
  const held: Held = { socket, got: "", open: true };
  sockets.push(socket);
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

const holdMany = async (
  host: Host,
  count: number,
  text = "",
  addressOf = (_index: number) => "127.0.0.1",
) => {
  const all: Held[] = [];
  for (let index = 0; index < count; index += 1) all.push(await hold(host, text, addressOf(index)));
  return all;
};

const openOf = (all: Held[]) => all.map(({ open }) => open);

/** Asks on a connection of its own. */
const ask = (host: Host, path: string): Promise<{ status: number; retryAfter: unknown }> =>
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

const probe = async (host: Host) => (await within(1000, ask(host, "/healthz"), "the probe")).status;

const get = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
const head = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

const waiting: [what: string, text: string][] = [
  ["that say nothing", ""],
  ["that stop within their headers", "POST /mcp HTTP/1.1\r\nHost: loc"],
  ["that stop within their body", `${head}Content-Length: 100\r\n\r\n{`],
  ["that have asked once and stay", get],
];

describe("connections from one address", () => {
  it.each(waiting)("%s never keep a probe out, however many they are", async (_what, text) => {
    const host = await start({ connections: 20 });
    await holdMany(host, 60, text);
    for (let round = 0; round < 5; round += 1) expect(await probe(host)).toBe(200);
    expect(refused).toContainEqual(["too_many_connections", { address: "127.0.0.1" }]);
  });

  it("are half of all, and the one that has waited longest goes", async () => {
    const host = await start({ connections: 8 });
    const all = await holdMany(host, 5);
    await until(() => all[0]?.open === false, "the end of the first");
    expect(openOf(all)).toEqual([false, true, true, true, true]);
  });

  it("can be as many as the operator says", async () => {
    const host = await start({ connections: 8, connectionsEach: 7 });
    const all = await holdMany(host, 7);
    expect(await probe(host)).toBe(200);
    expect(openOf(all)).toEqual([false, true, true, true, true, true, true]);
  });

  it("keep their order by the end of their last request", async () => {
    const host = await start({ connections: 8 });
    const all = await holdMany(host, 4);
    all[0]?.socket.write(get);
    await until(() => all[0]?.got.includes('"ok"'), "an answer");
    all.push(await hold(host));
    await until(() => all[1]?.open === false, "the end of the second");
    expect(openOf(all)).toEqual([true, false, true, true, true]);
  });
});

describe.runIf(process.platform === "linux")("connections from many addresses", () => {
  const each = (index: number) => `127.0.0.${index + 2}`;

  it.each(waiting)("%s never keep a probe out, however many they are", async (_what, text) => {
    const host = await start({ connections: 20 });
    await holdMany(host, 60, text, each);
    for (let round = 0; round < 5; round += 1) expect(await probe(host)).toBe(200);
  });

  it("are closed first where one address has most", async () => {
    const host = await start({ connections: 8, connectionsEach: 8 });
    const quiet = await hold(host, "", "127.0.0.9");
    const greedy = await holdMany(host, 7);
    await hold(host, "", "127.0.0.10");
    await until(() => greedy[0]?.open === false, "the end of the first");
    expect([quiet.open, ...openOf(greedy).slice(1)]).toEqual(greedy.map(() => true));
  });

  it("have their own shares: what one may not have, another one gets", async () => {
    const host = await start({ connections: 8 });
    const all = await holdMany(host, 8, "", (index) => (index < 4 ? "127.0.0.2" : "127.0.0.3"));
    await hold(host, "", "127.0.0.2");
    await until(() => all[0]?.open === false, "the end of the first");
    expect(openOf(all).filter((open) => open)).toHaveLength(7);
  });
});

/** Opens a session and its stream, which stays open. */
const listen = async (host: Host): Promise<Held> => {
  const session = await openSession(host.url);
  const lines = ["Host: localhost", "Accept: text/event-stream", `Mcp-Session-Id: ${session}`];
  const held = await hold(host, `GET /mcp HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
  await until(() => held.got.includes(" 200 "), "the stream");
  return held;
};

/** A server with a tool that ends when the test says so. */
const startSlow = async (limits: Limits, more: More = {}) => {
  const ends: (() => void)[] = [];
  const factory = () => {
    const server = plain();
    server.setRequestHandler(
      "tools/list",
      () =>
        new Promise<{ tools: [] }>((resolve) => {
          ends.push(() => resolve({ tools: [] }));
        }),
    );
    return server;
  };
  return { ends, host: await start(limits, factory, more) };
};

describe("requests that are under way", () => {
  const list = modern("tools/list");
  const statusOf = async (host: Host, headers = {}) => {
    const response = await post(host.url, list, headers);
    await response.text();
    return response.status;
  };

  it("are not closed for others, and leave room for probes", async () => {
    const { host, ends } = await startSlow({ connections: 16, connectionsEach: 16 });
    const running = Array.from({ length: 14 }, () => statusOf(host));
    await until(() => ends.length === 14, "all of them");
    expect(await ask(host, "/mcp")).toEqual({ status: 503, retryAfter: "1" });
    expect(refused).toContainEqual(["too_many_requests", undefined]);
    await holdMany(host, 20);
    expect(await probe(host)).toBe(200);
    for (const end of ends) end();
    expect(await Promise.all(running)).toEqual(running.map(() => 200));
    expect((await ask(host, "/mcp")).status).not.toBe(503);
  });

  it("go before those that have not arrived completely", async () => {
    const host = await start({ connections: 16, connectionsEach: 16 });
    const slow = await holdMany(host, 14, `${head}Content-Length: 100\r\n\r\n{`);
    const stream = await listen(host);
    expect(slow[0]?.open).toBe(false);
    expect([slow[13]?.open, stream.open]).toEqual([true, true]);
  });

  it("go before streams that only listen, of which the oldest is closed", async () => {
    const host = await start({ connections: 16, connectionsEach: 16 });
    const streams: Held[] = [];
    for (let count = 0; count < 14; count += 1) streams.push(await listen(host));
    expect((await ask(host, "/mcp")).status).toBe(405);
    await until(() => streams[0]?.open === false, "the end of the first");
    expect(openOf(streams).filter((open) => open)).toHaveLength(13);
  });

  it("are for one caller at most a fifth of what one address has", async () => {
    const { host, ends } = await startSlow({ connections: 32 }, { authentication: byName });
    const all = ["a", "a", "a", "b"].map((name) => statusOf(host, bearer(name)));
    await until(() => ends.length === 4, "all of them");
    expect(await statusOf(host, bearer("a"))).toBe(503);
    expect(refused).toContainEqual(["too_many_requests", { principal: "a" }]);
    ends[0]?.();
    await until(async () => {
      const another = statusOf(host, bearer("a"));
      return Promise.race([another, until(() => ends.length === 5, "the next")]).then(
        (status) => status !== 503,
      );
    }, "room for one more");
    for (const end of ends) end();
    expect(await Promise.all(all)).toEqual([200, 200, 200, 200]);
  });
});

describe("a client that reads none of its responses", () => {
  it("is cut off", async () => {
    const long = "x".repeat(2 ** 22);
    const factory = () => {
      const server = plain();
      server.setRequestHandler("tools/list", () => ({
        tools: [{ name: "long", description: long, inputSchema: { type: "object" } }],
      }));
      return server;
    };
    const host = await start({ unreadMs: 200 }, factory);
    const { headers, body } = modern("tools/list");
    const text = JSON.stringify(body);
    const fields = { host: "localhost", "content-length": `${text.length}`, ...headers };
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
    const held = await hold(host);
    held.socket.pause();
    held.socket.write(`POST /mcp HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${text}`.repeat(4));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    held.socket.resume();
    await until(() => !held.open, "the end of the connection");
    expect(held.got).toContain(" 200 ");
    expect(held.got.length).toBeLessThan(4 * long.length);
  });
});

describe("the connections that a process takes", () => {
  it.each([
    [undefined, 1024],
    [1_048_576, 1024],
    [1024, 512],
    [256, 128],
    [10, 8],
  ])("with a limit of %s files are %s", (limit, most) => {
    expect(affordableConnections(limit ?? Number.POSITIVE_INFINITY)).toBe(most);
  });
});
