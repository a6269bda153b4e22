import { describe, expect, it } from "vitest";
import { failureResult, successResult } from "../../src/calls/tool-result.ts";
import { type ErrorCode, errorCodes, failure, type Retry } from "../../src/common/failure.ts";
import { words } from "../../src/operations/failures.ts";
import { tools } from "../../src/tools/index.ts";
import { groupId, orgId } from "../support/atlas.ts";

type Args = Record<string, unknown>;

const providerSettings = { backingProviderName: "AWS", regionName: "US_EAST_1" };

const calls: Record<string, Args> = {
  get_account: {},
  list_projects: { orgId, pageNum: 2 },
  get_project: { groupId },
  list_flex_clusters: { groupId },
  get_flex_cluster: { groupId, name: "db" },
  create_project: { name: "shop", orgId },
  create_flex_cluster: { groupId, name: "db", providerSettings },
  create_database_user: { groupId, username: "app" },
  create_access_list_entry: { groupId, cidrBlock: "203.0.113.0/24" },
  check_connection: { groupId, name: "db" },
  create_ephemeral_cluster: { clusterName: "try" },
  get_ephemeral_cluster: { clusterName: "try" },
  update_project: { groupId, name: "shop" },
  update_flex_cluster: { groupId, name: "db", tags: [] },
  delete_database_user: { groupId, username: "app" },
  delete_access_list_entry: { groupId, ipAddress: "203.0.113.7" },
  update_database_user: { groupId, username: "app", databaseName: "admin", scopes: [] },
  delete_flex_cluster: { groupId, name: "db" },
  delete_project: { groupId, name: "shop" },
};

/** The next actions after a failed call. */
const actionsAfter = (
  name: string,
  code: ErrorCode,
  parts: Parameters<typeof failure>[2],
  args = calls[name] ?? {},
) => {
  const tool = tools.find((one) => one.name === name);
  if (tool === undefined) throw new Error(`no tool ${name}`);
  const context = { tool, args, tools, scope: {}, backend: "atlas" as const, now: 0 };
  const { error } = failureResult(failure(code, "No.", parts), context);
  return (error as { nextActions: { tool: string; arguments: Args; why: string }[] }).nextActions;
};

const names = tools.map(({ name }) => name);
const isCreate = (name: string) => name.startsWith("create_");

describe("text from Atlas", () => {
  const named = tools.find(({ name }) => name === "list_projects");
  if (named === undefined) throw new Error("no tool");
  const context = { tool: named, args: {}, tools, scope: {}, backend: "atlas" as const, now: 0 };
  const name = "shop\u200b\u202e\u{e0041}\ufe0f";
  const shown = "shop\\u{200b}\\u{202e}\\u{e0041}\\u{fe0f}";
  const tags = [{ key: name, value: name }];

  it("reaches a model with all of it visible, in a success", () => {
    const result = successResult({ outcome: "found", projects: [{ name, tags }] }, context);
    expect(result.projects).toEqual([{ name: shown, tags: [{ key: shown, value: shown }] }]);
  });

  it("does so in a failure", () => {
    const failed = failure("name_conflict", `Project ${name} exists.`, {
      existing: { name, tags },
      differences: [{ field: "tags", yours: [], existing: tags }],
    });
    expect(JSON.stringify(failureResult(failed, context))).not.toMatch(/\u200b|\u202e|\ufe0f/);
    expect(failureResult(failed, context)).toMatchObject({
      error: { message: `Project ${shown} exists.`, existing: { name: shown } },
    });
  });

  it("leaves a request as it would be sent", () => {
    const request = { method: "POST", path: "/", headers: {}, body: { name } };
    expect(successResult({ outcome: "would_create", request }, context).request).toEqual(request);
  });
});

it("knows a call of every tool", () => expect(Object.keys(calls).sort()).toEqual(names.sort()));

describe.each<Retry>(["same_arguments", "after_delay"])("a failure to repeat %s", (retry) => {
  it.each(names)("of %s comes with the repeat, and says why it is safe", (name) => {
    const [action, ...more] = actionsAfter(name, "unavailable", { retry });
    const args = { ...calls[name], ...(isCreate(name) ? { ifExists: "return" } : {}) };
    expect(action).toEqual({
      tool: name,
      arguments: args,
      why: expect.stringMatching(/^Safe to repeat: it (looks first|only reads)/),
    });
    expect(more).toEqual([]);
  });

  it("says how long to wait before, where that is known", () => {
    const [action] = actionsAfter("get_account", "rate_limited", { retry, retryAfterSeconds: 55 });
    expect(action?.why).toMatch(/^Wait 55 s first\. Safe to repeat/);
  });

  it("comes with it once, after what else helps", () => {
    const parts = { retry, suggestions: [{ suggest: "look_up_cluster" as const }] };
    const shown = actionsAfter("create_flex_cluster", "name_conflict", parts);
    expect(shown.map(({ tool }) => tool)).toEqual(["get_flex_cluster", "create_flex_cluster"]);
    const repeat = { retry, suggestions: [words.create.repeat] };
    expect(actionsAfter("create_project", "outcome_unknown", repeat)).toHaveLength(1);
  });

  it("comes without a confirmation, which was for one call", () => {
    const args = { ...calls.delete_project, confirmation: "x".repeat(40) };
    const [action] = actionsAfter("delete_project", "unavailable", { retry }, args);
    expect(action?.arguments).toEqual(calls.delete_project);
  });

  it("does not press a person who has said no", () => {
    expect(actionsAfter("create_project", "declined", { retry })).toEqual([]);
  });
});

describe.each<Retry>(["never", "after_fix"])("a failure to repeat %s", (retry) => {
  it.each<[string, Args]>([
    ["get_account", {}],
    ["list_projects", {}],
    ["get_project", { groupId }],
    ["get_flex_cluster", { groupId, name: "db" }],
  ])("of %s never comes with the same call", (name, args) => {
    const suggestions = (
      ["see_account", "find_project", "show_project", "look_up_cluster", "repeat"] as const
    ).map((suggest) => ({ suggest }));
    const shown = actionsAfter(name, "forbidden", { retry, suggestions }, args);
    expect(shown.filter((one) => one.tool === name)).toEqual([]);
    expect(shown.map(({ tool }) => tool)).toContain(
      name === "get_account" ? "list_projects" : "get_account",
    );
  });

  it("does not come with a repeat that was tried: the order of arguments is no difference", () => {
    const suggestions = [words.create.repeat];
    const args = { ifExists: "return", orgId, name: "shop" };
    expect(actionsAfter("create_project", "invalid_input", { retry, suggestions }, args)).toEqual(
      [],
    );
    expect(actionsAfter("create_project", "invalid_input", { retry, suggestions })).toHaveLength(1);
  });
});

describe("a failure after which no call can work", () => {
  it.each(names)("(unauthenticated, of %s) comes with none", (name) => {
    const suggestions = [{ suggest: "see_account" as const }, { suggest: "repeat" as const }];
    expect(actionsAfter(name, "unauthenticated", { suggestions })).toEqual([]);
  });

  it("is no other", () => {
    const suggestions = [{ suggest: "see_account" as const }];
    const silent = errorCodes.filter(
      (code) => actionsAfter("create_project", code, { suggestions }).length === 0,
    );
    expect(silent).toEqual(["unauthenticated"]);
  });
});
