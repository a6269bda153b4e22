/** The journey there and back, called by the loops of three agent frameworks; only the model is scripted. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { programEnv, runCommand } from "../support/bundle.ts";
import { connect } from "../support/clients.ts";
import type { Listed } from "../support/journey.ts";
import { expectJourney, expectTools, type Heard, quiet } from "./agent-journey.ts";
import { installed, load, node22, repository } from "./tools.ts";

const agents = join(repository, "examples/agents");
let folder: string;
let home: string;
let listed: Listed[];
beforeAll(async () => {
  installed("../../../examples/agents/node_modules/ai/package.json");
  folder = mkdtempSync(join(tmpdir(), "agents-"));
  home = join(folder, "home");
  mkdirSync(home);
  const driver = await connect("v2 modern", {});
  listed = await driver.listTools();
  await driver.close();
});
afterAll(() => {
  const left = readdirSync(home, { recursive: true });
  rmSync(folder, { recursive: true });
  expect(left).toEqual([]);
});

const runAgent = (name: string, env: Record<string, string> = {}) => {
  // The agent chooses where its passwords go: not into the home of whoever runs it.
  const { ATLAS_MCP_CREDENTIALS_DIR: _, ...program } = programEnv({ HOME: home, TMPDIR: folder });
  const all = { ...program, ...quiet, ...env };
  return runCommand(node22(), [join(agents, `${name}.mjs`)], all, 50_000);
};

describe.concurrent.each([
  ["vercel", "the Vercel AI SDK"],
  ["openai", "the OpenAI Agents SDK"],
  ["langchain", "LangChain's MCP adapters"],
])("%s.mjs, %s", (name) => {
  it("goes from an empty organization to a connection string, and back to empty", async () => {
    const { code, stdout, stderr } = await runAgent(name);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expectJourney(stdout);
  });

  it("gives the tools as they are to the model that OPENAI_MODEL names", async () => {
    const { startScriptedModel } = await load(join(agents, "scripted-model.mjs"));
    const heard: Heard[] = [];
    const model = await startScriptedModel((body: Heard) => heard.push(body));
    try {
      const env = { OPENAI_MODEL: "another", OPENAI_BASE_URL: model.baseURL };
      expect(await runAgent(name, env)).toMatchObject({ code: 0, stderr: "" });
    } finally {
      model.close();
    }
    expect(new Set(heard.map((body) => body.model))).toEqual(new Set(["another"]));
    expectTools(heard, listed);
  });

  it("says what is missing where a model is named and no key is there", async () => {
    const { code, stdout, stderr } = await runAgent(name, { OPENAI_MODEL: "another" });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toBe(
      "OPENAI_MODEL needs OPENAI_API_KEY, or OPENAI_BASE_URL for your own endpoint.\n",
    );
  });
});
