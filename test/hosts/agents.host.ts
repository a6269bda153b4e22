/** The journey there and back, called by the loops of three agent frameworks; only the model is scripted. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { programEnv, runCommand } from "../support/bundle.ts";
import { connect } from "../support/clients.ts";
import type { Listed } from "../support/journey.ts";
import { installed, load, node22, repository } from "./tools.ts";

const agents = join(repository, "examples/agents");
const journey = [
  "get_account",
  "create_project",
  // The region is spelt as AWS does, and then as the answer said.
  "create_flex_cluster",
  "create_flex_cluster",
  "create_database_user",
  "create_access_list_entry",
  "get_project",
  "delete_flex_cluster",
  "delete_project",
];

type Offered = { function: { name: string; description: string; parameters: object } };
type Heard = { model: string; messages: { role: string; content: unknown }[]; tools: Offered[] };

let folder: string;
let listed: Listed[];
beforeAll(async () => {
  installed("../../../examples/agents/node_modules/ai/package.json");
  folder = mkdtempSync(join(tmpdir(), "agents-"));
  const driver = await connect("v2 modern", {});
  listed = await driver.listTools();
  await driver.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

const runAgent = (name: string, env: Record<string, string> = {}) => {
  const credentials = { ATLAS_MCP_CREDENTIALS_DIR: join(folder, name) };
  const all = { ...programEnv(), ...credentials, ...env };
  return runCommand(node22(), [join(agents, `${name}.mjs`)], all, 50_000);
};

/** What a framework may do to an input schema and mean the same. */
const plain = ({ $schema, ...schema }: Record<string, any> = {}) => schema;

describe.concurrent.each([
  ["vercel", "the Vercel AI SDK"],
  ["openai", "the OpenAI Agents SDK"],
  ["langchain", "LangChain's MCP adapters"],
])("%s.mjs, %s", (name) => {
  it("goes from an empty organization to a connection string, and back to empty", async () => {
    const { code, stdout, stderr } = await runAgent(name);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect([...stdout.matchAll(/^-> (\w+)/gm)].map(([, tool]) => tool)).toEqual(journey);
    const end = stdout.trim().split("\n").at(-1) ?? "";
    expect(end).toMatch(
      /^The cluster was IDLE at mongodb\+srv:\/\/orders\.\w+\.mongodb\.invalid, /,
    );
    expect(end).toMatch(/open to 203\.0\.113\.7\/32; .* Project: deleted\.$/);
    const [, file = ""] = /the password of app is in (\S+app\.env)\. /.exec(end) ?? [];
    const { MONGODB_PASSWORD, MONGODB_URI } = parseEnv(readFileSync(file, "utf8"));
    expect(MONGODB_URI).toContain(`:${MONGODB_PASSWORD}@orders.`);
    expect(stdout).not.toContain(MONGODB_PASSWORD);
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
    for (const { tools } of heard)
      expect(tools.map((tool) => tool.function)).toEqual(
        listed.map(({ name, description, inputSchema }) =>
          expect.objectContaining({
            name,
            description,
            parameters: expect.objectContaining(plain(inputSchema)),
          }),
        ),
      );
    // The model read what went wrong, as text, though it was an error.
    const said = heard.at(-1)?.messages.filter(({ role }) => role === "tool") ?? [];
    expect(JSON.stringify(said[2]?.content)).toContain("invalid_input");
  });

  it("says what is missing where a model is named and no key is there", async () => {
    const { code, stdout, stderr } = await runAgent(name, { OPENAI_MODEL: "another" });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toBe(
      "OPENAI_MODEL needs OPENAI_API_KEY, or OPENAI_BASE_URL for your own endpoint.\n",
    );
  });
});
