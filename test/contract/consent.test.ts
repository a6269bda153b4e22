import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ClientKind, clients, connect, type Kind } from "../support/clients.ts";
import {
  answers,
  endingOf,
  linesOf,
  type Mode,
  modes,
  openAuditFile,
  type UserAnswer,
  userWho,
} from "../support/consent.ts";
import { aws, type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";
import { until } from "../support/until.ts";

type Args = { groupId: string; [name: string]: unknown };

type Cell = { kind: Kind; client: ClientKind; mode: Mode; answer: UserAnswer | undefined };

const cells = (kinds: readonly Kind[], some: readonly Mode[]): Cell[] =>
  kinds.flatMap((kind) =>
    some.flatMap((mode) =>
      answers.map((answer) => {
        const client = clients.find((one) => kind.startsWith(one)) ?? "v1";
        return { kind, client, mode, answer };
      }),
    ),
  );

let sandbox: LiveSandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ rateLimits: false });
});
afterAll(() => sandbox.close());

let projects = 0;

/** A project of the running test's own. */
const makeProject = async (): Promise<string> => {
  projects += 1;
  const { id } = await sandbox.make("/groups", { name: `home-${projects}`, orgId: sandbox.orgId });
  return id;
};

const mutations = async (groupId: string) =>
  (await sandbox.state()).requests.filter(
    ({ method, path }) => method !== "GET" && path.includes(`${groupId}/flexClusters`),
  ).length;

/** Makes the call, and where it is handed back the one that its next action says. */
const run = async ({ kind, client, mode, answer }: Cell, tool: string, args: Args) => {
  const audit = openAuditFile();
  const env = {
    ...sandbox.env,
    ATLAS_MCP_CONFIRM: mode,
    ATLAS_MCP_CONFIRM_TIMEOUT_MS: answer === "never" ? "300" : "10000",
    ATLAS_MCP_AUDIT: audit.path,
    ATLAS_MCP_ALLOW_DELETE: "1",
  };
  const { answers: say, asked } = userWho(answer);
  const driver = await connect(kind, { env, answers: say });
  try {
    const silent = endingOf(mode, answer, client) === "silence";
    const before = await mutations(args.groupId);
    const silence = async () => {
      await until(() => asked.length > 0, "the question");
      return delay(700, { structured: { status: "silence" } as Record<string, any> });
    };
    const calling = driver.call(tool, args);
    let { structured } = silent ? await Promise.race([calling, silence()]) : await calling;
    if (structured.status === "needs_confirmation") {
      expect(await mutations(args.groupId)).toBe(before);
      const [action] = structured.nextActions;
      ({ structured } = await driver.call(action.tool, action.arguments));
    }
    return {
      structured,
      sent: (await mutations(args.groupId)) - before,
      asked,
      kinds: audit.lines().map((line) => line.kind),
    };
  } finally {
    await driver.close();
    audit.remove();
  }
};

const check = async (cell: Cell, tool: string, args: Args, outcome: string) => {
  const ending = endingOf(cell.mode, cell.answer, cell.client);
  const { structured, sent, asked, kinds } = await run(cell, tool, args);
  expect(kinds).toEqual(linesOf(ending));
  if (ending === "silence") {
    expect([structured.status, sent, asked.length]).toEqual(["silence", 0, 1]);
  } else if ("approver" in ending) {
    expect(structured).toMatchObject({ status: "ok", outcome, receipt: ending });
    expect([sent, asked.length]).toEqual([1, ending.approver === "user" ? 1 : 0]);
  } else {
    const { code, retry, says } = ending;
    expect(structured).toMatchObject({ status: "error", error: { code, retry } });
    expect(structured.error.outcome).toMatch(/^not_/);
    expect(structured.error.message).toMatch(says);
    expect(sent).toBe(0);
  }
};

const named = (cell: Cell) => ({ ...cell, user: cell.answer ?? "no elicitation" });

describe.concurrent("a flex cluster on Atlas", () => {
  const all = [
    ...cells(clients, modes),
    ...cells(["v1 over http", "v2 legacy over http", "v2 modern over http"], ["auto"]),
  ];

  it.each(all.map(named))("$kind, $mode, $user", async (cell) => {
    const args = { groupId: await makeProject(), name: "db", providerSettings: aws };
    await check(cell, "create_flex_cluster", args, "created");
  });
});

describe.concurrent("the deletion of a flex cluster on Atlas", () => {
  it.each(cells(clients, ["auto", "human"]).map(named))("$kind, $mode, $user", async (cell) => {
    const groupId = await makeProject();
    await sandbox.make(`/groups/${groupId}/flexClusters`, { name: "db", providerSettings: aws });
    await check(cell, "delete_flex_cluster", { groupId, name: "db" }, "deleted");
  });
});

describe.concurrent("what costs nothing", () => {
  it.each(modes)("is made without a question, with --confirm %s", async (mode) => {
    const env = { ...sandbox.env, ATLAS_MCP_CONFIRM: mode };
    const { answers: say, asked } = userWho("decline");
    const driver = await connect("v2 legacy", { env, answers: say });
    const args = { name: `shop-${mode}`, orgId: sandbox.orgId };
    const { structured } = await driver.call("create_project", args);
    await driver.close();
    expect(structured).toMatchObject({ outcome: "created" });
    expect(asked).toEqual([]);
  });
});

describe.concurrent("the sandbox", () => {
  it.each([
    ["auto", 0],
    ["always", 1],
  ] as const)("of the server's own, with --confirm %s, asks %i times", async (mode, times) => {
    const env = { ATLAS_MCP_CONFIRM: mode };
    const { answers: say, asked } = userWho("accept");
    const driver = await connect("v2 modern", { env, answers: say });
    const account = await driver.call("get_account");
    const [organization] = account.structured.organizations;
    const made = await driver.call("create_project", { name: "shop", orgId: organization.id });
    const args = { groupId: made.structured.project.id, name: "db", providerSettings: aws };
    const { structured } = await driver.call("create_flex_cluster", args);
    await driver.close();
    expect(structured).toMatchObject({ outcome: "created" });
    expect(asked).toHaveLength(times);
  });
});
