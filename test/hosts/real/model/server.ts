/** A model that plays from a script, behind the APIs of four vendors on loopback. All else is the host's own loop. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { anthropic } from "./anthropic.ts";
import { chat } from "./chat.ts";
import { gemini } from "./gemini.ts";
import { responses } from "./responses.ts";
import type { Heard, OfferedTool, Said } from "./wire.ts";

const wires = [anthropic, responses, chat, gemini];

/** A call of the tool whose offered name ends so, or a sentence that ends the turn. */
export type Step = [tool: string, args: object] | string;

/** What has been heard, and the last result as this server wrote it. */
export type Script = (Step | ((last: Record<string, any>) => Step))[];

export type Model = {
  url: string;
  /** The requests with tools, which the script has answered. */
  heard: Heard[];
  /** The requests that the model could not answer. */
  problems: string[];
  /** What the model read of each call, in the order of the script. */
  results(): string[];
  close(): void;
};

/** The object of this server in a text that a host may have wrapped or escaped. */
export const objectIn = (text: string): Record<string, any> => {
  const plain = text.includes('{\\"') ? text.replaceAll('\\"', '"').replaceAll("\\\\", "\\") : text;
  const start = plain.search(/\{"(shown|status|error)"/);
  for (let end = plain.length; start >= 0 && end > start; end = plain.lastIndexOf("}", end - 2) + 1)
    try {
      return JSON.parse(plain.slice(start, end));
    } catch {}
  return {};
};

const toolNamed = (tools: OfferedTool[], name: string): OfferedTool => {
  const tool =
    tools.find((one) => one.name === name) ?? tools.find((one) => one.name.endsWith(name));
  if (tool === undefined) throw new Error(`${name} is not among ${tools.map((one) => one.name)}`);
  return tool;
};

export const startModel = async (script: Script): Promise<Model> => {
  const heard: Heard[] = [];
  const problems: string[] = [];
  let played = 0;

  const next = (request: Heard): Said => {
    const step = script[played] ?? "The script is at its end.";
    const read = request.results.at(-1)?.text ?? "";
    const said = typeof step === "function" ? step(objectIn(read)) : step;
    const tool = typeof said === "string" ? undefined : toolNamed(request.tools, said[0]);
    // Not before: a host repeats a request that was refused.
    played += 1;
    return tool === undefined
      ? { text: String(said) }
      : { id: `call_${played}`, tool, args: Object(said[1]) };
  };

  const server = createServer(async (request, response) => {
    const path = request.url ?? "";
    const wire = wires.find((one) => one.path.test(path));
    const end = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (request.method !== "POST" || wire === undefined) {
      problems.push(`${request.method} ${path}`);
      return end(404, { error: { message: "unknown" } });
    }
    try {
      const body: any = await json(request);
      const asked = wire.read(body);
      const isMain = asked.tools.length > 0;
      if (isMain) heard.push(asked);
      // Without tools a host wants something else, such as a title.
      const said = isMain ? next(asked) : { text: "Atlas" };
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const { event, data } of wire.stream(said, body.model ?? "scripted")) {
        const text = typeof data === "string" ? data : JSON.stringify(data);
        response.write(`${event === undefined ? "" : `event: ${event}\n`}data: ${text}\n\n`);
      }
      response.end();
    } catch (error) {
      const { message } = error as Error;
      problems.push(`${request.method} ${path}: ${message}`);
      end(400, { error: { type: "invalid_request_error", message } });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    problems,
    results: () => heard.at(-1)?.results.map(({ text }) => text) ?? [],
    close: () => server.close().closeAllConnections(),
  };
};
