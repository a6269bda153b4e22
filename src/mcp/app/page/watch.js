// Looks at a cluster again and again, until it is ready, or a look fails for good, or there is no more patience.
import { callTool } from "./host.js";
import { objectIn } from "./results.js";

const lookMs = 60_000;

// Between looks, the last one from then on; how long there are looks at all (milliseconds); how many may fail in a row.
const pauses = [3000, 3000, 4000, 5000, 7000, 10_000];
const patienceMs = 20 * 60_000;
const mostFailures = 5;

const isPassing = ({ status, error }) =>
  status === "error" && ["same_arguments", "after_delay"].includes(error.retry);

/**
 * Watches with the call `look`, first after `firstMs`. `later` sets the one timer, `isWanted` says whether anybody still waits.
 * `onMaking` gets a result that is not ready and the minutes so far, `onOther` any other answer, `onTrouble` a sentence about
 * a look that failed and is repeated, and `onEnd` one about why there are no more.
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
    const answer = await callTool(look, lookMs).catch(() => undefined);
    if (!isWanted()) return undefined;
    if (answer === undefined) return on.onEnd("The host did not let this card look.");
    const result = objectIn(answer);
    if (isPassing(result)) {
      const { message, retryAfterSeconds: seconds } = result.error;
      if (failures + 1 >= mostFailures) return on.onEnd(message);
      on.onTrouble(`${message} It is looked at again.`);
      return next(looks + 1, failures + 1, seconds && seconds * 1000);
    }
    if (result.ready !== false) return on.onOther(answer, result);
    on.onMaking(result, Math.floor(watched / 60_000));
    return next(looks + 1, 0);
  };
  next(0, 0, firstMs);
};
