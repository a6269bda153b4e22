// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of hosts look like this
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileClock } from "../support/fast-clock.ts";
import { aws, type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";
import { run } from "../support/program.ts";
import { startRaw } from "../support/raw.ts";
import {
  badClusterNames,
  badProjectNames,
  badTags,
  goodClusterNames,
  goodProjectNames,
  goodTags,
  mendedNames,
} from "./limits.ts";
import { groupId, orgId, type Recording, startRecording } from "./recording.ts";

const clock = fileClock();

let recording: Recording;
beforeAll(async () => {
  recording = await startRecording(clock);
  // Later counts are of what a call sends, not of the token that the first one needs.
  await recording.driver.call("list_projects");
});
afterAll(async () => {
  await recording.driver.close();
  await recording.close();
});

type Args = Record<string, unknown>;

const project = (more: Args) => ["create_project", { name: "shop", orgId, ...more }] as const;
const cluster = (more: Args) =>
  ["create_flex_cluster", { groupId, name: "db", providerSettings: aws, ...more }] as const;

type Call = readonly [tool: string, args: Args];

/** The body that reached Atlas. */
const sentBy = async ([tool, args]: Call): Promise<unknown> => {
  const { structured } = await recording.driver.call(tool, args);
  expect(structured).toMatchObject({ status: "ok", outcome: "created" });
  return JSON.parse(recording.posts().at(-1)?.body ?? "null");
};

/** The only problem of a call that must not have reached Atlas, not even with a look-up. */
const problemOf = async ([tool, args]: Call): Promise<{ path: string; example?: unknown }> => {
  const before = recording.seen.length;
  const { structured } = await recording.driver.call(tool, args);
  expect(recording.seen).toHaveLength(before);
  const { code, outcome, retry, fields } = structured.error;
  expect({ code, outcome, retry }).toEqual({
    code: "invalid_input",
    outcome: "not_created",
    retry: "after_fix",
  });
  expect(fields).toHaveLength(1);
  expect(fields[0].problem).toMatch(/\S/);
  return fields[0];
};

describe("a project name with", () => {
  it.each(goodProjectNames)("%s is sent as it stands", async (_what, name) => {
    expect(await sentBy(project({ name }))).toEqual({ name, orgId });
  });

  it.each([...mendedNames, ["a combining accent", "cafe\u0301", "café"]])(
    "%s is sent without it",
    async (_what, name, sent) => {
      expect(await sentBy(project({ name }))).toEqual({ name: sent, orgId });
    },
  );

  it.each(["🛒", "", "$1", "${name}", "{{name}}", "%PROJECT%", "a%2Fb", '{"a":1}'])(
    "%j is refused, and no other name is offered",
    async (name) => {
      expect(await problemOf(project({ name }))).not.toHaveProperty("example");
      expect(await problemOf(cluster({ name }))).not.toHaveProperty("example");
    },
  );

  it.each(badProjectNames)(
    "%s is refused before anything is sent, with an example that passes",
    async (_what, name) => {
      const { path, example } = await problemOf(project({ name }));
      expect(path).toBe("name");
      expect(await sentBy(project({ name: example }))).toEqual({ name: example, orgId });
    },
  );
});

describe("a cluster name with", () => {
  it.each(goodClusterNames)("%s is sent as it stands", async (_what, name) => {
    expect(await sentBy(cluster({ name }))).toEqual({ name, providerSettings: aws });
  });

  it.each(mendedNames)("%s is sent without it", async (_what, name, sent) => {
    const body = { name: sent, providerSettings: aws };
    expect(await sentBy(cluster({ name }))).toEqual(body);
  });

  it.each(badClusterNames)(
    "%s is refused before anything is sent, with an example that passes",
    async (_what, name) => {
      const { path, example } = await problemOf(cluster({ name }));
      expect(path).toBe("name");
      const body = { name: example, providerSettings: aws };
      expect(await sentBy(cluster({ name: example }))).toEqual(body);
    },
  );
});

describe.each([
  ["project", project],
  ["cluster", cluster],
] as const)("tags of a %s:", (_kind, call) => {
  it.each(goodTags)("%s go as they stand", async (_what, tags) => {
    expect(await sentBy(call({ tags }))).toMatchObject({ tags });
  });

  it.each(badTags)("%s are refused before anything is sent", async (_what, tags, path) => {
    expect((await problemOf(call({ tags }))).path).toBe(path);
  });
});

const account = { id: "MONGODB_ATLAS_CLIENT_ID", secret: "MONGODB_ATLAS_CLIENT_SECRET" };
const key = { id: "MONGODB_ATLAS_PUBLIC_API_KEY", secret: "MONGODB_ATLAS_PRIVATE_API_KEY" };

describe("the program ends with exit code 2 and one line, which shows no secret, for", () => {
  const canary = "canary-4711";
  it.each<[what: string, variable: string, env: Record<string, string>]>([
    ["a client id alone", account.secret, { [account.id]: canary }],
    ["a client secret alone", account.id, { [account.secret]: canary }],
    ["a public key alone", key.secret, { [key.id]: canary }],
    ["a private key alone", key.id, { [key.secret]: canary }],
    ["a half of each kind", account.secret, { [account.id]: canary, [key.secret]: canary }],
    [
      "a line break in a secret",
      account.secret,
      { [account.id]: "x", [account.secret]: `${canary}\n2` },
    ],
    [
      "CR and LF in a private key",
      key.secret,
      { [key.id]: "x", [key.secret]: `${canary}\r\nHost: x` },
    ],
    [
      "a tab in a client id",
      account.id,
      { [account.id]: `${canary}\t`.padEnd(20, "x"), [account.secret]: "x" },
    ],
  ])("%s", async (_what, variable, env) => {
    const { code, stdout, stderr } = await run([], env);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^atlas-provision-mcp: [^\n]+\n$/);
    expect(stderr).toContain(variable);
    expect(stderr).not.toContain(canary);
  });

  const good = { [account.id]: canary, [account.secret]: canary };
  it.each([
    "https://cloud.mongodb.com/api/atlas/v2",
    "https://cloud.mongodb.com/x/",
    "http://cloud.mongodb.com",
    "http://10.0.0.1:8080",
    "http://127.0.0.1.example.com",
    "https://me:canary-4711@cloud.mongodb.com",
    "cloud.mongodb.com",
    "https://",
  ])("the base URL %s", async (url) => {
    for (const [args, env] of [
      [["--base-url", url], good],
      [[], { ...good, MONGODB_ATLAS_BASE_URL: url }],
    ] as const) {
      const { code, stdout, stderr } = await run([...args], env);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(
        /^atlas-provision-mcp: [^\n]*(--base-url|MONGODB_ATLAS_BASE_URL)[^\n]+\n$/,
      );
      expect(stderr).not.toContain(canary);
    }
  });
});

