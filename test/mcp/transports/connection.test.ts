import { Server } from "@modelcontextprotocol/server";
import { describe, expect, it } from "vitest";
import { serveConnection, type Transport } from "../../../src/mcp/transports/connection.ts";
import { until } from "../../support/until.ts";

/** A server whose one tool asks its user, and tells with what the question ended. */
const asking = () => {
  const server = new Server({ name: "asking", version: "1" }, { capabilities: { tools: {} } });
  server.setRequestHandler("tools/call", async (_request, { mcpReq }) => {
    const params = {
      message: "Go on?",
      requestedSchema: { type: "object" as const, properties: {} },
    };
    const text = await mcpReq
      .send({ method: "elicitation/create", params })
      .then(({ action }) => action)
      .catch((error: Error) => `failed: ${error.message}`);
    return { content: [{ type: "text", text }] };
  });
  return server;
};

/** A connection of the era of 2025 whose call has asked its user: the id of the question, and what was said. */
const openQuestion = async () => {
  const said: any[] = [];
  const ignored: string[] = [];
  const transport: Transport = {
    start: async () => {},
    send: async (message) => void said.push(message),
    close: async () => {},
  };
  const connection = await serveConnection(
    transport,
    asking,
    () => {},
    (why) => ignored.push(why),
  );
  const hear = (message: object) => transport.onmessage?.({ jsonrpc: "2.0", ...message });
  const clientInfo = { name: "raw", version: "1" };
  const capabilities = { elicitation: {} };
  const params = { protocolVersion: "2025-11-25", capabilities, clientInfo };
  hear({ id: "hello", method: "initialize", params });
  await until(() => said.length > 0, "the greeting");
  hear({ method: "notifications/initialized" });
  hear({ id: "call", method: "tools/call", params: { name: "ask", arguments: {} } });
  const question = await until(() => said.find((one) => one.method !== undefined), "the question");
  const answer = () => said.find(({ id }) => id === "call");
  return { hear, answer, ignored, id: question.id, close: () => connection.close() };
};

describe("a question whose answer is no response", () => {
  it.each([{ error: "nope" }, { result: null }])(
    "ends at once, and is told: %j",
    async (broken) => {
      const { hear, answer, ignored, id, close } = await openQuestion();
      hear({ id, ...broken });
      const { result } = await until(answer, "the answer to the call");
      expect(result.content[0].text).toMatch(/^failed: .*response is not valid/);
      expect(ignored).toEqual([expect.stringContaining("response is not valid")]);
      await close();
    },
  );

  it("goes on where the id is of no question", async () => {
    const { hear, answer, ignored, id, close } = await openQuestion();
    hear({ id: "other", result: null });
    hear({ id, result: { action: "accept", content: {} } });
    const { result } = await until(answer, "the answer to the call");
    expect(result.content[0].text).toBe("accept");
    expect(ignored).toHaveLength(1);
    await close();
  });
});
