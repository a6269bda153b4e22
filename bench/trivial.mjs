// The same SDK over HTTP with one tool that does nothing: what a call costs before any of our code.
import { serve } from "@hono/node-server";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import * as z from "zod/v4";

const input = z.object({ text: z.string() });

const build = () => {
  const server = new McpServer({ name: "trivial", version: "1.0.0" });
  server.registerTool("echo", { description: "Echoes.", inputSchema: input }, ({ text }) => ({
    content: [{ type: "text", text }],
  }));
  return server;
};

const handler = createMcpHandler(build, { legacy: "reject" });
serve({ fetch: (request) => handler.fetch(request), port: 0, hostname: "127.0.0.1" }, ({ port }) =>
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}/mcp` })),
);