describe("against the sandbox", () => {
  let sandbox: LiveSandbox;
  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterAll(() => sandbox.close());

  /** What a server with this environment answers to one create. */
  const create = async (env: Record<string, string>) => {
    await sandbox.reset();
    const raw = startRaw("2026", { env: { MONGODB_ATLAS_BASE_URL: sandbox.url, ...env } });
    const answer = await raw.call("create_project", { name: "shop", orgId: sandbox.orgId });
    await raw.close();
    return answer.result.structuredContent;
  };

  it.each<[what: string, env: () => Record<string, string>]>([
    [
      "a wrong client secret",
      () => ({ [account.id]: sandbox.clientId, [account.secret]: "wrong" }),
    ],
    [
      "a wrong client id",
      () => ({ [account.id]: "wrong", [account.secret]: sandbox.clientSecret }),
    ],
    ["a wrong private key", () => ({ [key.id]: sandbox.publicKey, [key.secret]: "wrong" })],
    ["a wrong public key", () => ({ [key.id]: "wrong", [key.secret]: sandbox.privateKey })],
    [
      "halves of two kinds, swapped",
      () => ({ [account.id]: sandbox.publicKey, [account.secret]: sandbox.privateKey }),
    ],
  ])("%s is unauthenticated, and nothing is made", async (_what, env) => {
    expect((await create(env())).error).toMatchObject({
      code: "unauthenticated",
      outcome: "not_created",
      retry: "after_fix",
    });
    expect((await sandbox.state()).projects).toEqual([]);
  });

  it.each<[what: string, env: () => Record<string, string>]>([
    [
      "a line break after each secret",
      () => ({
        [account.id]: `${sandbox.clientId}\n`,
        [account.secret]: `${sandbox.clientSecret}\r\n`,
      }),
    ],
    [
      "spaces around each key",
      () => ({ [key.id]: ` ${sandbox.publicKey} `, [key.secret]: ` ${sandbox.privateKey}` }),
    ],
    [
      "a base URL with a trailing slash",
      () => ({ ...sandbox.env, MONGODB_ATLAS_BASE_URL: `${sandbox.url}/` }),
    ],
    [
      "a base URL in capitals",
      () => ({
        ...sandbox.env,
        MONGODB_ATLAS_BASE_URL: sandbox.url.replace("http://127.0.0.1", "HTTP://LOCALHOST"),
      }),
    ],
  ])("%s does no harm", async (_what, env) => {
    expect(await create(env())).toMatchObject({ status: "ok", outcome: "created" });
  });
});
