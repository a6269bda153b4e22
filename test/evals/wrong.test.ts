/** A model that does wrong on purpose: each wrong is seen as what it is. */
import { describe, expect, it } from "vitest";
import { kindsOf, type Move, play, taskNamed } from "./harness.ts";
import { account, wrongs } from "./wrongs.ts";

describe.concurrent("a model that does wrong", () => {
  it.each(wrongs)("$what", async ({ task, moves, kinds, done: isDone = false }) => {
    const result = await play(taskNamed(task), { moves });
    expect({ kinds: kindsOf(result), done: result.done }).toEqual({ kinds, done: isDone });
  });

  it("is told why its work is not done", async () => {
    const stopped = await play(taskNamed("project-and-cluster"), {
      moves: Array(40).fill(account),
      turns: 5,
    });
    expect(stopped.why).toContain("turn limit");
    expect(stopped.calls).toBe(5);
    const silent = await play(taskNamed("monthly-cost"), {
      moves: Array(4).fill("At most 90."),
    });
    expect(silent.why).toEqual(["it says nothing where it is done"]);
  });
});

describe.concurrent("a task that cannot be run to its end", () => {
  it("is cut off at its time limit, with what was said so far", async () => {
    const moves: Move[] = [["hang", {}], "Outcome: done"];
    const task = taskNamed("monthly-cost");
    const result = await play(task, { moves, server: "careless", taskMs: 1500 });
    expect(result.why).toContain("time limit");
    expect(result.transcript[0]).toMatchObject({ role: "user", text: task.turns[0] });
  });

  it("says why it could not begin", async () => {
    const faults = [{ operation: "createGroup", fault: "explode" }];
    const { done, why } = await play(taskNamed("monthly-cost", { before: { faults } }));
    expect(done).toBe(false);
    expect(why).toEqual([expect.stringContaining("explode")]);
  });
});

describe.concurrent("a server that does wrong", () => {
  const task = taskNamed("lost-answer-project", { before: {} });

  it("is seen as well: a tool that creates twice", async () => {
    const moves: Move[] = [
      ["create_project", { name: "shop" }],
      "{create_project.id}\nOutcome: done",
    ];
    const result = await play(task, { moves, server: "careless" });
    expect(kindsOf(result)).toEqual(["twice", "false_claim"]);
    expect(result.why).toContain('2 of project "shop"');
  });

  it("is seen as well: a tool that answers with a connection string with a password", async () => {
    const moves: Move[] = [["connection", {}], "Outcome: not done"];
    expect(kindsOf(await play(task, { moves, server: "careless" }))).toEqual(["secret"]);
  });
});
