import fc from "fast-check";
import { afterAll, describe, expect, it, vi } from "vitest";
import { type Provision, provision } from "../support/provision.ts";
import { openStage, type Stage } from "../support/stage.ts";
import { liesOf, type Resource, variantOf } from "./model.ts";
import { type Call, operations, type Run, run } from "./sequences.ts";

const runs = Number(process.env.FAULT_RUNS ?? 1000);
const seed = Number(process.env.FAULT_SEED ?? Date.now() % 2 ** 31);
// Sandboxes side by side: while one waits for a time-out, another one works.
const lanes = 8;

vi.setConfig({ maxConcurrency: lanes, testTimeout: 60_000 + runs * 1000 });

// Milliseconds that pass with each tick: long pauses take few, and an attempt has 100 of them.
const step = 400;

const fired: Record<string, number> = {};
const answered: Record<string, number> = {};
let done = 0;

const count = (counts: Record<string, number>, name: string, by = 1) => {
  counts[name] = (counts[name] ?? 0) + by;
};

/** One run under way: what there is, and the two processes that are asked. */
type Scene = {
  stage: Stage;
  run: Run;
  parent: { orgId: string } | { groupId: string };
  processes: Provision[];
  held: Resource[];
};

/** Plays the calls of one step at once and returns what is not true in their answers. */
const play = async (scene: Scene, calls: Call[]): Promise<string[]> => {
  const { stage, parent, processes, held: before } = scene;
  const { kind, tagged } = scene.run;
  const tool = kind === "project" ? "create_project" : "create_flex_cluster";
  const sentBefore = processes.map(({ exchanged }) => exchanged.length);
  const told = await Promise.all(
    calls.map(async ({ process, name, variant, ifExists, dryRun, cancelAfter }) => {
      const args: Record<string, any> = {
        name,
        ...parent,
        ...variantOf(kind, tagged, variant),
        ...(ifExists === undefined ? {} : { ifExists }),
        ...(dryRun ? { dryRun } : {}),
      };
      const signal = cancelAfter === undefined ? undefined : AbortSignal.timeout(cancelAfter);
      const answer = await processes[process]?.call(tool, args, signal && { signal });
      return { args, answer: answer ?? {}, process };
    }),
  );
  const state = await stage.state();
  const after: Resource[] = state[kind === "project" ? "projects" : "clusters"];
  scene.held = after;
  const all = processes.flatMap(({ exchanged }) => exchanged);
  const blind =
    Object.keys(state.faultsFired).some((name) => name.startsWith("stale_reads")) ||
    all.some(
      ({ method, attempt }) =>
        method === "GET" && !("reply" in attempt && [200, 404].includes(attempt.reply.status)),
    );
  const late = all.some(
    ({ method, attempt }) =>
      method === "POST" && "broken" in attempt && /Timeout|Abort/.test(attempt.broken.code),
  );
  const named = (list: Resource[], name: string) => list.filter((one) => one.name === name);
  return told.flatMap(({ args, answer, process }, index) => {
    const sent = processes[process]?.exchanged.slice(sentBefore[process]) ?? [];
    count(answered, answer.error ? `${answer.error.code} ${answer.error.outcome}` : answer.outcome);
    return liesOf({
      kind,
      args,
      answer,
      before: named(before, args.name),
      after: named(after, args.name),
      posts: sent.filter(({ method, name }) => method === "POST" && name === args.name),
      beside: told.filter((_, other) => other !== index),
      blind,
      late,
    }).map((lie) => `${lie}: ${JSON.stringify(args)} was answered ${JSON.stringify(answer)}`);
  });
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
const playAll = async (stage: Stage, run: Run): Promise<void> => {
  await stage.reset();
  const { clock, sandbox } = stage;
  const parent =
    run.kind === "cluster"
      ? { groupId: await stage.makeProject("home") }
      : { orgId: sandbox.orgId };
  const make = () =>
    provision({
      baseUrl: sandbox.url,
      account: sandbox,
      clock,
      deadlineMs: 300_000,
      requestTimeoutMs: 40_000,
    });
  const scene: Scene = { stage, run, parent, processes: [make(), make()], held: [] };
  let last: Call[] = [];
  try {
    for (const step of run.steps) {
      if ("fault" in step) {
        await stage.script(operations[step.on][run.kind], step.fault, step.times);
        continue;
      }
      last = "calls" in step ? step.calls : again(last, step.repeat, step.ifExists);
      expect(await play(scene, last)).toEqual([]);
    }
  } finally {
    const { faultsFired } = await stage.state();
    for (const [name, times] of Object.entries(faultsFired)) count(fired, name, times);
    await Promise.all(scene.processes.map((each) => each.close()));
    done += 1;
  }
};

describe.concurrent("after any sequence of faults, calls, repeats, races and cancellations", () => {
  it.each(Array.from({ length: lanes }, (_, lane) => lane))(
    "there is one of each name at most, and every answer was true (lane %i)",
    async (lane) => {
      const stage = await openStage(step);
      try {
        await fc.assert(
          fc.asyncProperty(run, (one) => playAll(stage, one)),
          { numRuns: Math.ceil(runs / lanes), seed: seed + lane },
        );
      } finally {
        await stage.close();
      }
    },
  );
});

afterAll(() => {
  const told = (counts: Record<string, number>) =>
    Object.entries(counts)
      .sort(([one], [other]) => one.localeCompare(other))
      .map(([name, times]) => `  ${times} x ${name}`)
      .join("\n");
  console.log(`property: ${done} runs, FAULT_SEED=${seed} (lanes ${seed} to ${seed + lanes - 1})`);
  console.log(`faults fired:\n${told(fired)}\nanswers:\n${told(answered)}`);
});
