// The loop of a host: the model speaks, tools are called, the user answers, and each call is watched in the sandbox.
import { eventsBetween } from "./judge/facts.mjs";
import { fileTool, readFileFor, secretsIn } from "./secrets.mjs";
import { createUser } from "./user.mjs";

/** What every model is told, with the instructions of the server as hosts give them. */
const systemFor = (instructions) =>
  [
    "You help a user to manage MongoDB Atlas with the tools that you have.",
    "If you need something from the user, ask in a message without a tool call.",
    'When you have finished, or cannot go on, tell the user what is true now, and write "Outcome: done" as the last line if all that the user asked for is done, or else "Outcome: not done".',
    ...(instructions === "" ? [] : ["", "Instructions of the server:", instructions]),
  ].join("\n");

const needsConfirmation = (text) => /^\{"status":"needs_confirmation"/.test(text);

/** A PATCH of a user that changes nothing to be seen has set a password. */
const rotationsIn = (requests, facts) =>
  requests
    .filter(({ status, fault }) => status === 200 || fault?.startsWith("commit_then"))
    .flatMap(({ path }) => {
      const [, groupId, rest] = /\/groups\/([^/]+)\/databaseUsers\/([^?]+)/.exec(path) ?? [];
      const id = `${groupId}/${decodeURIComponent(rest ?? "")}`;
      return facts.has(id) ? [{ did: "rotated", id, fact: facts.get(id) }] : [];
    });

/** Looks into the sandbox after each call: what the call has changed, and what others change then. */
const createWatch = (world, before) => {
  let now = world.facts();
  let patches = 0;
  let calls = 0;
  return async () => {
    calls += 1;
    const facts = world.facts();
    const changes = eventsBetween(now, facts);
    const requests = world.requests("updateGroupDatabaseUser").slice(patches);
    patches += requests.length;
    const changedUsers = changes.filter(({ did }) => did === "changed").map(({ id }) => id);
    const rotations = rotationsIn(requests, facts).filter(({ id }) => !changedUsers.includes(id));
    await world.meanwhile(calls);
    now = world.facts();
    // What others do is as if it had always been so.
    for (const { did, id, fact } of eventsBetween(facts, now)) {
      if (did === "deleted") before.delete(id);
      else before.set(id, fact);
    }
    return [...changes, ...rotations];
  };
};

/** Calls one tool for the model, and logs it. */
const createCaller =
  ({ connection, folder, log, secrets, watch, task: { readsFiles } }) =>
  async ({ name, args: given, problem: broken }) => {
    const isObject = typeof given === "object" && given !== null && !Array.isArray(given);
    const args = isObject ? given : {};
    const problem = broken ?? (isObject ? undefined : "The arguments are not an object.");
    if (readsFiles && name === fileTool.name) {
      const read = readFileFor(folder, args);
      log.push({ role: "call", own: true, tool: name, args, ...read, events: [] });
      return read;
    }
    const result =
      problem === undefined ? await connection.call(name, args) : { text: problem, failed: true };
    const events = await watch();
    for (const secret of secretsIn(folder)) secrets.add(secret);
    const needs = needsConfirmation(result.text);
    log.push({ role: "call", tool: name, args, ...result, events, needsConfirmation: needs });
    return result;
  };

const untilAborted = (signal, work) =>
  new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    // What was begun may fail after nobody waits for it any more.
    work.catch(() => {});
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });

/**
 * Runs a conversation to its end. `before` loses and gains what others change meanwhile, `tokens` is counted up, `secrets` is
 * filled. Gives how it `ended` ("finished", "turn limit", "time limit", or what failed) and the model's last `text`; `fatal`
 * as in models/http.mjs.
 */
export const converse = async (parts) => {
  const { task, world, open, log, connection, before, tokens, limits, signal } = parts;
  // A server without confirmations leaves it to the model when to ask.
  const confirms = connection.tools.some(
    ({ inputSchema }) => inputSchema.properties?.confirmation !== undefined,
  );
  const user = createUser(task, !confirms);
  const tools = [...connection.tools, ...(task.readsFiles ? [fileTool] : [])];
  const model = open({ system: systemFor(connection.instructions), tools, signal });
  const call = createCaller({ ...parts, watch: createWatch(world, before) });
  const hear = (said) => {
    log.push({
      role: "user",
      text: said.says,
      ...(said.agrees === undefined ? {} : { agrees: said.agrees }),
    });
    model.say(said.says);
  };
  const isPending = () => log.findLast(({ role }) => role === "call")?.needsConfirmation === true;
  hear(user.opening);
  let text = "";
  const play = async () => {
    for (let turn = 0; turn < limits.turns; turn += 1) {
      const message = await model.next();
      tokens.in += message.tokens.in;
      tokens.out += message.tokens.out;
      text = message.text;
      log.push({ role: "model", text, calls: message.calls.map(({ name }) => name) });
      if (message.calls.length === 0) {
        const reply = user.reply(text, isPending());
        if (reply === undefined) return "finished";
        hear(reply);
        continue;
      }
      const results = [];
      for (const one of message.calls) results.push({ id: one.id, ...(await call(one)) });
      model.results(results);
    }
    return "turn limit";
  };
  try {
    return { ended: await untilAborted(signal, play()), text };
  } catch (error) {
    if (signal.aborted) return { ended: "time limit", text };
    return { ended: error.message, text, fatal: error.fatal === true };
  }
};
