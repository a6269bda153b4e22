/** Real MCP clients of the program, on stdio and over HTTP: SDK v1, SDK v2 speaking the 2025 era, SDK v2 speaking 2026-07-28. */
import {
  Client as ClientV2,
  StreamableHTTPClientTransport as HttpV2,
  InMemoryTransport as PairV2,
} from "@modelcontextprotocol/client";
import { StdioClientTransport as StdioV2 } from "@modelcontextprotocol/client/stdio";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as StdioV1 } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as HttpV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { InMemoryTransport as PairV1 } from "@modelcontextprotocol/sdk/inMemory.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { bundle, programEnv } from "./bundle.ts";
import { serveHttp } from "./http.ts";
import { type ProgramOptions, startServer } from "./in-process.ts";
import { recordOutput, recordRun } from "./output-record.ts";
import { isBundle } from "./program.ts";

export const clients = ["v1", "v2 legacy", "v2 modern"] as const;

/** A client and what it speaks over: suites that go through all of them run on both transports. */
export const kinds = [
  "v1",
  "v2 legacy",
  "v2 modern",
  "v1 over http",
  "v2 legacy over http",
  "v2 modern over http",
] as const;

/** For what the server answers alike to all of them: against the bundle each, in this process one. */
export const alikeKinds: readonly Kind[] = isBundle ? kinds : ["v2 modern"];

export type ClientKind = (typeof clients)[number];
export type Kind = (typeof kinds)[number];

export type Progress = {
  progress: number;
  total?: number | undefined;
  message?: string | undefined;
};

export type ToolResult = {
  structured: Record<string, any>;
  text: string;
  isError: boolean;
  /** `_meta`, which hosts keep from their model. */
  meta: Record<string, any>;
};

export type Driver = {
  listTools(): Promise<{ name: string; [member: string]: unknown }[]>;
  call(
    name: string,
    args?: unknown,
    options?: {
      onprogress?: (progress: Progress) => void;
      signal?: AbortSignal;
      timeout?: number;
      /** Waits on as long as there is progress. */
      patient?: boolean;
    },
  ): Promise<ToolResult>;
  instructions(): string | undefined;
  serverCapabilities(): Record<string, any>;
  listResources(): Promise<{ uri: string; [member: string]: unknown }[]>;
  readResource(uri: string): Promise<any[]>;
  listPrompts(): Promise<{ name: string; [member: string]: unknown }[]>;
  /** The text of a prompt. */
  getPrompt(name: string, args?: Record<string, string>): Promise<string>;
  stderr(): string;
  close(): Promise<void>;
};

type Action = "accept" | "decline" | "cancel";

/** What the client's user says to a question; without it the client cannot ask. */
export type Answering = (question: string) => Action | Promise<Action>;

export type DriverOptions = ProgramOptions & {
  answers?: Answering | undefined;
  /** What the client declares besides. */
  capabilities?: object | undefined;
  /** Whether the server is the bundle; by default that of the run. */
  bundle?: boolean;
};

export type Bare = Omit<Driver, "stderr">;

/** A result as a client gives it, recorded. */
export const resultOf = (result: any): ToolResult => {
  recordOutput(JSON.stringify(result));
  return {
    structured: result.structuredContent,
    text: result.content?.[0]?.text ?? "",
    isError: result.isError === true,
    meta: result._meta ?? {},
  };
};

const noAfterMs = 600;

const info = { name: "test", version: "1.0.0" };

