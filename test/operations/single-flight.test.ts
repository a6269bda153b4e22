import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Deadline } from "../../src/common/deadline.ts";
import { createSingleFlight } from "../../src/operations/single-flight.ts";
import { createFakeClock } from "../support/fake-clock.ts";

/** Work that ends when told. */
const flight = () => {
  let land = (_value: string) => {};
  let crash = (_error: Error) => {};
  const result = new Promise<string>((resolve, reject) => {
    land = resolve;
    crash = reject;
  });
  let started = 0;
  return {
    land: (value: string) => land(value),
    crash: (error: Error) => crash(error),
    started: () => started,
    work: () => {
      started += 1;
      return result;
    },
  };
};

/** Time without end, for a caller who stays unless told otherwise. */
const endless = (
  caller = new AbortController().signal,
  over = new AbortController().signal,
): Deadline => ({
  remaining: () => 1,
  writeSignal: over,
  fraction: () => over,
  readSignal: AbortSignal.any([caller, over]),
  callerSignal: caller,
  cancelled: () => caller.aborted,
  detached: (unwanted) => endless(unwanted, over),
  clear: () => {},
});

const waiting = {
  effect: "create",
  noun: "the thing",
  lookUp: { suggest: "find_project" },
} as const;

const start = () => {
  const clock = createFakeClock();
  const flights = createSingleFlight<string>(clock);
  const run = (
    key: string,
    request: string,
    work: (unwanted: AbortSignal) => Promise<string>,
    deadline = endless(),
  ): Promise<string> =>
    flights
      .joinOrTakeTurn(key, request, deadline, waiting)
      .then((turn) =>
        "result" in turn ? turn.result : turn.finish(work(turn.deadline.callerSignal)),
      );
  /** Whether a look is old for who has the turn next. */
  const isOld = async (key: string, at: number): Promise<boolean> => {
    const turn = await flights.joinOrTakeTurn(key, "look", endless(), waiting);
    if ("result" in turn) throw new Error("Nobody else looks.");
    return turn.isSince({ at });
  };
  return { clock, run, isOld };
};

describe("flights", () => {
  it("of an equal request are one", async () => {
    const { run } = start();
    const [one, other] = [flight(), flight()];
    const results = [run("k", "r", one.work), run("k", "r", other.work)];
    one.land("made");
    expect(await Promise.all(results)).toEqual(["made", "made"]);
    expect(other.started()).toBe(0);
  });

  it("of another request for the same thing wait for each other", async () => {
    const { run } = start();
    const [one, other] = [flight(), flight()];
    const results = [run("k", "r", one.work), run("k", "s", other.work)];
    expect(other.started()).toBe(0);
    one.land("first");
    other.land("second");
    expect(await Promise.all(results)).toEqual(["first", "second"]);
    expect(other.started()).toBe(1);
  });

  it("for other things do not wait", async () => {
    const { run } = start();
    const [one, other] = [flight(), flight()];
    const waiting = run("k", "r", one.work);
    other.land("at once");
    expect(await run("l", "r", other.work)).toBe("at once");
    one.land("later");
    expect(await waiting).toBe("later");
  });

  it("that fail fail for all who joined, and are not remembered as a result", async () => {
    const { run } = start();
    const [one, next] = [flight(), flight()];
    const results = Promise.allSettled([run("k", "r", one.work), run("k", "r", one.work)]);
    one.crash(new Error("lost"));
    expect((await results).map((result) => result.status)).toEqual(["rejected", "rejected"]);
    next.land("made");
    expect(await run("k", "r", next.work)).toBe("made");
  });

  it.each([
    ["r", "has no response from Atlas yet"],
    ["s", "must finish first is still running"],
  ])(
    "keep nobody longer than their own deadline, whether the request is %s",
    async (request, says) => {
      const { run } = start();
      const [one, over] = [flight(), new AbortController()];
      const first = run("k", "r", one.work);
      const waiting = run("k", request, one.work, endless(undefined, over.signal));
      over.abort();
      await expect(waiting).rejects.toThrow(says);
      one.land("made");
      expect(await first).toBe("made");
    },
  );

  it("are unwanted only when everybody who joined has gone", async () => {
    const { run } = start();
    const [starter, joiner, one] = [new AbortController(), new AbortController(), flight()];
    let unwanted = new AbortController().signal;
    const first = run(
      "k",
      "r",
      (signal) => {
        unwanted = signal;
        return one.work();
      },
      endless(starter.signal),
    );
    const second = run("k", "r", one.work, endless(joiner.signal));
    await setImmediate();
    starter.abort();
    expect(unwanted.aborted).toBe(false);
    joiner.abort();
    expect(unwanted.aborted).toBe(true);
    one.land("made");
    expect(await Promise.all([first, second])).toEqual(["made", "made"]);
  });

  it("make what was seen before they ended old", async () => {
    const { run, isOld, clock } = start();
    const seenAt = clock.now();
    clock.pass(10);
    await run("k", "r", async () => "made");
    await run("m", "r", async () => "made");
    expect(await isOld("k", seenAt)).toBe(true);
    expect(await isOld("m", clock.now() + 1)).toBe(false);
    expect(await isOld("l", seenAt)).toBe(false);
  });

  it("are remembered for ten minutes after the last of their key", async () => {
    const { run, isOld, clock } = start();
    const minute = 60_000;
    const made = async () => "made";
    await run("again", "r", made);
    await run("once", "r", made);
    clock.pass(9 * minute);
    await run("again", "r", made);
    clock.pass(2 * minute);
    await run("other", "r", made);
    expect(await isOld("once", 0)).toBe(false);
    expect(await isOld("again", 0)).toBe(true);
  });

  it("land at the same cost, however many have", async () => {
    const { run, clock } = start();
    let asked = 0;
    const { now } = clock;
    clock.now = () => {
      asked += 1;
      return now();
    };
    const costOf = async (key: string) => {
      const before = asked;
      await run(key, "r", async () => "made");
      return asked - before;
    };
    const first = await costOf("first");
    for (let count = 0; count < 100; count += 1) await costOf(`flight ${count}`);
    expect(await costOf("last")).toBe(first);
  });
});
