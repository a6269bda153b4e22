import { describe, expect, it, vi } from "vitest";
import { type Told, toldBy } from "../support/ending.ts";
import { removeCluster, removeProject } from "../support/remove.ts";
import { openStage, type Stage } from "../support/stage.ts";
import type { WireFault } from "../support/tcp-proxy.ts";
import { type Repeat, repeats } from "./expected.ts";

vi.setConfig({ maxConcurrency: 16 });

const step = 20;

/** The answer, deletes that left and that arrived, and whether it is still there when the answer is given. */
type Ending = Told & { sent: number; arrived: number; isThere: boolean };

type Pair = readonly [once: Ending, always: Ending];

const gone = (sent: number, arrived = sent): Ending => ({
  status: "ok",
  outcome: "deleted",
  sent,
  arrived,
  isThere: false,
});
const found = (sent = 1, arrived = sent): Ending => ({ ...gone(sent, arrived), reconciled: true });
const failed = (code: string, retry: string, sent: number, more: Partial<Ending> = {}): Ending => ({
  status: "error",
  outcome: "not_deleted",
  code,
  retry,
  sent,
  arrived: sent,
  isThere: true,
  ...more,
});
const lost = (sent: number, arrived = sent): Ending =>
  failed("outcome_unknown", "same_arguments", sent, { outcome: "unknown", arrived });

const both = (ending: Ending): Pair => [ending, ending];
const undone = (delivered: 0 | 1): Pair => [gone(2, 1 + delivered), lost(2, 2 * delivered)];
const refused = (code: string, retry = "after_fix") => both(failed(code, retry, 1));
const done = both(found());

const sandbox: Record<string, Pair> = {
  reset: undone(1),
  hang: undone(1),
  truncate: undone(1),
  html_503: undone(1),
  "error:500:UNEXPECTED_ERROR": undone(1),
  empty_401: [gone(2), failed("unauthenticated", "after_fix", 2)],
  "error:400:": refused("invalid_input"),
  "error:401:USER_UNAUTHORIZED": refused("forbidden"),
  "error:409:": refused("conflict"),
  rate_limit: refused("rate_limited", "after_delay"),
  "rate_limit:5": [gone(2), failed("rate_limited", "after_delay", 3)],
  "delay:2000": both(gone(1)),
  commit_then_reset: done,
  commit_then_hang: done,
  commit_then_truncate: done,
  commit_then_500: done,
  // Accepted, not acted on, and asked for once more.
  ignored_delete: [gone(2), { ...gone(2), outcome: "accepted", isThere: true }],
};

const wire: Record<string, Pair> = {
  pass: both(gone(1)),
  reset_before_forward: undone(0),
  reset_before_answer: done,
  reset_after_first_byte: done,
  "truncate:20": done,
  black_hole_undelivered: undone(0),
  black_hole_delivered: done,
  "held:16000": done,
  // The first is given up when the second has gone through; it arrives where nothing is left.
  "held:38000": [gone(2, 1), found(2, 1)],
  "latency:2000": both(gone(1)),
  "latency:12000": done,
  garbage: done,
  portal: undone(0),
  drip: both(gone(1)),
};

const kinds = {
  cluster: { operation: "deleteGroupFlexCluster", path: /\/flexClusters\/shop$/ },
  project: { operation: "deleteGroup", path: /\/groups\/[a-f0-9]+$/ },
};

type Kind = keyof typeof kinds;
type Case = { fault: string; by: "sandbox" | "wire"; kind: Kind; repeat: Repeat; ending: Ending };

const casesOf = (by: Case["by"], table: Record<string, Pair>): Case[] =>
  Object.entries(table).flatMap(([fault, [once, always]]) =>
    (["cluster", "project"] as const).flatMap((kind) =>
      repeats.map((repeat) => ({
        fault,
        by,
        kind,
        repeat,
        ending: repeat === "once" ? once : always,
      })),
    ),
  );

const script = async (stage: Stage, { by, fault, kind, repeat }: Case): Promise<void> => {
  const { operation, path } = kinds[kind];
  const real = fault.replace(/^delay:(\d+)/, (_all, ms) => `delay:${Number(ms) / step}`);
  const times = repeat === "once" ? 1 : 99;
  if (by === "sandbox") return stage.script(operation, real, times);
  const on = repeat === "once" ? 1 : "always";
  stage.proxy.script({ method: "DELETE", path, fault: fault as WireFault, on });
};

const run = async (one: Case): Promise<Ending> => {
  const { operation, path } = kinds[one.kind];
  const stage = await openStage(step);
  try {
    const groupId = await stage.makeProject("shop");
    if (one.kind === "cluster") await stage.makeCluster(groupId, "shop");
    await script(stage, one);
    const remove = one.kind === "cluster" ? removeCluster : removeProject;
    const told = await toldBy(remove(stage.process(), groupId, "shop"));
    const { projects, clusters, requests } = await stage.state();
    return {
      ...told,
      sent: stage.proxy.passed.filter((seen) => seen.method === "DELETE" && path.test(seen.path))
        .length,
      arrived: requests.filter((seen) => seen.operation === operation).length,
      isThere: (one.kind === "cluster" ? clusters : projects).length > 0,
    };
  } finally {
    await stage.close();
  }
};

const titled = [...casesOf("sandbox", sandbox), ...casesOf("wire", wire)].map(
  (one): [title: string, one: Case] => [`${one.fault} ${one.repeat}, on a ${one.kind}`, one],
);

describe.concurrent("a delete under a fault", () => {
  it.each(titled)("%s, answers what is true", async (_title, one) => {
    expect(await run(one)).toEqual(one.ending);
  });
});
