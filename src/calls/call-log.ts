/** The line that the log gets about each call. */
import { isRecord } from "../common/json.ts";
import type { Log } from "../common/log.ts";
import type { Caller } from "../policy/caller.ts";
import type { Tool } from "../tools/define.ts";
import type { Call, CallEnd } from "./run.ts";

/** How a call ended. */
const endOf = (end: CallEnd): { status: string; code?: unknown; outcome?: unknown } => {
  if ("question" in end) return { status: "asking" };
  const { status, outcome, error } = end.result;
  return isRecord(error)
    ? { status, code: error.code, outcome: error.outcome }
    : { status, outcome };
};

/** Writes the line about a call that took `ms`. */
export const logCall = (
  log: Log,
  {
    tool,
    caller,
    call,
    end,
    ms,
  }: { tool: Tool; caller: Caller; call: Call; end: CallEnd; ms: number },
): void => {
  const cancelled = call.signal.aborted;
  const ended = endOf(end);
  // Nobody receives the result of a cancelled call, so only the log shows what it did.
  const isUnseen = cancelled && tool.access !== "read";
  const level = isUnseen || ended.code === "policy_denied" ? "warn" : "info";
  log[level]?.({ tool: tool.name, principal: caller.id, ...ended, ms, cancelled }, "call");
};
