/** mcp-remote, through which a host that knows only stdio reaches the server over HTTP. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { expect, it } from "vitest";
import { serveHttp } from "../../../support/http.ts";
import { aws, startSandbox } from "../../../support/live-sandbox.ts";
import { mint, tokenFile } from "../../../support/token-file.ts";
import { installed, node24 } from "../../tools.ts";
import { entryOf } from "../page.ts";

const host = "mcp-remote";
const program = installed("../real/all/node_modules/mcp-remote/dist/proxy.js");

it("passes calls, progress, questions, failures and the prompt on, with the token", async () => {
  const home = mkdtempSync(join(tmpdir(), "host-"));
  const sandbox = await startSandbox({ provisionMs: 1500 });
  const { token, entry } = await mint("remote");
  const file = tokenFile(entry);
  const server = await serveHttp(["--tokens", file.path], {
    ...sandbox.env,
    ATLAS_MCP_CONFIRM: "auto",
  });
  const [, , , ...args] = JSON.parse(entryOf(host)).mcpServers["atlas-provision"].args;
  const transport = new StdioClientTransport({
    command: node24(),
    args: [program, server.url, ...args].map((word) => word.replace("...", token)),
    env: { PATH: dirname(node24()), HOME: home, HTTPS_PROXY: "http://127.0.0.1:9" },
    stderr: "pipe",
  });
  const client = new Client(
    { name: "test", version: "1.0.0" },
    { capabilities: { elicitation: {} } },
  );
  const asked: string[] = [];
  client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
    asked.push(params.message);
    return { action: "accept", content: { agree: true } };
  });
  try {
    await client.connect(transport);
    expect((await client.listTools()).tools).toHaveLength(15);
    const call = async (name: string, given: Record<string, unknown>, onprogress = () => {}) =>
      ((await client.callTool({ name, arguments: given }, undefined, { onprogress })) as any)
        .structuredContent;
    const { project } = await call("create_project", { name: "shop", orgId: sandbox.orgId });
    let progress = 0;
    const cluster = { groupId: project.id, name: "orders", providerSettings: aws, waitSeconds: 30 };
    const made = await call("create_flex_cluster", cluster, () => {
      progress += 1;
    });
    expect(made).toMatchObject({ outcome: "created", receipt: { approver: "user" } });
    expect(asked).toEqual([expect.stringContaining("8 to 30 USD a month")]);
    expect(progress).toBeGreaterThan(0);
    const refused = await call("create_project", { name: "shop!", orgId: sandbox.orgId });
    expect(refused.error.code).toBe("invalid_input");
    const { messages } = await client.getPrompt({ name: "provision_flex_cluster" });
    expect(messages).toHaveLength(1);
  } finally {
    await client.close();
    await server.end("SIGTERM");
    await sandbox.close();
    file.remove();
    rmSync(home, { recursive: true });
  }
});
