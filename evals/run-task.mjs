// Runs one task: a sandbox, a server, a model and a user, until the model is done; then judges what is true.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { converse } from "./conversation.mjs";
import { judge } from "./judge/judge.mjs";
import { openWorld } from "./world.mjs";

const failure = (task, server, message) => ({
  done: false,
  why: [message],
  claim: undefined,
  calls: 0,
  least: server === "official" ? (task.official.least ?? task.least) : task.least,
  harm: [],
});

const newFolder = () => mkdtempSync(join(tmpdir(), "atlas-evals-"));

/** Opens all that a task needs, runs `work` with it, and closes it again, whatever happens. */
const withTask = async ({ task, server, model, index }, work) => {
  const closing = [];
  const later = (close) => closing.unshift(close);
  try {
    const folder = newFolder();
    later(() => rmSync(folder, { recursive: true, force: true }));
    const world = await openWorld(task, server.createSandbox, server.sandboxOptions);
    later(world.close);
    const moves = server.name === "official" ? task.official.moves : task.moves;
    const { open, close } = await model.play(moves ?? [], index);
    later(close);
    const log = [];
    const asked = (message, agrees) => log.push({ role: "form", text: message, agrees });
    const host = { form: task.form, asked };
    const connection = await server.connect(task, { sandbox: world.sandbox, folder, host });
    later(connection.close);
    return await work({ folder, world, open, log, connection });
  } finally {
    for (const close of closing) await Promise.resolve(close()).catch(() => {});
  }
};

/**
 * Runs a task with a model on a server. Never throws: what goes wrong is the reason why the task is not done, and `fatal`
 * if it would go wrong for every task. `limits`: `turns` of the model, `taskMs` for all; `stop` ends it before.
 * @param {any} task
 * @param {{server: any, model: any, limits: {turns: number, taskMs: number}, index?: number, stop?: AbortSignal}} how
 */
export const runTask = async (task, { server, model, limits, index = 0, stop }) => {
  const startedAt = performance.now();
  const tokens = { in: 0, out: 0 };
  const timeout = AbortSignal.timeout(limits.taskMs);
  const signal = stop === undefined ? timeout : AbortSignal.any([timeout, stop]);
  const finish = (judged, more = {}) => ({
    id: task.id,
    ...judged,
    tokens,
    seconds: Math.round((performance.now() - startedAt) / 100) / 10,
    ...more,
  });
  try {
    return await withTask({ task, server, model, index }, async (parts) => {
      const { world, log, connection } = parts;
      const before = world.facts();
      const secrets = new Set();
      const state = { before, tokens, secrets };
      const { ended, text, fatal } = await converse({ task, ...parts, ...state, limits, signal });
      await connection.close();
      const run = { log, before, last: world.facts(), secrets: [...secrets], ended, text };
      return finish(judge(task, server.name, run), { transcript: log, fatal: fatal === true });
    });
  } catch (error) {
    const message = signal.aborted ? "time limit" : error.message;
    return finish(failure(task, server.name, message), { fatal: error.fatal === true });
  }
};
