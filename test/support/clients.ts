/** Real MCP clients over the real bundle, on stdio and over HTTP: SDK v1, SDK v2 speaking the 2025 era, SDK v2 speaking 2026-07-28. */
import {
  Client as ClientV2,
  StreamableHTTPClientTransport as HttpV2,
} from "@modelcontextprotocol/client";
import { StdioClientTransport as StdioV2 } from "@modelcontextprotocol/client/stdio";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as StdioV1 } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as HttpV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { bundle, childEnv } from "./bundle.ts";
import { serve } from "./program.ts";

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

export type ClientKind = (typeof clients)[number];
export type Kind = (typeof kinds)[number];

export { bundle, childEnv };

export type Progress = {
  progress: number;
  total?: number | undefined;
  message?: string | undefined;
};

export type ToolResult = { structured: Record<string, any>; text: string; isError: boolean };

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
  /** The questions that the user was shown. */
  asked: string[];
  pid(): number | undefined;
  stderr(): string;
  close(): Promise<void>;
};

/** What the user of a host does with a question; a host without an answer declares that it cannot ask. */
export type UserAnswer = "accept" | "decline" | "cancel" | "never";

export type DriverOptions = {
  env?: Record<string, string>;
  args?: string[];
  answer?: UserAnswer | undefined;
  /** How long the user takes. */
  answerMs?: number;
};

const resultOf = (result: any): ToolResult => ({
  structured: result.structuredContent,
  text: result.content?.[0]?.text ?? "",
  isError: result.isError === true,
});

const info = { name: "test", version: "1.0.0" };

/** Lets the client's user answer questions, and notes them. */
const answerWith = (client: any, kind: ClientKind, options: DriverOptions, asked: string[]) => {
  const { answer, answerMs = 0 } = options;
  if (answer === undefined) return;
  const handler = async ({ params }: { params: { message: string } }) => {
    asked.push(params.message);
    if (answer === "never") await new Promise(() => {});
    await new Promise((resolve) => setTimeout(resolve, answerMs));
    return { action: answer, ...(answer === "accept" ? { content: {} } : {}) };
  };
  client.setRequestHandler(kind === "v1" ? ElicitRequestSchema : "elicitation/create", handler);
};

/** A client of this kind on a transport of its own SDK, as a driver without a process. */
const drive = async (
  kind: ClientKind,
  transport: any,
  options: DriverOptions = {},
): Promise<Omit<Driver, "pid" | "stderr">> => {
  const asks = options.answer === undefined ? {} : { capabilities: { elicitation: {} } };
  const asked: string[] = [];
  const client: any =
    kind === "v1"
      ? new ClientV1(info, asks)
      : new ClientV2(info, {
          ...asks,
          versionNegotiation: { mode: kind === "v2 modern" ? { pin: "2026-07-28" } : "legacy" },
        });
  answerWith(client, kind, options, asked);
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
    asked,
    close: () => client.close(),
  };
};

/** A client of this kind on an endpoint that is there already; `headers` go with every request. */
const connectTo = (
  url: string,
  kind: ClientKind,
  headers: Record<string, string> = {},
  options: DriverOptions = {},
): Promise<Omit<Driver, "pid" | "stderr">> => {
  const Transport = kind === "v1" ? HttpV1 : HttpV2;
  return drive(kind, new Transport(new URL(url), { requestInit: { headers } }), options);
};

const overHttp = async (kind: ClientKind, options: DriverOptions): Promise<Driver> => {
  const server = await serve(["http", "--port", "0", ...(options.args ?? [])], options.env);
  const driver = await connectTo(server.line.url ?? "", kind, {}, options);
  return {
    ...driver,
    pid: () => server.child.pid,
    stderr: server.stderr,
    close: async () => {
      await driver.close();
      await server.end("SIGTERM");
    },
  };
};

const overStdio = async (kind: ClientKind, options: DriverOptions): Promise<Driver> => {
  const how = {
    command: process.execPath,
    args: [bundle, ...(options.args ?? [])],
    env: childEnv(options.env),
    stderr: "pipe" as const,
  };
  let stderr = "";
  const transport: any = kind === "v1" ? new StdioV1(how) : new StdioV2(how);
  transport.stderr?.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const driver = await drive(kind, transport, options);
  return { ...driver, pid: () => transport.pid ?? undefined, stderr: () => stderr };
};

/** Starts the bundle and connects a client of this kind to it. */
export const connect = (kind: Kind, options: DriverOptions = {}): Promise<Driver> => {
  const client = clients.find((one) => kind === one || kind === `${one} over http`) ?? "v1";
  return kind === client ? overStdio(client, options) : overHttp(client, options);
};
