import { setTimeout } from "node:timers/promises";
import type { EndpointSet } from "../api/endpoint-sets.ts";
import type { Change } from "../api/operation.ts";
import type { Twin } from "../context.ts";
import type { Effect } from "../faults/parse.ts";
import { faultAnswer } from "../faults/response.ts";
import { type Target, takeFault } from "../faults/script.ts";
import { resetConnection, sendAnswer, sendHalf } from "./connections.ts";
import type { Exchange } from "./request.ts";
import type { LoggedRequest } from "./request-log.ts";
import { type Answer, breakdownAnswer } from "./response.ts";

/** What answers a request when nothing goes wrong, and what a fault needs to know of it. */
export type Endpoint = {
  target: Target;
  mutates: boolean;
  limit: EndpointSet;
  /** How a 429 names the endpoint. */
  limitedPath: string;
  act(changes: readonly Change[]): Answer;
};

/** Writes an answer in full and completes the log. */
export const send = (exchange: Exchange, entry: LoggedRequest, answer: Answer): void => {
  entry.status = answer.status;
  sendAnswer(exchange.outgoing, answer);
};

const spoil = (
  twin: Twin,
  exchange: Exchange,
  entry: LoggedRequest,
  { limit, limitedPath }: Endpoint,
  answer: Answer,
  effect: Effect | undefined,
): void => {
  switch (effect?.kind) {
    case "hang":
      break;
    case "reset":
      resetConnection(exchange.outgoing, twin.connections);
      break;
    case "truncate":
      entry.status = answer.status;
      sendHalf(exchange.outgoing, answer);
      break;
    default:
      send(exchange, entry, faultAnswer(effect, exchange, limitedPath, limit) ?? answer);
  }
};

const ignore = (): void => {};

/** Answers a request, or lets the fault that waits for it do so. */
export const deliver = async (
  twin: Twin,
  exchange: Exchange,
  entry: LoggedRequest,
  endpoint: Endpoint,
): Promise<void> => {
  const fault = takeFault(twin.script, endpoint.target);
  const { changes = [], strike } = fault ?? {};
  if (fault !== undefined) entry.fault = fault.name;
  if (strike?.effect.kind === "delay") {
    // Before the operation, not after: a caller who gives up early may still find it done later.
    const { log, closing, connections } = twin;
    await setTimeout(strike.effect.milliseconds, undefined, { signal: closing }).catch(ignore);
    // What was asked before a reset must not happen in the world after it.
    if (closing.aborted || twin.log !== log) {
      resetConnection(exchange.outgoing, connections);
      return;
    }
  }
  // A cut answer to a mutation that must not happen has to be something: a cut error.
  const cutsRead = strike?.effect.kind === "truncate" && !endpoint.mutates;
  const acts = strike === undefined || strike.acts || cutsRead;
  const answer = acts ? endpoint.act(changes) : breakdownAnswer();
  spoil(twin, exchange, entry, endpoint, answer, strike?.effect);
};
