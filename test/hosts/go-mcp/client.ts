/** The client in this folder as a driver: builds it with a release of the Go SDK, and connects it to a server. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { bundle, programEnv } from "../../support/bundle.ts";
import { type Driver, resultOf } from "../../support/clients.ts";
import { buildGo } from "../go.ts";

const source = fileURLToPath(new URL(".", import.meta.url));

/** Builds it with the release of the SDK that go.mod names, or another file like it. */
export const buildClient = (program: string, modules = "go.mod"): Promise<void> =>
  buildGo(source, program, [`-modfile=${modules}`]);

/** The error of the session's Close, and the exit code of a server that it started. */
type Ended = { error?: string; exitCode?: number };

export type GoClient = Driver & {
  release: string;
  /** What the server said of itself, with the protocol that both speak. */
  server: Record<string, any>;
  end(): Promise<Ended>;
};

/** What a user says to a question, in the words of the protocol. */
type Reply = { action: string; content?: Record<string, unknown> };

export type Connecting = {
  program: string;
  /** The version to ask for. */
  protocol: string;
  /** Where the server is and the token that it wants; without it the bundle is started over stdio. */
  http?: { url: string; token: string };
  env: Record<string, string>;
  /** Answers questions; without it the client declares no elicitation. */
  reply?: (question: string) => Reply | Promise<Reply>;
};

type Event = Record<string, any>;
type Calling = NonNullable<Parameters<Driver["call"]>[2]>;
type Waiting = { settle(event: Event): void; onprogress: Calling["onprogress"] };

const start = ({ program, protocol, http, env, reply }: Connecting) => {
  const flags = [
    `-protocol=${protocol}`,
    ...(reply === undefined ? [] : ["-asks"]),
    ...(http === undefined ? ["--", process.execPath, bundle] : [`-url=${http.url}`]),
  ];
  const token = http === undefined ? {} : { ATLAS_MCP_TOKEN: http.token };
  return spawn(program, flags, { env: { ...programEnv(env), ...token } });
};

export const connectGo = async (how: Connecting): Promise<GoClient> => {
  const child = start(how);
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const lines = createInterface(child.stdout);
  const closed = once(lines, "close");
  const [greeting] = await once(lines, "line");
  const { error, release, server } = JSON.parse(greeting);
  if (error !== undefined) throw new Error(error);

  const send = (command: Event) => child.stdin.write(`${JSON.stringify(command)}\n`);
  const waiting = new Map<number, Waiting>();
  let ended: Ended = { error: "It did not end." };
  lines.on("line", async (line) => {
    const event: Event = JSON.parse(line);
    const one = waiting.get(event.id);
    if ("ended" in event) ended = event.ended;
    else if ("question" in event)
      send({ do: "answer", id: event.question, answer: await how.reply?.(event.message) });
    else if ("progress" in event) one?.onprogress?.(event.progress);
    else one?.settle(event);
  });
  lines.on("close", () => {
    for (const { settle } of waiting.values()) settle({ error: `The client ended. ${stderr}` });
  });
  const run = async (command: Event, { onprogress, signal }: Calling = {}): Promise<any> => {
    const id = waiting.size + 1;
    const event = await new Promise<Event>((settle) => {
      waiting.set(id, { settle, onprogress });
      signal?.addEventListener("abort", () => send({ do: "cancel", id }));
      send({ id, ...command });
    });
    if (event.error !== undefined) throw new Error(event.error);
    return event.result;
  };
  const end = async (): Promise<Ended> => {
    child.stdin.end();
    await closed;
    return ended;
  };
  return {
    release,
    server,
    listTools: () => run({ do: "list" }),
    call: async (name, args = {}, calling) =>
      resultOf(await run({ do: "call", name, arguments: args }, calling)),
    instructions: () => server.instructions,
    listPrompts: async () => (await run({ do: "prompts" })).prompts,
    getPrompt: async (name, texts = {}) =>
      (await run({ do: "prompt", name, texts })).messages
        .map((one: any) => one.content.text)
        .join("\n"),
    stderr: () => stderr,
    end,
    close: async () => void (await end()),
  };
};
