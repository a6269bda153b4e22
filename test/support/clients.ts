/** Real MCP clients over the real bundle: SDK v1, SDK v2 speaking the 2025 era, SDK v2 speaking 2026-07-28. */
import { fileURLToPath } from "node:url";
import { Client as ClientV2 } from "@modelcontextprotocol/client";
import { StdioClientTransport as StdioV2 } from "@modelcontextprotocol/client/stdio";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as StdioV1 } from "@modelcontextprotocol/sdk/client/stdio.js";

export const bundle = fileURLToPath(new URL("../../dist/cli.cjs", import.meta.url));

export const kinds = ["v1", "v2 legacy", "v2 modern"] as const;

export type Kind = (typeof kinds)[number];

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
    options?: { onprogress?: (progress: Progress) => void; signal?: AbortSignal; timeout?: number },
  ): Promise<ToolResult>;
  instructions(): string | undefined;
  pid(): number | undefined;
  stderr(): string;
  close(): Promise<void>;
};

export type DriverOptions = { env?: Record<string, string>; args?: string[] };

/** The environment of a child: a way to find node, nothing of this machine's Atlas settings, and no questions unless a test wants them. */
export const childEnv = (env: Record<string, string> = {}): Record<string, string> => ({
  PATH: process.env.PATH ?? "",
  HOME: process.env.HOME ?? "",
  ATLAS_MCP_CONFIRM: "never",
  ...env,
});

const resultOf = (result: any): ToolResult => ({
  structured: result.structuredContent,
  text: result.content?.[0]?.text ?? "",
  isError: result.isError === true,
});

/** Starts the bundle and connects a client of this kind to it. */
export const connect = async (kind: Kind, options: DriverOptions = {}): Promise<Driver> => {
  const how = {
    command: process.execPath,
    args: [bundle, ...(options.args ?? [])],
    env: childEnv(options.env),
    stderr: "pipe" as const,
  };
  const info = { name: "test", version: "1.0.0" };
  let stderr = "";
  const transport: any = kind === "v1" ? new StdioV1(how) : new StdioV2(how);
  transport.stderr?.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const client: any =
    kind === "v1"
      ? new ClientV1(info)
      : new ClientV2(info, {
          versionNegotiation: { mode: kind === "v2 modern" ? { pin: "2026-07-28" } : "legacy" },
        });
  await client.connect(transport);
  return {
    listTools: async () => (await client.listTools()).tools,
    call: async (name, args = {}, { onprogress, signal, timeout } = {}) => {
      const how = {
        ...(onprogress ? { onprogress } : {}),
        ...(signal ? { signal } : {}),
        ...(timeout ? { timeout } : {}),
      };
      const params = { name, arguments: args };
      return resultOf(
        kind === "v1"
          ? await client.callTool(params, undefined, how)
          : await client.callTool(params, how),
      );
    },
    instructions: () => client.getInstructions(),
    pid: () => transport.pid ?? undefined,
    stderr: () => stderr,
    close: () => client.close(),
  };
};
