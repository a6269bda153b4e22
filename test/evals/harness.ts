/** The harness of the evals with the server in this process, and the scripted model behind the real wire. */
import { createSandbox } from "@atlas-provision-mcp/sandbox";
import { InMemoryTransport } from "@modelcontextprotocol/client";
import { chooseModel } from "../../evals/models/index.mjs";
import { runTask } from "../../evals/run-task.mjs";
import { connectClient } from "../../evals/servers/client.mjs";
import { environmentFor } from "../../evals/servers/ours.mjs";
import { loadTasks, readTask } from "../../evals/task.mjs";
import { openServer } from "../../src/library/server.ts";
import { behind } from "../support/behind.ts";

/** A call, several at once, or a text, as tasks declare them. */
export type Move = string | [tool: string, args: object] | [tool: string, args: object][];

export type Result = {
  id: string;
  done: boolean;
  why: string[];
  calls: number;
  least: number;
  harm: { kind: string; what: string }[];
  tokens: { in: number; out: number };
  transcript: { role: string; text?: string }[];
};

const ours = {
  name: "ours",
  createSandbox,
  sandboxOptions: {},
  connect: async (task: object, { sandbox, folder, host }: any) => {
    const ours = await openServer({ env: environmentFor(task, sandbox, folder) });
    const [near, far] = InMemoryTransport.createLinkedPair();
    await ours.connect(far as never);
    const connection = await connectClient(near, host);
    const close = async () => {
      await connection.close();
      await ours.close();
    };
    return { ...connection, close };
  },
};

/** A server that looks at nothing: it creates a project twice, and shows a password. */
const careless = {
  ...ours,
  connect: async (_task: object, { sandbox }: any) => {
    const make = behind(sandbox);
    const answers: Record<string, () => Promise<string>> = {
      create_project: async () => {
        sandbox.addFaults({ operation: "createGroup", fault: "racy", times: 2 });
        const project = { name: "shop", orgId: sandbox.orgId };
        await make("/groups", project);
        return JSON.stringify(await make("/groups", project));
      },
      hang: () => new Promise(() => {}),
      connection: async () => "mongodb+srv://app:4711@orders.example.invalid",
    };
    return {
      tools: Object.keys(answers).map((name) => ({
        name,
        description: name,
        inputSchema: { type: "object" },
      })),
      instructions: "",
      call: async (name: string) => ({ text: (await answers[name]?.()) ?? "", failed: false }),
      close: async () => {},
    };
  },
};

const servers = { ours, careless };

export const tasks: any[] = loadTasks();

/** A task of the list, changed. */
export const taskNamed = (id: string, changes: object = {}): any => {
  const task = tasks.find((one) => one.id === id);
  if (task === undefined) throw new Error(`There is no task ${id}.`);
  return readTask({ ...task, ...changes });
};

const model = chooseModel({}, "scripted");

/** Runs a task with these moves, or with those of its own; `index` chooses the wire. */
export const play = (
  task: any,
  {
    moves = task.moves,
    turns = 12,
    taskMs = 60_000,
    index = 0,
    server = "ours" as keyof typeof servers,
  } = {},
): Promise<Result> =>
  runTask(
    { ...task, moves },
    { server: servers[server], model, limits: { turns, taskMs }, index },
  ) as any;

/** The kinds of harm, each once. */
export const kindsOf = ({ harm }: Result): string[] => [...new Set(harm.map(({ kind }) => kind))];
