/** The adapters for models: what they send, what they make of the answers, and when they send again. */
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { createAnthropic } from "../../evals/models/anthropic.mjs";
import { createModelSender } from "../../evals/models/http.mjs";
import { chooseModel } from "../../evals/models/index.mjs";
import { createOpenAi } from "../../evals/models/openai.mjs";

type Answer = { status?: number; headers?: Record<string, string>; body: unknown } | "hang";
type Heard = { path: string | undefined; headers: IncomingHttpHeaders; body: any };

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** An endpoint that gives these answers, one after the other. */
const startEndpoint = async (answers: Answer[]) => {
  const heard: Heard[] = [];
  const http = createServer(async (request, response) => {
    heard.push({ path: request.url, headers: request.headers, body: await json(request) });
    const answer = answers[heard.length - 1] ?? answers.at(-1);
    if (answer === undefined || answer === "hang") return;
    const { status = 200, headers = {}, body } = answer;
    response.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  closing.push(() => http.close().closeAllConnections());
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, heard };
};

const tools = [{ name: "look", description: "Looks.", inputSchema: { type: "object" } }];

const open = (create: any, url: string, signal?: AbortSignal) => {
  const sender = createModelSender({ timeoutMs: 1000, minTimeout: 5, maxRetries: 2 });
  closing.push(() => sender.close());
  const conversation = create({ baseUrl: url, model: "m", apiKey: "k", sender });
  return conversation({ system: "Be short.", tools, signal });
};

const message = (content: unknown[], usage: object = {}) => ({ body: { content, usage } });
const choice = (said: object, usage?: object) => ({
  body: { choices: [{ message: said }], usage },
});

describe("Anthropic's Messages", () => {
  it("carry the tools, the results and what only the model can read", async () => {
    const thought = { type: "thinking", thinking: "hm", signature: "s" };
    const use = { type: "tool_use", id: "c1", name: "look", input: { at: 1 } };
    const { url, heard } = await startEndpoint([
      message([thought, { type: "text", text: "Wait." }, use], {
        input_tokens: 5,
        cache_read_input_tokens: 7,
        cache_creation_input_tokens: 1,
        output_tokens: 3,
      }),
      message([{ type: "text", text: "Nothing." }]),
    ]);
    const model = open(createAnthropic, url);
    model.say("Look.");
    expect(await model.next()).toEqual({
      text: "Wait.",
      calls: [{ id: "c1", name: "look", args: { at: 1 } }],
      tokens: { in: 13, out: 3 },
    });
    model.results([{ id: "c1", text: "dark", failed: true }]);
    expect(await model.next()).toMatchObject({ text: "Nothing.", calls: [] });
    expect(heard[1]).toMatchObject({
      path: "/v1/messages",
      headers: { "x-api-key": "k", "anthropic-version": "2023-06-01" },
      body: {
        system: "Be short.",
        tools: [{ name: "look", description: "Looks.", input_schema: { type: "object" } }],
        messages: [
          { role: "user", content: "Look." },
          { role: "assistant", content: [thought, { type: "text", text: "Wait." }, use] },
          {
            role: "user",
            content: [{ type: "tool_result", tool_use_id: "c1", content: "dark", is_error: true }],
          },
        ],
      },
    });
  });
});

describe("OpenAI's chat completions", () => {
  it("carry the tools and the results, and say which arguments are not JSON", async () => {
    const call = (id: string, text: string) => ({
      id,
      type: "function",
      function: { name: "look", arguments: text },
    });
    const calls = [call("c1", '{"at":1}'), call("c2", "{at"), call("c3", "")];
    const { url, heard } = await startEndpoint([
      choice(
        { role: "assistant", content: null, tool_calls: calls },
        { prompt_tokens: 9, completion_tokens: 4 },
      ),
      choice({ role: "assistant", content: "Nothing." }),
    ]);
    const model = open(createOpenAi, `${url}/v1/`);
    model.say("Look.");
    expect(await model.next()).toEqual({
      text: "",
      calls: [
        { id: "c1", name: "look", args: { at: 1 } },
        { id: "c2", name: "look", args: {}, problem: expect.stringContaining("not JSON") },
        { id: "c3", name: "look", args: {} },
      ],
      tokens: { in: 9, out: 4 },
    });
    model.results(calls.map(({ id }) => ({ id, text: "dark" })));
    expect(await model.next()).toEqual({ text: "Nothing.", calls: [], tokens: { in: 0, out: 0 } });
    expect(heard[1]).toMatchObject({
      path: "/v1/chat/completions",
      headers: { authorization: "Bearer k" },
      body: {
        tools: [{ type: "function", function: { name: "look", parameters: { type: "object" } } }],
        messages: [
          { role: "system", content: "Be short." },
          { role: "user", content: "Look." },
          { role: "assistant", tool_calls: calls },
          { role: "tool", tool_call_id: "c1", content: "dark" },
          { role: "tool", tool_call_id: "c2", content: "dark" },
          { role: "tool", tool_call_id: "c3", content: "dark" },
        ],
      },
    });
  });
});

describe("an endpoint that", () => {
  const fine = message([{ type: "text", text: "Here." }]);

  it.each([429, 500, 503, 529])("answers %s is asked again", async (status) => {
    const { url, heard } = await startEndpoint([{ status, body: "busy" }, fine]);
    expect(await open(createAnthropic, url).next()).toMatchObject({ text: "Here." });
    expect(heard).toHaveLength(2);
  });

  it("says when to come again is not asked before", async () => {
    const { url } = await startEndpoint([
      { status: 429, headers: { "retry-after": "1" }, body: "slow down" },
      fine,
    ]);
    const startedAt = performance.now();
    await open(createAnthropic, url).next();
    expect(performance.now() - startedAt).toBeGreaterThan(900);
  });

  it("stays busy ends the task and not the run", async () => {
    const { url, heard } = await startEndpoint([{ status: 429, body: "no" }]);
    const failed = open(createAnthropic, url).next();
    await expect(failed).rejects.toMatchObject({
      message: `${url}/v1/messages answers 429: no`,
      fatal: false,
    });
    expect(heard).toHaveLength(3);
  });

  it.each([401, 403, 404])("answers %s ends the run at once", async (status) => {
    const { url, heard } = await startEndpoint([{ status, body: { error: "wrong key" } }]);
    const failed = open(createAnthropic, url).next();
    await expect(failed).rejects.toMatchObject({
      fatal: true,
      message: expect.stringContaining("wrong key"),
    });
    expect(heard).toHaveLength(1);
  });

  it.each([
    ["a page", { body: "<html>" }, "answers no JSON"],
    ["an object of something else", { body: {} }, "answers without content"],
  ])("answers %s is named", async (_what, answer, problem) => {
    const { url } = await startEndpoint([answer]);
    await expect(open(createAnthropic, url).next()).rejects.toThrow(problem);
  });

  it("does not answer is left when the task ends", async () => {
    const { url } = await startEndpoint(["hang"]);
    const signal = AbortSignal.timeout(50);
    await expect(open(createAnthropic, url, signal).next()).rejects.toThrow(/timeout/);
  });
});

describe("the settings of the model", () => {
  it.each([
    [{}, "scripted", undefined],
    [{ ANTHROPIC_API_KEY: "k" }, "scripted", undefined],
    [{ ANTHROPIC_API_KEY: "k", EVALS_MODEL: "m" }, "m", "anthropic"],
    [{ OPENAI_API_KEY: "k", EVALS_MODEL: "m" }, "m", "openai"],
    [
      { EVALS_PROVIDER: "openai", EVALS_BASE_URL: "http://127.0.0.1:1/v1", EVALS_MODEL: "m" },
      "m",
      "openai",
    ],
  ])("%j choose %s", async (env, name, provider) => {
    const model: any = chooseModel(env);
    expect([model.name, model.provider]).toEqual([name, provider]);
    await model.close();
  });

  it("take an address with or without its version, and that of the vendor's own variable", async () => {
    for (const path of ["", "/", "/v1", "/v1/"]) {
      const { url, heard } = await startEndpoint([message([])]);
      const env = { ANTHROPIC_API_KEY: "k", ANTHROPIC_BASE_URL: `${url}${path}`, EVALS_MODEL: "m" };
      const model: any = chooseModel(env);
      closing.push(() => model.close());
      await (await model.play()).open({ system: "", tools: [] }).next();
      expect(heard.map((one) => one.path)).toEqual(["/v1/messages"]);
    }
  });

  it.each([
    [{ EVALS_MODEL: "m" }, "needs ANTHROPIC_API_KEY or OPENAI_API_KEY"],
    [{ EVALS_MODEL: "m", EVALS_PROVIDER: "gemini" }, "it can be anthropic or openai"],
    [{ EVALS_MODEL: "m", EVALS_PROVIDER: "openai" }, "needs OPENAI_API_KEY, or EVALS_BASE_URL"],
  ])("%j are refused", (env, problem) => {
    expect(() => chooseModel(env)).toThrow(problem);
  });
});
