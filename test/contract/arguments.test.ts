import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alikeKinds, connect, type Driver, type Kind, kinds } from "../support/clients.ts";
import { rpcCodeOf } from "../support/contract.ts";
import { aws, type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";

const id = "32b6e34b3d91647abb20e7b8";

let sandbox: LiveSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

type Args = Record<string, unknown>;

/** Calls that are wrong in one way, and the path of what is wrong. */
const wrong: [what: string, tool: string, args: Args, path: string][] = [
  ["null for what is required", "create_project", { name: null, orgId: id }, "name"],
  ["a number for a text", "create_project", { name: 42, orgId: id }, "name"],
  ["a missing argument", "create_project", { name: "shop" }, "orgId"],
  ["an argument that nobody knows", "create_project", { name: "a", orgId: id, color: 1 }, "color"],
  ["a text for true or false", "create_project", { name: "a", orgId: id, dryRun: "yes" }, "dryRun"],
  ["a slash in a project name", "create_project", { name: "my/shop", orgId: id }, "name"],
  [
    "a project name of 65 characters",
    "create_project",
    { name: "x".repeat(65), orgId: id },
    "name",
  ],
  ["an id in capitals", "create_project", { name: "a", orgId: id.toUpperCase() }, "orgId"],
  [
    "an unknown way to treat a taken name",
    "create_project",
    { name: "a", orgId: id, ifExists: "replace" },
    "ifExists",
  ],
  ["tags that are an object", "create_project", { name: "a", orgId: id, tags: { a: "b" } }, "tags"],
  [
    "a tag without a value",
    "create_project",
    { name: "a", orgId: id, tags: [{ key: "a" }] },
    "tags[0].value",
  ],
  [
    "an empty tag value",
    "create_project",
    { name: "a", orgId: id, tags: [{ key: "a", value: "" }] },
    "tags[0].value",
  ],
  [
    "text that is no JSON for tags",
    "create_project",
    { name: "a", orgId: id, tags: "a=b" },
    "tags",
  ],
  [
    "half a second",
    "get_flex_cluster",
    { groupId: id, name: "db", waitSeconds: 0.5 },
    "waitSeconds",
  ],
  ["a cluster name with an underscore", "get_flex_cluster", { groupId: id, name: "my_db" }, "name"],
  [
    "a cluster name that ends with a hyphen",
    "create_flex_cluster",
    { groupId: id, name: "db-", providerSettings: aws },
    "name",
  ],
  [
    "a cluster name with a hyphen at 23",
    "create_flex_cluster",
    { groupId: id, name: `${"x".repeat(22)}-y`, providerSettings: aws },
    "name",
  ],
  [
    "a cluster name of 65 characters",
    "get_flex_cluster",
    { groupId: id, name: "x".repeat(65) },
    "name",
  ],
  [
    "an unknown provider",
    "create_flex_cluster",
    { groupId: id, name: "db", providerSettings: { ...aws, backingProviderName: "amazon" } },
    "providerSettings.backingProviderName",
  ],
  [
    "a region outside the provider settings",
    "create_flex_cluster",
    { groupId: id, name: "db", providerSettings: aws, regionName: "US_EAST_1" },
    "regionName",
  ],
  ["a page before the first", "list_projects", { pageNum: 0 }, "pageNum"],
  ["half of a surrogate pair", "list_projects", { name: "shop\ud800" }, "name"],
  [
    "half of a surrogate pair in a tag",
    "create_project",
    { name: "a", orgId: id, tags: [{ key: "a", value: "\udc00b" }] },
    "tags[0].value",
  ],
];

/** The arguments with the value put at the path. */
const mended = (args: Args, path: string, value: unknown): Args => {
  const copy = structuredClone(args);
  const parts = path.split(/\.|\[(\d+)\]\.?/).filter(Boolean);
  const last = parts.pop() ?? "";
  const at = parts.reduce<any>((one, part) => one[part], copy);
  at[last] = value;
  return copy;
};

const fieldsOf = async (driver: Driver, tool: string, args: unknown) =>
  (await driver.call(tool, args)).structured.error?.fields ?? [];

const drivers = new Map<Kind, Driver>();
beforeAll(async () => {
  const open = async (kind: Kind) => {
    const driver = await connect(kind, { env: sandbox.env });
    drivers.set(kind, driver);
    await driver.listTools();
  };
  await Promise.all(kinds.map(open));
});
afterAll(() => Promise.all([...drivers.values()].map((driver) => driver.close())));

const driverOf = (kind: Kind): Driver => {
  const one = drivers.get(kind);
  if (one === undefined) throw new Error(`${kind} is not connected.`);
  return one;
};

describe.each(alikeKinds)("arguments that are not right, from %s", (kind) => {
  let driver: Driver;
  beforeAll(() => {
    driver = driverOf(kind);
  });

  describe.each(wrong)("%s", (_what, tool, args, path) => {
    it("comes back in the envelope of every failure", async () => {
      const { structured, text, isError } = await driver.call(tool, args);
      expect(isError).toBe(true);
      expect(text).toBe(JSON.stringify(structured));
      expect(structured).toMatchObject({
        status: "error",
        error: {
          code: "invalid_input",
          outcome: tool.startsWith("create_") ? "not_created" : "no_change",
          retry: "after_fix",
          nextActions: expect.any(Array),
        },
      });
    });

    it("is blamed by its path, with a problem", async () => {
      const fields = await fieldsOf(driver, tool, args);
      expect(fields.map((field: Args) => field.path)).toEqual([path]);
      expect(fields[0].problem).toMatch(/\S/);
    });
  });

  it.each(wrong)("%s has an example that passes, or none", async (_what, tool, args, path) => {
    const [field] = await fieldsOf(driver, tool, args);
    if (!("example" in field)) return;
    const again = await driver.call(tool, mended(args, path, field.example));
    expect(again.structured.error?.code).not.toBe("invalid_input");
  });

  it("says every problem of a call at once", async () => {
    const fields = await fieldsOf(driver, "create_flex_cluster", {
      groupId: "shop",
      name: "my db",
      providerSettings: { backingProviderName: "AMAZON", regionName: 1 },
      tags: [{ key: "", value: "b" }],
      waitSeconds: -1,
      size: "M10",
    });
    expect(fields.map((field: Args) => field.path).sort()).toEqual([
      "groupId",
      "name",
      "providerSettings.backingProviderName",
      "providerSettings.regionName",
      "size",
      "tags[0].key",
      "waitSeconds",
    ]);
  });

  it("has examples where what was meant is certain", async () => {
    const all = await Promise.all(wrong.map(([, tool, args]) => fieldsOf(driver, tool, args)));
    expect(all.flatMap(([{ example }]) => example ?? [])).toEqual(
      expect.arrayContaining(["42", true, "my-shop", id, "db", 1, "shop"]),
    );
  });

  it("sends nothing of all this to Atlas", async () => {
    const before = (await sandbox.state()).requests.length;
    for (const [, tool, args] of wrong) await driver.call(tool, args);
    expect((await sandbox.state()).requests).toHaveLength(before);
  });
});

/** What a client's own SDK could change or refuse before it is sent. */
describe.each(kinds)("arguments from %s", (kind) => {
  let driver: Driver;
  beforeAll(() => {
    driver = driverOf(kind);
  });

  it("that are wrong come back as a result, by their paths", async () => {
    const fields = await fieldsOf(driver, "create_project", { name: null, color: 1 });
    expect(fields.map((field: Args) => field.path).sort()).toEqual(["color", "name", "orgId"]);
  });

  it("that are null and optional are taken as absent", async () => {
    const args = { name: "nulls", orgId: sandbox.orgId, tags: null, ifExists: null, dryRun: true };
    const { structured } = await driver.call("create_project", args);
    expect(structured).toMatchObject({ status: "ok", outcome: "would_create" });
    expect(structured.request.body).toEqual({ name: "nulls", orgId: sandbox.orgId });
  });

  it("that are objects and arrays as JSON in a string are parsed", async () => {
    const project = { name: `strings-${kind.replaceAll(" ", "-")}`, orgId: sandbox.orgId };
    const made = await driver.call("create_project", project);
    const { structured } = await driver.call("create_flex_cluster", {
      groupId: made.structured.project.id,
      name: "db",
      providerSettings: JSON.stringify(aws),
      tags: '[{"key":"a","value":"b"}]',
      dryRun: true,
    });
    expect(structured.request.body).toEqual({
      name: "db",
      providerSettings: aws,
      tags: [{ key: "a", value: "b" }],
    });
  });

  it.each(["create_everything", "constructor", "delete_everything", ""])(
    "for the unknown tool %j are refused as a JSON-RPC error",
    async (name) => {
      expect(await rpcCodeOf(driver.call(name, {}))).toBe(-32602);
    },
  );
});
