/** The journey that each example agent goes, as its output tells it. */
import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { expect } from "vitest";
import type { Listed } from "../support/journey.ts";

/** The server says nothing by itself, so that what is on stderr is the agent's. */
export const quiet = { ATLAS_MCP_LOG_LEVEL: "error" };

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

/** From an empty organization to a connection string, and back to empty. */
export const expectJourney = (stdout: string): void => {
  expect([...stdout.matchAll(/^-> (\w+)/gm)].map(([, tool]) => tool)).toEqual(journey);
  const end = stdout.trim().split("\n").at(-1) ?? "";
  expect(end).toMatch(/^The cluster was IDLE at mongodb\+srv:\/\/orders\.\w+\.mongodb\.invalid, /);
  expect(end).toMatch(/open to 203\.0\.113\.7\/32; .* Project: deleted\.$/);
  const [, file = ""] = /the password of app is in (\S+app\.env)\. /.exec(end) ?? [];
  const { MONGODB_PASSWORD, MONGODB_URI } = parseEnv(readFileSync(file, "utf8"));
  expect(MONGODB_URI).toContain(`:${MONGODB_PASSWORD}@orders.`);
  expect(stdout).not.toContain(MONGODB_PASSWORD);
};

/** A request to OpenAI's chat completions, as far as the tests look at it. */
export type Heard = {
  model: string;
  messages: { role: string; content: unknown }[];
  tools: { function: { name: string; description: string; parameters: object } }[];
};

/** A schema without what a framework may add and mean the same, at any depth. */
const plain = (schema: object = {}) =>
  JSON.parse(JSON.stringify(schema), (key, value) =>
    key === "$schema" || key === "additionalProperties" ? undefined : value,
  );

/** The model was offered the tools as the server lists them, and read the error of the misspelt region as text. */
export const expectTools = (heard: Heard[], listed: Listed[]): void => {
  for (const { tools } of heard)
    expect(tools.map((tool) => plain(tool.function))).toEqual(
      listed.map(({ name, description, inputSchema }) =>
        expect.objectContaining({
          name,
          description,
          parameters: expect.objectContaining(plain(inputSchema)),
        }),
      ),
    );
  const said = heard.at(-1)?.messages.filter(({ role }) => role === "tool") ?? [];
  expect(JSON.stringify(said[2]?.content)).toContain("invalid_input");
};
