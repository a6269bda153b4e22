// What the command line says.
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { loadTaskFile, loadTasks, TaskError } from "./task.mjs";

export const help = `npm run evals -- [options]

Gives the tools to a model with tasks in plain words, on a sandbox each, and says what became true.

  --task ID            only this task; can be given several times
  --tasks GLOB|FILE    only the tasks whose id is such as "injected-*", or those of a file (.mjs)
  --model NAME         the model (EVALS_MODEL); without one, a script plays
  --server NAME        ours, or official: mongodb-mcp-server on the same sandbox (ours)
  --repeat N           each task so many times (1)
  --parallel N         so many tasks at once (4)
  --max-turns N        messages of the model in one task (30)
  --timeout SECONDS    for one task (600)
  --json FILE          writes everything, with what was said and called
  --beside FILE        shows the tasks beside those of a report that --json wrote before
  --list               shows the tasks
  --help

  EVALS_PROVIDER       anthropic or openai (by the key that is set)
  EVALS_BASE_URL       an endpoint that is compatible, such as http://127.0.0.1:11434/v1 (or ANTHROPIC_BASE_URL,
                       OPENAI_BASE_URL; the vendor's)
  EVALS_MODEL          the model
  ANTHROPIC_API_KEY, OPENAI_API_KEY

The exit code is 0 if all tasks are done without harm, 1 if not, and 2 if an option is wrong.`;

/** An option is wrong, or what it needs is not there. */
export class UsageError extends Error {}

const known = {
  task: { type: "string", multiple: true, default: [] },
  tasks: { type: "string" },
  model: { type: "string" },
  server: { type: "string", default: "ours" },
  repeat: { type: "string", default: "1" },
  parallel: { type: "string", default: "4" },
  "max-turns": { type: "string", default: "30" },
  timeout: { type: "string", default: "600" },
  json: { type: "string" },
  beside: { type: "string" },
  list: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
};

const count = (name, text) => {
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new UsageError(`--${name} is ${text}; it must be a whole number from 1.`);
  return Number(text);
};

const parse = (args) => {
  try {
    return parseArgs({ args, options: known }).values;
  } catch (error) {
    throw new UsageError(error.message);
  }
};

/** A report of an earlier run. */
const readReport = (path) => {
  try {
    const report = JSON.parse(readFileSync(path, "utf8"));
    if (Array.isArray(report.results)) return report;
  } catch (error) {
    throw new UsageError(`--beside ${path} cannot be read: ${error.message}`);
  }
  throw new UsageError(`--beside ${path} is no report that --json wrote.`);
};

/** The options of the command line, checked. Throws UsageError. */
export const readOptions = (args) => {
  const values = parse(args);
  if (!["ours", "official"].includes(values.server))
    throw new UsageError(`--server is ${values.server}; it can be ours or official.`);
  return {
    ids: values.task,
    tasks: values.tasks,
    model: values.model,
    server: values.server,
    json: values.json,
    beside: values.beside === undefined ? undefined : readReport(values.beside),
    list: values.list,
    help: values.help,
    repeat: count("repeat", values.repeat),
    parallel: count("parallel", values.parallel),
    limits: {
      turns: count("max-turns", values["max-turns"]),
      taskMs: count("timeout", values.timeout) * 1000,
    },
  };
};

/** A glob of ids, where * stands for any text. */
const globOf = (pattern) =>
  new RegExp(
    `^${pattern
      .split("*")
      .map((part) => part.replace(/[^a-z0-9-]/g, "\\$&"))
      .join(".*")}$`,
  );

/** The tasks that the options choose. Throws UsageError or TaskError. */
export const chooseTasks = async ({ ids, tasks: chosen }) => {
  const isFile = chosen !== undefined && (/\.m?js$/.test(chosen) || existsSync(chosen));
  const all = isFile ? await loadTaskFile(resolve(chosen)) : loadTasks();
  const glob = isFile || chosen === undefined ? /^/ : globOf(chosen);
  const unknown = ids.find((id) => !all.some((task) => task.id === id));
  if (unknown !== undefined)
    throw new UsageError(`There is no task ${unknown}; --list shows those there are.`);
  const tasks = all.filter(({ id }) => glob.test(id) && (ids.length === 0 || ids.includes(id)));
  if (tasks.length === 0)
    throw new UsageError(`No task is called ${chosen}; --list shows those there are.`);
  return tasks;
};

/** Whether an error is the user's, with a sentence that needs no stack. */
export const isUsage = (error) => error instanceof UsageError || error instanceof TaskError;
