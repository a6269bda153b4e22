// npm run evals: gives the tools to a model with tasks in plain words, and says what became true. See docs/evals.md.
import { writeFileSync } from "node:fs";
import { chooseModel, ModelSettingsError } from "./models/index.mjs";
import { chooseTasks, help, isUsage, readOptions } from "./options.mjs";
import { besideOf, tableOf, toldTotals, totalsOf } from "./report.mjs";

const openServer = async (name) => {
  if (name === "official") return (await import("./servers/official.mjs")).openOfficial();
  return (await import("./servers/ours.mjs")).openOurs();
};

/** Why a task is not run on the official server; undefined if it is. */
const whyNot = (task, { server }, model) => {
  if (server !== "official") return undefined;
  if (typeof task.official === "string") return task.official;
  if (model.isScripted && task.official.moves === undefined) return "there is no script for it";
  return undefined;
};

/** Runs all, some at once, until they are done or `stop` aborts. A run that was cut off has no result. */
const runAll = async (runs, { server, model, options, stop }) => {
  const { runTask } = await import("./run-task.mjs");
  const results = [];
  const queue = [...runs.entries()];
  const work = async () => {
    for (let next = queue.shift(); next && !stop.signal.aborted; next = queue.shift()) {
      const [index, task] = next;
      const { limits } = options;
      const result = await runTask(task, { server, model, limits, index, stop: stop.signal });
      if (stop.signal.aborted) return;
      results.push({ index, ...result });
      process.stderr.write(result.done && result.harm.length === 0 ? "." : "x");
      // A wrong key or address would fail every task.
      if (result.fatal) stop.abort();
    }
  };
  await Promise.all(Array.from({ length: options.parallel }, work));
  process.stderr.write("\n");
  return results
    .sort((one, other) => one.index - other.index)
    .map(({ index: _index, fatal: _fatal, ...one }) => one);
};

/** Prints a report: the table, what was left out, and the totals. */
const show = (report, missing, beside) => {
  const { model, server, version, notRun, results, totals } = report;
  const parts = [
    [`model ${model}, server ${server}`, version].filter(Boolean).join(" "),
    tableOf(results),
    Object.entries(notRun)
      .map(([id, reason]) => `not run: ${id}: ${reason}`)
      .join("\n"),
    beside === undefined ? "" : besideOf(report, beside),
    `${toldTotals(totals)}${missing === 0 ? "" : `; ${missing} not finished`}`,
  ];
  console.log(parts.filter(Boolean).join("\n\n"));
};

const main = async (args) => {
  const options = readOptions(args);
  if (options.help) return console.log(help);
  const tasks = await chooseTasks(options);
  if (options.list) return console.log(tasks.map(({ id, about }) => `${id}: ${about}`).join("\n"));
  const model = chooseModel(process.env, options.model);
  const server = await openServer(options.server);
  const reasons = tasks.map((task) => [task, whyNot(task, options, model)]);
  const chosen = reasons.filter(([, reason]) => reason === undefined).map(([task]) => task);
  const left = reasons.filter(([, reason]) => reason !== undefined);
  const runs = chosen.flatMap((task) => Array(options.repeat).fill(task));
  const stop = new AbortController();
  let interrupted = false;
  for (const signal of ["SIGINT", "SIGTERM"])
    process.once(signal, () => {
      interrupted = true;
      stop.abort();
    });

  const results = await runAll(runs, { server, model, options, stop });
  await model.close();
  const report = {
    model: model.name,
    provider: model.provider,
    server: server.name,
    version: server.version,
    totals: totalsOf(results),
    notRun: Object.fromEntries(left.map(([{ id }, reason]) => [id, reason])),
    results,
  };
  const missing = runs.length - results.length;
  show(report, missing, options.beside);
  if (options.json !== undefined)
    writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  if (interrupted) return 130;
  const { runs: all, done, withoutHarm } = report.totals;
  return missing === 0 && done === all && withoutHarm === all ? 0 : 1;
};

try {
  process.exitCode = (await main(process.argv.slice(2))) ?? 0;
} catch (error) {
  console.error(
    isUsage(error) || error instanceof ModelSettingsError ? error.message : error.stack,
  );
  process.exitCode = 2;
}
