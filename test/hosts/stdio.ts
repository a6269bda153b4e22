/** The built program over stdio, spoken to with a client of any SDK release. */
import { bundle, programEnv } from "../support/bundle.ts";
import { load } from "./tools.ts";

export type OldClient = {
  tools(): Promise<string[]>;
  call(name: string, args: Record<string, unknown>): Promise<Record<string, any>>;
  close(): Promise<void>;
};

/** Connects the client of the package that this folder's package.json calls so. */
export const connectOld = async (name: string): Promise<OldClient> => {
  const { Client } = await load(`${name}/client/index.js`);
  const { StdioClientTransport } = await load(`${name}/client/stdio.js`);
  const client = new Client({ name, version: "1.0.0" }, { capabilities: {} });
  const env = programEnv();
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [bundle], env }),
  );
  return {
    tools: async () => (await client.listTools()).tools.map((tool: { name: string }) => tool.name),
    call: async (tool, args) => {
      const result = await client.callTool({ name: tool, arguments: args });
      return result.structuredContent ?? JSON.parse(result.content[0].text);
    },
    close: () => client.close(),
  };
};
