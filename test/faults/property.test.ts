import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { runs, seed } from "../support/seed.ts";
import { type Harness, openHarness } from "./harness.ts";
import { type PlayState, play } from "./play.ts";
import { provision } from "./provision.ts";
import { type Call, operations, type Run, run } from "./sequences.ts";

const total = runs(300);
// Sandboxes side by side: while one waits for a time-out, another one works.
const lanes = 8;

// Milliseconds that pass with each tick: long pauses take few, and an attempt has 100 of them.
const step = 400;

const fired: Record<string, number> = {};
const answered: Record<string, number> = {};
let done = 0;

const count = (counts: Record<string, number>, name: string, by = 1) => {
  counts[name] = (counts[name] ?? 0) + by;
};

const again = (last: Call[], times: number, ifExists: boolean): Call[] =>
  last.slice(0, 1).flatMap((call) =>
    Array.from(
      { length: times },
      (): Call => ({
        ...call,
        cancelAfter: undefined,
        ...(ifExists ? { ifExists: "return" } : {}),
      }),
    ),
  );

/** Plays a run from an empty sandbox; fails where an answer is not true. */
const playAll = async (harness: Harness, run: Run): Promise<void> => {
  await harness.reset();
  const { clock, sandbox } = harness;
  const parent =
    run.kind === "project"
      ? { orgId: sandbox.orgId }
      : { groupId: await harness.makeProject("home") };
  const make = () =>
    provision({
      baseUrl: sandbox.url,
      account: sandbox,
      clock,
      deadlineMs: 300_000,
      requestTimeoutMs: 40_000,
      passwords: harness.passwords,
    });
  const playState: PlayState = {
    harness,
    run,
    parent,
    processes: [make(), make()],
    held: [],
    known: new Map(),
    onEnd: (end) => count(answered, end),
  };
  let last: Call[] = [];
  try {
    for (const step of run.steps) {
      if ("fault" in step) {
        const operation = operations[run.kind][step.on];
        const applies = run.kind === "project" || !step.fault.startsWith("racy");
        if (operation !== undefined && applies)
          await harness.script(operation, step.fault, step.times);
        continue;
      }
      last = "calls" in step ? step.calls : again(last, step.repeat, step.ifExists);
      expect(await play(playState, last)).toEqual([]);
    }
  } finally {
    const { faultsFired } = await harness.state();
    for (const [name, times] of Object.entries(faultsFired)) count(fired, name, times);
    await Promise.all(playState.processes.map((each) => each.close()));
    done += 1;
  }
};

describe.concurrent("after any sequence of faults, calls, repeats, races and cancellations", () => {
  it.each(Array.from({ length: lanes }, (_, lane) => lane))(
    "there is one of each name at most, and every answer was true (lane %i)",
    async (lane) => {
      const harness = await openHarness(step);
      try {
        await fc.assert(
          fc.asyncProperty(run, (one) => playAll(harness, one)),
          { numRuns: Math.ceil(total / lanes), seed: seed + lane },
        );
      } finally {
        await harness.close();
      }
    },
    60_000 + total * 1000,
  );
});

afterAll(() => {
  const told = (counts: Record<string, number>) =>
    Object.entries(counts)
      .sort(([one], [other]) => one.localeCompare(other))
      .map(([name, times]) => `  ${times} x ${name}`)
      .join("\n");
  console.log(`property: ${done} runs, TEST_SEED=${seed} (lanes ${seed} to ${seed + lanes - 1})`);
  console.log(`faults fired:\n${told(fired)}\nanswers:\n${told(answered)}`);
});
