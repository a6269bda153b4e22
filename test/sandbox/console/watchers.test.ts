import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { Duplex } from "node:stream";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createWatchers } from "../../../sandbox/src/console/watchers.ts";
import { createContext, type SandboxContext } from "../../../sandbox/src/context.ts";
import { toSettings } from "../../../sandbox/src/options.ts";
import { start } from "../harness.ts";
import { soon, watch } from "./stream.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A response on a connection that takes all that is written, or nothing as long as it is told so. */
const open = () => {
  let text = "";
  let taken: (() => void) | undefined;
  let reads = true;
  const connection = new Duplex({
    read: () => {},
    write: (chunk, _encoding, done) => {
      text += chunk;
      if (reads) done();
      else taken = done;
    },
  });
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  response.assignSocket(connection as Socket);
  // As Node's server does for its own sockets.
  connection.on("drain", () => response.emit("drain"));
  return {
    response,
    text: () => text,
    messages: () => text.match(/^data: /gm)?.length ?? 0,
    stop: () => {
      reads = false;
    },
    read: () => {
      reads = true;
      taken?.();
    },
  };
};

/** Node writes what a response has at the end of a turn. */
const written = () => new Promise((resolve) => setImmediate(resolve));

const openContext = (clock: () => number = () => 0): SandboxContext =>
  createContext(toSettings({ clock }), undefined, new AbortController().signal);

const addProject = ({ state }: SandboxContext, name: string): void => {
  const [orgId = ""] = state.organizations.map(({ id }) => id);
  const own = { id: state.ids.objectId(0), orgId, name, tags: undefined, createdAt: 0 };
  const rest = { withDefaultAlertsSettings: true, projectOwnerId: undefined };
  state.projects.push({ ...own, ...rest, staleReads: 0, refusedReads: 0 });
};

test("many changes at once come in one message, four times a second", async () => {
  const context = openContext();
  const page = open();
  createWatchers(context).add(page.response);
  await written();
  expect(page.messages()).toBe(1);
  for (let n = 0; n < 1000; n += 1) {
    addProject(context, `p${n}`);
    vi.advanceTimersByTime(1);
    if (n % 10 === 0) await written();
  }
  vi.advanceTimersByTime(1000);
  await written();
  expect(page.messages()).toBeGreaterThan(2);
  expect(page.messages()).toBeLessThanOrEqual(6);
  expect(page.text().match(/"name":"p\d+"/g)).toHaveLength(1000);
});

test("a page that does not read is told nothing more until it has, and then once what it missed", async () => {
  const context = openContext();
  const page = open();
  createWatchers(context).add(page.response);
  page.stop();
  const sizes = new Set<number>();
  for (let n = 0; n < 500; n += 1) {
    addProject(context, `${n} ${"x".repeat(1000)}`);
    vi.advanceTimersByTime(100);
    if (n > 100) sizes.add(page.response.writableLength);
  }
  expect(sizes.size).toBe(1);
  expect([...sizes][0]).toBeLessThan(100_000);
  page.read();
  await written();
  const before = page.messages();
  vi.advanceTimersByTime(1000);
  await written();
  expect(page.messages()).toBe(before + 1);
  for (const n of [0, 250, 499]) expect(page.text()).toContain(`"name":"${n} x`);
});

test("a page that has not read for a minute is given up, one that has nothing to read is not", async () => {
  const context = openContext();
  const [deaf, idle] = [open(), open()];
  const watchers = createWatchers(context);
  for (const { response } of [deaf, idle]) watchers.add(response);
  deaf.stop();
  addProject(context, "x".repeat(100_000));
  for (let n = 0; n < 55; n += 1) {
    vi.advanceTimersByTime(1000);
    await written();
  }
  expect(deaf.response.destroyed).toBe(false);
  vi.advanceTimersByTime(10_000);
  expect(deaf.response.destroyed).toBe(true);
  vi.advanceTimersByTime(120_000);
  expect(idle.response.destroyed).toBe(false);
});

/** Logs a request that is over. */
const logOne = ({ log }: SandboxContext, n: number, path: string): void => {
  log.changes += 1;
  const at = new Date(n).toISOString();
  log.entries.push({
    request: { at, operation: null, method: "GET", path, status: 404 },
    ...{ params: {}, ran: undefined, number: log.changes, tool: undefined, tookMs: 1 },
    change: log.changes,
  });
};

test("many long requests come in parts, and all of them arrive", async () => {
  const context = openContext();
  for (let n = 0; n < 10_500; n += 1)
    logOne(context, n, `/api/atlas/v2/groups/${n}/${"x".repeat(15_000)}`);
  const page = open();
  createWatchers(context).add(page.response);
  await written();
  expect(page.text().length).toBeLessThan(1_000_000);
  for (let n = 0; n < 10; n += 1) {
    vi.advanceTimersByTime(1000);
    // What changes meanwhile comes, too.
    if (n < 2) logOne(context, n, "/api/atlas/v2/groups");
    await written();
  }
  const numbers = [...page.text().matchAll(/"number":(\d+)/g)].map(([, number]) => Number(number));
  expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
  expect(numbers.at(-1)).toBe(10_502);
  expect(numbers.length).toBeGreaterThanOrEqual(10_000);
  expect(page.text().length).toBeLessThan(5_000_000);
});

test("a silent stream says from time to time that it is still there", async () => {
  const page = open();
  createWatchers(openContext()).add(page.response);
  vi.advanceTimersByTime(60_000);
  await written();
  expect(page.messages()).toBe(1);
  expect(page.text().match(/^:$/gm)).toHaveLength(3);
});

test("nothing runs while nobody watches", () => {
  const watchers = createWatchers(openContext());
  const pages = [open(), open()];
  for (const { response } of pages) watchers.add(response);
  expect(vi.getTimerCount()).toBe(1);
  for (const { response } of pages) response.destroy();
  return vi.waitFor(() => expect(vi.getTimerCount()).toBe(0));
});

test("a page that has left before it is added is not kept", () => {
  const page = open();
  page.response.destroy();
  expect(createWatchers(openContext()).add(page.response)).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test("a clock that fails ends the streams, not the program", () => {
  let now = 0;
  const page = open();
  createWatchers(openContext(() => now)).add(page.response);
  now = Number.NaN;
  vi.advanceTimersByTime(1000);
  expect(page.response.destroyed).toBe(true);
});

test("streams end with the sandbox", async () => {
  vi.useRealTimers();
  const { sandbox } = await start();
  const page = await watch(sandbox.url);
  let ended = false;
  page.response.once("close", () => {
    ended = true;
  });
  await sandbox.close();
  await soon(() => ended);
});
