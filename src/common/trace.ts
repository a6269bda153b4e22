/** The W3C Trace Context of the running call. Requests to Atlas and log lines carry it. */
import { AsyncLocalStorage } from "node:async_hooks";

export type Trace = { traceparent: string; tracestate?: string };

const calls = new AsyncLocalStorage<Trace>();

// Version 00 to fe, with a trace id and a parent id that are not zero (W3C Trace Context, 3.2).
const traceparent = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const tracestate = /^[\x20-\x7e]{1,512}$/;

/** Reads a trace from `_meta` or HTTP headers. Undefined if there is none or it is malformed. */
export const traceOf = (read: (name: string) => unknown): Trace | undefined => {
  const [parent, state] = [read("traceparent"), read("tracestate")];
  if (typeof parent !== "string" || !traceparent.test(parent)) return undefined;
  return {
    traceparent: parent,
    ...(typeof state === "string" && tracestate.test(state) ? { tracestate: state } : {}),
  };
};

/** Runs `work`, and whatever it starts, within a trace. */
export const within = <T>(trace: Trace | undefined, work: () => T): T =>
  trace === undefined ? work() : calls.run(trace, work);

/** The headers that pass the trace on. They are unchanged, because this server creates no spans. */
export const traceHeaders = (): Record<string, string> => ({ ...calls.getStore() });

/** The fields of a log line that name the trace. */
export const traceFields = (): Record<string, string> => {
  const trace = calls.getStore();
  return trace === undefined ? {} : { traceId: trace.traceparent.slice(3, 35) };
};
