/** W3C Trace Context of the call under way: it goes with every request to Atlas and into every line of the log. */
import { AsyncLocalStorage } from "node:async_hooks";

export type Trace = { traceparent: string; tracestate?: string };

const calls = new AsyncLocalStorage<Trace>();

// Version 00 to fe, a trace and a span that are not zero (W3C Trace Context, 3.2).
const traceparent = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const tracestate = /^[\x20-\x7e]{1,512}$/;

/** The trace that these members name, or undefined where there is none that is well-formed. */
export const traceOf = (read: (name: string) => unknown): Trace | undefined => {
  const [parent, state] = [read("traceparent"), read("tracestate")];
  if (typeof parent !== "string" || !traceparent.test(parent)) return undefined;
  return {
    traceparent: parent,
    ...(typeof state === "string" && tracestate.test(state) ? { tracestate: state } : {}),
  };
};

/** Does the work within a trace, with all that it starts. */
export const within = <T>(trace: Trace | undefined, work: () => T): T =>
  trace === undefined ? work() : calls.run(trace, work);

/** The headers that carry the trace onward; passed on unchanged, since no span is made here. */
export const traceHeaders = (): Record<string, string> => ({ ...calls.getStore() });

/** What a line of the log says of the trace. */
export const traceFields = (): Record<string, string> => {
  const trace = calls.getStore();
  return trace === undefined ? {} : { traceId: trace.traceparent.slice(3, 35) };
};
