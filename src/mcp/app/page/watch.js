// Looks at a cluster again and again, until it is ready, or a look fails for good, or there is no more patience.
import { callTool } from "./host.js";

const lookMs = 60_000;

// Between looks, the last one from then on; after a look that failed, twice as long each time; how long there are looks at
// all (milliseconds); how many may fail in a row.
const pauses = [3000, 3000, 4000, 5000, 7000, 10_000];
const failurePauseMs = 5000;
const patienceMs = 20 * 60_000;
const mostFailures = 5;

const isSeen = ({ status, cluster, ready }) =>
  status === "ok" && cluster !== undefined && ready !== undefined;

/** Whether the next look may pass. An answer that cannot be read says nothing about the cluster. */
const mayPass = ({ status, error }) =>
  status !== "error" || ["same_arguments", "after_delay"].includes(error.retry);

const reasonIn = ({ error, message }) => (error?.message ?? message) || "no readable answer.";

const waitAfter = ({ error }, failures) =>
  error?.retryAfterSeconds > 0
    ? Math.min(error.retryAfterSeconds * 1000, patienceMs)
    : failurePauseMs * 2 ** failures;

/**
 * Watches with the call `look`, first after `firstMs`. `later` sets the one timer, `isWanted` says whether anybody still waits.
 * `onMaking` gets a result that is not ready and the minutes so far, `onReady` one that is, `onGone` the message that there
 * is no such cluster, `onTrouble` a sentence about a look that failed and is repeated, and `onEnd` one about why there are no
 * more.
 */
export const watch = (look, firstMs = pauses[0], { later, isWanted, ...on }) => {
  const since = performance.now();
  const next = (looks, failures, waitMs) => {
    const pause = waitMs ?? pauses[Math.min(looks, pauses.length - 1)];
    later(pause, () => lookOnce(looks, failures));
  };
  const lookOnce = async (looks, failures) => {
    // Nobody sees it: no need to ask Atlas.
    if (document.hidden) return next(looks, failures, 1000);
    const watched = performance.now() - since;
    if (watched > patienceMs)
      return on.onEnd("It is not ready after 20 minutes. Ask the assistant, or look again.");
    const result = await callTool(look, lookMs);
    if (!isWanted()) return undefined;
    if (isSeen(result)) {
      if (result.ready) return on.onReady(result);
      on.onMaking(result, Math.floor(watched / 60_000));
      return next(looks + 1, 0);
    }
    if (result.error?.code === "not_found") return on.onGone(result.error.message);
    const reason = reasonIn(result);
    if (!mayPass(result) || failures + 1 >= mostFailures)
      return on.onEnd(`The look failed: ${reason}`);
    on.onTrouble(`The look failed and is repeated: ${reason}`);
    return next(looks + 1, failures + 1, waitAfter(result, failures));
  };
  next(0, 0, firstMs);
};
