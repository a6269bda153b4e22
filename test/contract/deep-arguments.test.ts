import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  answerOf,
  type HttpServed,
  legacy,
  modern,
  openSession,
  post,
  serveHttp,
} from "../support/http.ts";
import { eras, type Raw, startRaw } from "../support/raw.ts";

// Deeper than the stack of any function that calls itself, and within the size of an HTTP body.
const levels = 100_000;
const lists = "[".repeat(levels) + "]".repeat(levels);
const objects = `${'{"a":'.repeat(levels / 4)}1${"}".repeat(levels / 4)}`;
const id = "32b6e34b3d91647abb20e7b8";

/** Arguments as JSON, which this test could not write from a value; and the path of what is wrong. */
const deep: [what: string, tool: string, args: string, path: string][] = [
  ["lists for a text", "create_project", `{"orgId":"${id}","name":${lists}}`, "name"],
  ["objects for a text", "list_projects", `{"name":${objects}}`, "name"],
  ["lists for a list", "create_project", `{"orgId":"${id}","name":"a","tags":${lists}}`, "tags[0]"],
  [
    "lists within a string",
    "create_project",
    `{"orgId":"${id}","name":"a","tags":"${lists}"}`,
    "tags[0]",
  ],
  [
    "lists in a string in a string",
    "create_project",
    `{"orgId":"${id}","name":"a","tags":${JSON.stringify(JSON.stringify([lists]))}}`,
    "tags[0]",
  ],
  [
    "objects in a member of an object",
    "create_flex_cluster",
    `{"groupId":"${id}","name":"a","providerSettings":{"backingProviderName":"AWS","regionName":${objects}}}`,
    "providerSettings.regionName",
  ],
  [
    "lists for a member that nobody knows",
    "create_project",
    `{"orgId":"${id}","name":"a","tags":[{"key":"a","value":"b","c":${lists}}]}`,
    "tags[0].c",
  ],
  ["lists for an argument that nobody knows", "get_account", `{"a":${lists}}`, "a"],
  ["objects for one named constructor", "get_account", `{"constructor":${objects}}`, "constructor"],
  [
    "lists for a confirmation",
    "delete_project",
    `{"groupId":"${id}","name":"a","confirmation":${lists}}`,
    "confirmation",
  ],
  ["objects for all arguments", "get_account", objects, "a"],
];

const within = <T extends { body: object }>(message: T, args: string) => ({
  ...message,
  body: JSON.stringify(message.body).replace('"ARGUMENTS"', args),
});

const call = (name: string) => ({ name, arguments: "ARGUMENTS" });

const check = (answer: any, path: string) => {
  expect(answer.result.structuredContent.error).toMatchObject({
    code: "invalid_input",
    fields: [{ path }],
  });
};

describe.each(eras)("arguments that are nested too deep, in the era of %s", (era) => {
  let raw: Raw;
  let server: HttpServed;
  let session: string;
  let last = 5000;
  beforeAll(async () => {
    raw = startRaw(era);
    await raw.hello();
    server = await serveHttp();
    session = await openSession(server.url);
  });
  afterAll(async () => {
    await raw.close();
    await server.end("SIGTERM");
  });

  const overStdio = (tool: string, args: string) => {
    last += 1;
    const { body } =
      era === "2026" ? modern("tools/call", call(tool)) : legacy("", "tools/call", call(tool));
    raw.write(`${within({ body: { ...body, id: last } }, args).body}\n`);
    return raw.answer(last, 5000);
  };

  const overHttp = async (tool: string, args: string) => {
    const message =
      era === "2026" ? modern("tools/call", call(tool)) : legacy(session, "tools/call", call(tool));
    return answerOf(await post(server.url, within(message, args)));
  };

  it.each(deep)("are refused over stdio: %s", async (_what, tool, args, path) => {
    check(await overStdio(tool, args), path);
  });

  it.each(deep)("are refused over HTTP: %s", async (_what, tool, args, path) => {
    check(await overHttp(tool, args), path);
  });

  it("leave the server at work, and nothing in its log", async () => {
    expect((await overStdio("get_account", "{}")).result.structuredContent.status).toBe("ok");
    expect((await overHttp("get_account", "{}")).result.structuredContent.status).toBe("ok");
    expect(raw.stderr()).not.toMatch(/unexpected failure|call stack/);
  });
});