/** A client of this kind on a transport of its own SDK, as a driver without a server. */
const drive = async (
  kind: ClientKind,
  transport: any,
  { answers, capabilities: more }: Pick<DriverOptions, "answers" | "capabilities">,
): Promise<Bare> => {
  const capabilities = { ...(answers === undefined ? {} : { elicitation: {} }), ...more };
  const client: any =
    kind === "v1"
      ? new ClientV1(info, { capabilities })
      : new ClientV2(info, {
          capabilities,
          versionNegotiation: { mode: kind === "v2 modern" ? { pin: "2026-07-28" } : "legacy" },
        });
  if (answers !== undefined)
    client.setRequestHandler(
      kind === "v1" ? ElicitRequestSchema : "elicitation/create",
      async ({ params }: { params: { message: string } }) => {
        const action = await answers(params.message);
        if (action === "accept") return { action, content: { agree: true } };
        // A person takes longer than a host that says no by itself.
        await new Promise((resolve) => setTimeout(resolve, noAfterMs));
        return { action };
      },
    );
  await client.connect(transport);
  return {
    listTools: async () => (await client.listTools()).tools,
    call: async (name, args = {}, { onprogress, signal, timeout, patient } = {}) => {
      const how = {
        ...(onprogress ? { onprogress } : {}),
        ...(signal ? { signal } : {}),
        ...(timeout ? { timeout } : {}),
        ...(patient ? { resetTimeoutOnProgress: true } : {}),
      };
      const params = { name, arguments: args };
      return resultOf(
        kind === "v1"
          ? await client.callTool(params, undefined, how)
          : await client.callTool(params, how),
      );
    },
    instructions: () => client.getInstructions(),
    serverCapabilities: () => client.getServerCapabilities(),
    listResources: async () => (await client.listResources()).resources,
    readResource: async (uri) => (await client.readResource({ uri })).contents,
    listPrompts: async () => (await client.listPrompts()).prompts,
    getPrompt: async (name, args = {}) => {
      const { messages } = await client.getPrompt({ name, arguments: args });
      return messages.map((one: any) => one.content.text).join("\n");
    },
    close: () => client.close(),
  };
};

/** A client of this kind on an endpoint that is there already; `headers` go with every request. */
export const connectTo = (
  url: string,
  kind: ClientKind,
  {
    headers = {},
    ...options
  }: { headers?: Record<string, string> } & Pick<DriverOptions, "answers" | "capabilities"> = {},
): Promise<Bare> => {
  const Transport = kind === "v1" ? HttpV1 : HttpV2;
  return drive(kind, new Transport(new URL(url), { requestInit: { headers } }), options);
};

const overHttp = async (kind: ClientKind, options: DriverOptions): Promise<Driver> => {
  const { args, env, answers, capabilities, ...more } = options;
  const server = await serveHttp(args, env, more);
  const driver = await connectTo(server.url, kind, { answers, capabilities });
  return {
    ...driver,
    stderr: server.stderr,
    close: async () => {
      await driver.close();
      await server.end();
    },
  };
};

/** In this process, over a linked pair of the client's own SDK. */
const inProcess = async (kind: ClientKind, options: DriverOptions): Promise<Driver> => {
  const server = await startServer(options);
  const [near, far] = (kind === "v1" ? PairV1 : PairV2).createLinkedPair();
  const connection = await server.connect(far);
  const driver = await drive(kind, near, options);
  return {
    ...driver,
    stderr: server.log,
    close: async () => {
      await driver.close();
      await connection.close();
      await server.close();
    },
  };
};

/** The bundle, started by the client. */
const overStdio = async (kind: ClientKind, options: DriverOptions): Promise<Driver> => {
  const args = [bundle, ...(options.args ?? [])];
  const env = programEnv(options.env);
  const how = { command: process.execPath, args, env, stderr: "pipe" as const };
  let stderr = "";
  const transport: any = kind === "v1" ? new StdioV1(how) : new StdioV2(how);
  transport.stderr?.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const driver = await drive(kind, transport, options);
  return {
    ...driver,
    stderr: () => stderr,
    close: async () => {
      await driver.close();
      recordRun(args, env, { stdout: "", stderr });
    },
  };
};

/** Connects a client of this kind to a server of its own. */
export const connect = (kind: Kind, options: DriverOptions = {}): Promise<Driver> => {
  const client = clients.find((one) => kind === one || kind === `${one} over http`) ?? "v1";
  if (kind !== client) return overHttp(client, options);
  return (options.bundle ?? isBundle) ? overStdio(client, options) : inProcess(client, options);
};
