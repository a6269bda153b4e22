/** Keeps the pages of those who watch a sandbox up to date, by Server-Sent Events. */
import type { ServerResponse } from "node:http";
import type { SandboxContext } from "../context.ts";
import { faultsOf } from "../controls.ts";
import { knownFaults } from "../faults/parse.ts";
import type { RequestLog } from "../http/request-log.ts";
import { faultOperations } from "../read-faults.ts";
import { printMasked } from "./masked.ts";
import { requestsSince } from "./requests.ts";
import { rowsOf } from "./rows.ts";

/** Milliseconds between two looks at the state, which changes with the clock, too. */
const pauseMs = 250;

/** A look takes at most this part of the time, however much there is. */
const mostLoad = 0.1;

/** Milliseconds after which a silent stream says that it is still there. */
const keepAliveMs = 15_000;

/** Milliseconds after which a page that does not read is given up, with what waits for it. */
const mostUnreadMs = 60_000;

const mostWatchers = 20;

/** What there is at one moment, as JSON. */
type View = { rows: ReadonlyMap<string, string>; faults: string; clock: string };

/** A page, and what it was told last. Nothing more is written while it has not read that, so no page uses up memory. */
type Watcher = {
  outgoing: ServerResponse;
  isReading: boolean;
  toldAt: number;
  view: View;
  log: RequestLog | undefined;
  change: number;
};

export type Watchers = {
  /** Makes a response a stream. False if there are too many, and then nothing was written. */
  add(outgoing: ServerResponse): boolean;
};

const nothing: View = { rows: new Map(), faults: "", clock: "" };

const viewOf = (sandbox: SandboxContext): View => {
  const { state, clock, script } = sandbox;
  const { clockAheadMs, provisionMs } = state;
  return {
    rows: rowsOf(state, clock()),
    faults: printMasked({ waiting: faultsOf(sandbox), struck: script.fired }),
    clock: JSON.stringify({ clockAheadMs, provisionMs }),
  };
};

/** What has changed since a page was told last, as the JSON of an object, and up to which change of the log. */
const changesFor = (
  { view: before, log, change }: Watcher,
  view: View,
  sandbox: SandboxContext,
): { text: string | undefined; upTo: number } => {
  const isNew = log === undefined;
  const isOther = log !== sandbox.log;
  const rows = [...view.rows].filter(([key, row]) => before.rows.get(key) !== row);
  const gone = [...before.rows.keys()].filter((key) => !view.rows.has(key));
  const { requests, upTo } = requestsSince(sandbox.log, isOther ? 0 : change);
  const members = [
    ...(isNew ? ['"whole":true', `"operations":${JSON.stringify(faultOperations)}`] : []),
    ...(isNew ? [`"knownFaults":${JSON.stringify(knownFaults)}`] : []),
    ...(isOther ? ['"forgets":true'] : []),
    ...(rows.length > 0 ? [`"rows":[${rows.map(([, row]) => row).join()}]`] : []),
    ...(gone.length > 0 ? [`"gone":${JSON.stringify(gone)}`] : []),
    ...(requests.length > 0 ? [`"requests":[${requests.join()}]`] : []),
    ...(view.faults === before.faults ? [] : [`"faults":${view.faults}`]),
    ...(view.clock === before.clock ? [] : [`"clock":${view.clock}`]),
  ];
  const text = members.length === 0 ? undefined : `{"now":${sandbox.clock()},${members.join()}}`;
  return { text, upTo };
};

/** Creates the list of those who watch a sandbox. While nobody does, nothing runs. */
export const createWatchers = (sandbox: SandboxContext): Watchers => {
  const watchers = new Set<Watcher>();
  let timer: NodeJS.Timeout | undefined;

  const write = (watcher: Watcher, text: string): void => {
    watcher.toldAt = performance.now();
    watcher.isReading = watcher.outgoing.write(text);
  };

  const tell = (watcher: Watcher, view: View): void => {
    const silentMs = performance.now() - watcher.toldAt;
    if (!watcher.isReading) {
      if (silentMs > mostUnreadMs) watcher.outgoing.destroy();
      return;
    }
    const { text, upTo } = changesFor(watcher, view, sandbox);
    watcher.view = view;
    watcher.log = sandbox.log;
    watcher.change = upTo;
    if (text !== undefined) write(watcher, `data: ${text}\n\n`);
    else if (silentMs > keepAliveMs) write(watcher, ":\n\n");
  };

  /** The next look. Its timer does not keep the program running. */
  const schedule = (tookMs: number): void => {
    timer = setTimeout(look, Math.max(pauseMs, tookMs / mostLoad)).unref();
  };

  const look = (): void => {
    const startedAt = performance.now();
    try {
      const view = viewOf(sandbox);
      for (const watcher of watchers) tell(watcher, view);
    } catch {
      // The clock of the program that started the sandbox has failed, as its requests say. Pages ask again.
      for (const { outgoing } of watchers) outgoing.destroy();
    }
    schedule(performance.now() - startedAt);
  };

  const remove = (watcher: Watcher): void => {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    clearTimeout(timer);
    timer = undefined;
  };

  return {
    add: (outgoing) => {
      if (watchers.size === mostWatchers) return false;
      if (outgoing.destroyed) return true;
      const view = viewOf(sandbox);
      const watcher: Watcher = {
        ...{ outgoing, isReading: true, toldAt: performance.now() },
        ...{ view: nothing, log: undefined, change: 0 },
      };
      watchers.add(watcher);
      outgoing.on("drain", () => {
        watcher.isReading = true;
      });
      outgoing.once("close", () => remove(watcher));
      outgoing.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8" });
      outgoing.write("retry: 1000\n\n");
      tell(watcher, view);
      if (timer === undefined) schedule(0);
      return true;
    },
  };
};
