/** The journey there and back, called by the loops of Python's agent frameworks; only the model is scripted. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommand } from "../support/bundle.ts";
import { connect } from "../support/clients.ts";
import { serveHttp } from "../support/http.ts";
import type { Listed } from "../support/journey.ts";
import { expectJourney, expectTools, quiet } from "./agent-journey.ts";
import { examples, pythonEnv, pythonWith, type Release } from "./python/environment.ts";
import { prepare } from "./python/ways.ts";
import { load } from "./tools.ts";

const boundMs = 120_000;

type Model = { baseURL: string; geminiURL: string; close(): void };

/** How an example is told of a model. */
const openai = ({ baseURL }: Model) => ({ OPENAI_MODEL: "another", OPENAI_BASE_URL: baseURL });
const gemini = ({ geminiURL }: Model) => ({
  GEMINI_MODEL: "another",
  GOOGLE_API_KEY: "none",
  GOOGLE_GEMINI_BASE_URL: geminiURL,
});

type Agent = { release: Release; tell: typeof openai | typeof gemini; transport: "stdio" | "HTTP" };

/** The examples, and what they are run over with the model of their own; with another it is stdio. */
const agents: [string, Agent][] = [
  ["with_mcp", { release: 2, tell: openai, transport: "HTTP" }],
  ["with_openai_agents", { release: 2, tell: openai, transport: "stdio" }],
  ["with_pydantic_ai", { release: 2, tell: openai, transport: "stdio" }],
  ["with_google_adk", { release: 2, tell: gemini, transport: "stdio" }],
  ["with_langchain", { release: 1, tell: openai, transport: "HTTP" }],
];

let folder: string;
let listed: Listed[];
let prepared: Awaited<ReturnType<typeof prepare>>;
beforeAll(async () => {
  prepared = await prepare();
  folder = mkdtempSync(join(tmpdir(), "agents-"));
  const driver = await connect("v2 modern");
  listed = await driver.listTools();
  await driver.close();
});
afterAll(() => {
  prepared?.tokens.remove();
  rmSync(folder, { recursive: true });
});

const runPython = async (release: Release, args: string[], env: Record<string, string> = {}) => {
  const python = await pythonWith(release);
  return runCommand(python, args, pythonEnv(env), boundMs);
};

/** What ADK puts around a description, because it came from a server. */
const fenced = (text = "") =>
  `<<<BEGIN_UNTRUSTED_TOOL_DESCRIPTION>>>\n${text}\n<<<END_UNTRUSTED_TOOL_DESCRIPTION>>>`;

/** The same with Gemini's declarations of functions. */
const expectFunctions = (heard: any[]) => {
  const tools = listed.map(({ name, description }) => [name, fenced(description)]);
  for (const {
    tools: [{ functionDeclarations }],
  } of heard)
    expect(functionDeclarations.map((one: any) => [one.name, one.description])).toEqual(
      // In the order of the alphabet.
      tools.sort(([one = ""], [other = ""]) => (one < other ? -1 : 1)),
    );
};

describe.concurrent.each(agents)("%s.py", (name, { release, tell, transport }) => {
  const program = join(examples, `${name}.py`);

  it(
    `goes there and back over ${transport}`,
    async () => {
      const settings = { ...quiet, ATLAS_MCP_CREDENTIALS_DIR: join(folder, name) };
      const server =
        transport === "HTTP"
          ? await serveHttp(["--tokens", prepared.tokens.path], settings)
          : undefined;
      const env = server ? { MCP_URL: server.url, MCP_TOKEN: prepared.token } : settings;
      const { code, stdout, stderr } = await runPython(release, [program], env);
      await server?.end();
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expectJourney(stdout);
    },
    boundMs,
  );

  it(
    "goes there and back with the model that a variable names, and gives it the tools",
    async () => {
      const { startScriptedModel } = await load(join(examples, "../scripted-model.mjs"));
      const heard: any[] = [];
      const paths = new Set<string>();
      const model = await startScriptedModel((body: any, path: string) => {
        heard.push(body);
        paths.add(path);
      });
      const settings = { ...quiet, ATLAS_MCP_CREDENTIALS_DIR: join(folder, `${name}-another`) };
      const { code, stdout, stderr } = await runPython(release, [program], {
        ...settings,
        ...tell(model),
      }).finally(() => model.close());
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expectJourney(stdout);
      if (tell === openai) {
        expect(new Set(heard.map((body) => body.model))).toEqual(new Set(["another"]));
        expectTools(heard, listed);
      } else {
        expect([...paths]).toEqual(["/v1beta/models/another:generateContent"]);
        expectFunctions(heard);
      }
    },
    boundMs,
  );
});

it.each([
  ["open_model", "OPENAI_MODEL needs OPENAI_API_KEY, or OPENAI_BASE_URL for your own endpoint.\n"],
  ["open_gemini", "GEMINI_MODEL needs GOOGLE_API_KEY.\n"],
])("%s says what is missing where a model is named and no key is there", async (open, says) => {
  const named = { OPENAI_MODEL: "another", GEMINI_MODEL: "another", PYTHONPATH: examples };
  const script = `import model\nwith model.${open}(): print("open")`;
  const { code, stdout, stderr } = await runPython(2, ["-c", script], named);
  expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: "", stderr: says });
});
