/** Runs the steps of a check, each within its time, and notes what became of them. */
import { type Clock, settleWithin, withTimeout } from "../common/deadline.ts";
import { withoutHidden } from "../common/visible.ts";
import { causeOf, codeAndMessage, errorWith, stopped, timedOut } from "./cause.ts";
import { FailedStep, type HostProblem, type Problem, type Step, type StepName } from "./step.ts";

export type TrackOptions = {
  /** Ends the whole check. */
  signal: AbortSignal;
  /** Milliseconds that one step may take. */
  stepMs: number;
  clock: Clock;
  /** Removes secrets from the words of others. */
  clean: (text: string) => string;
};

type Work<T, R> = (item: T, signal: AbortSignal) => Promise<R>;

type Named = { host: string };

/** What has been tried, and how the next step is tried. Where nothing gets through a step, it throws `FailedStep`. */
export type Track = {
  steps: Step[];
  problems: HostProblem[];
  /** A step that is one piece of work. */
  once<R>(step: StepName, work: (signal: AbortSignal) => Promise<R>): Promise<R>;
  /** A step for all hosts side by side: the results of those that get through. */
  each<T extends Named, R>(step: StepName, hosts: readonly T[], work: Work<T, R>): Promise<R[]>;
  /** A step for one host after the other: the result of the first that gets through. */
  first<T extends Named, R>(step: StepName, hosts: readonly T[], work: Work<T, R>): Promise<R>;
};

// Characters of a message: servers and certificates write some of them.
const longest = 300;

export const createTrack = ({ signal, stepMs, clock, clean }: TrackOptions): Track => {
  const steps: Step[] = [];
  const problems: HostProblem[] = [];

  const problemOf = (step: StepName, error: unknown): Problem => {
    const { code, message } = codeAndMessage(error);
    const words = clean(withoutHidden(message)).trim().slice(0, longest);
    return { cause: causeOf(step, code), code, message: words };
  };

  const late = () =>
    signal.aborted
      ? errorWith(stopped, "The check was stopped.")
      : errorWith(timedOut, `No answer within ${stepMs} ms.`);

  /** The work, or an error when its time or that of the check is over. */
  const within = async <R>(work: (signal: AbortSignal) => Promise<R>): Promise<R> => {
    if (signal.aborted) throw late();
    const time = withTimeout(signal, stepMs);
    try {
      return await settleWithin(work(time.signal), time.signal, late);
    } finally {
      time.done();
    }
  };

  const timed = async <R>(step: StepName, work: () => Promise<R>): Promise<R> => {
    const startedAt = clock.monotonic();
    const note = (rest: { problem?: Problem }) =>
      steps.push({ step, ms: Math.round(clock.monotonic() - startedAt), ...rest });
    try {
      const result = await work();
      note({});
      return result;
    } catch (error) {
      if (!(error instanceof FailedStep)) throw error;
      note({ problem: error.problem });
      throw error;
    }
  };

  const tryOne = <R>(step: StepName, work: (signal: AbortSignal) => Promise<R>) =>
    within(work).then(
      (result) => ({ result }),
      (error: unknown) => ({ problem: problemOf(step, error) }),
    );

  const tryHost = async <T extends Named, R>(step: StepName, item: T, work: Work<T, R>) => {
    const tried = await tryOne(step, (signal) => work(item, signal));
    return "problem" in tried ? { problem: { host: item.host, step, ...tried.problem } } : tried;
  };

  const failedFor = (step: StepName, [first]: HostProblem[]): FailedStep => {
    const { cause = "unknown", code = "NO_HOSTS", message = "There is no host." } = first ?? {};
    return new FailedStep(step, { cause, code, message });
  };

  return {
    steps,
    problems,
    once: (step, work) =>
      timed(step, async () => {
        const tried = await tryOne(step, work);
        if ("problem" in tried) throw new FailedStep(step, tried.problem);
        return tried.result;
      }),
    each: (step, hosts, work) =>
      timed(step, async () => {
        const tried = await Promise.all(hosts.map((host) => tryHost(step, host, work)));
        const failed = tried.flatMap((one) => ("problem" in one ? [one.problem] : []));
        const results = tried.flatMap((one) => ("problem" in one ? [] : [one.result]));
        if (results.length === 0) throw failedFor(step, failed);
        problems.push(...failed);
        return results;
      }),
    first: (step, hosts, work) =>
      timed(step, async () => {
        const failed: HostProblem[] = [];
        for (const host of hosts) {
          const tried = await tryHost(step, host, work);
          if ("problem" in tried) failed.push(tried.problem);
          else {
            problems.push(...failed);
            return tried.result;
          }
        }
        throw failedFor(step, failed);
      }),
  };
};
