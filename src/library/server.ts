/** The server of the library: on any MCP transport, with the configuration of a given environment. */
import { promises } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crypto } from "../common/crypto.ts";
import { isRecord } from "../common/json.ts";
import { forTool } from "../common/running-tool.ts";
import { ConfigError, readConfig } from "../config/config.ts";
import { createContainer } from "../container.ts";
import { createServerFactory } from "../mcp/server.ts";
import { type Connection, serveConnection, type Transport } from "../mcp/transports/connection.ts";
import { operator } from "../policy/caller.ts";
import { type Call, callBy, type Send } from "./call.ts";
import { ServerError } from "./server-error.ts";
import { CallError } from "./tool-error.ts";

export type { Transport };

export type ServerOptions = {
  /** The environment variables of the README; default: those of the process. */
  env?: Record<string, string | undefined>;
};

export type AtlasServer = {
  /**
   * Calls a tool in this process, without a transport, as the operator: with the same policy, consent and audit as every
   * call. After `close` it rejects.
   * @example const { project } = await server.call("create_project", { name: "shop", orgId });
   */
  call: Call;
  /** Serves one connection; a server can have several, one after another or at once. After `close` it rejects. */
  connect(transport: Transport): Promise<void>;
  /** Closes all connections, revokes the access token, and ends the embedded sandbox with its passwords. */
  close(): Promise<void>;
  /** The same, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
};

/** The environment of the options, whose callers may not use TypeScript. No value is shown, because it may be a secret. */
const envOf = (options: unknown): Record<string, string | undefined> => {
  const refuse = (problem: string) => new ServerError("invalid_option", problem);
  if (!isRecord(options)) throw refuse("The options must be an object.");
  // Without this, the variables of a sandbox as the options would mean those of the process, and so perhaps live Atlas.
  const unknown = Object.keys(options).find((name) => name !== "env");
  if (unknown !== undefined)
    throw refuse(
      `There is no option ${JSON.stringify(unknown)}; the only option is "env", with the environment variables.`,
    );
  const { env = process.env } = options;
  const isEnv = (value: unknown): value is Record<string, string | undefined> =>
    isRecord(value) &&
    Object.values(value).every((one) => one === undefined || typeof one === "string");
  if (!isEnv(env))
    throw refuse('The option "env" must be an object of environment variables, which are texts.');
  return env;
};

/** Creates the server. Rejects with `ServerError`. */
export const openServer = async (options: ServerOptions): Promise<AtlasServer> => {
  const env = envOf(options);
  // The first password creates the folder.
  const sandboxFolder = join(tmpdir(), `atlas-provision-mcp-${crypto().randomUUID()}`);
  const create = async () => createContainer(readConfig(env, {}), { sandboxFolder });
  const container = await create().catch((error: unknown) => {
    if (!(error instanceof ConfigError)) throw error;
    throw new ServerError("invalid_setting", error.message, { cause: error });
  });
  const { runner } = container;
  const factory = createServerFactory(runner, container);
  const open = new Set<Connection>();
  const calls = new Set<Promise<unknown>>();
  const ending = new AbortController();
  const checkOpen = () => ending.signal.throwIfAborted();
  const own = runner.forCaller(operator);
  const send: Send = async (name, args, signal) => {
    checkOpen();
    const tool = own.tools.find((candidate) => candidate.name === name);
    if (tool === undefined) throw new CallError("tool_not_offered", name, own.refuse(name));
    // Nobody can be shown a form, so a change that needs consent comes back with a confirmation.
    const call = {
      canElicit: false,
      showsCard: false,
      signal: AbortSignal.any([ending.signal, ...(signal === undefined ? [] : [signal])]),
      progress: async () => {},
    };
    const running = runner.track(forTool(name, () => own.run(tool, args, call)));
    calls.add(running);
    const end = await running.finally(() => calls.delete(running));
    // As it goes over a transport: without what JSON has not, and without objects of the server.
    return "result" in end ? JSON.parse(JSON.stringify(end.result)) : undefined;
  };
  const close = async (): Promise<void> => {
    const says = "The server is closed; createServer() creates another one.";
    ending.abort(new ServerError("closed", says));
    await Promise.allSettled(calls);
    await Promise.all([...open].map((connection) => connection.close().catch(() => {})));
    await container.close();
    await promises.rm(sandboxFolder, { recursive: true, force: true }).catch(() => {});
  };
  return {
    call: callBy(send, ending.signal),
    connect: async (transport) => {
      checkOpen();
      let connection: Connection | undefined;
      const forget = () => connection && open.delete(connection);
      connection = await serveConnection(transport, () => factory(operator, "public"), forget);
      open.add(connection);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
};
