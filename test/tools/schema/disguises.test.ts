import { describe, expect, it } from "vitest";
import { tools } from "../../../src/tools/index.ts";
import { checkArguments } from "../../../src/tools/schema/check.ts";
import type { JsonSchema } from "../../../src/tools/schema/json-schema.ts";
import { inputSchemaOf, normalizeArguments } from "../../../src/tools/schema/normalize.ts";
import { groupId, orgId } from "../../support/atlas.ts";
import { toolNamed } from "../arguments.ts";

type Args = Record<string, any>;

const soon = `${new Date(Date.now() + 86_400_000).toISOString().slice(0, 19)}Z`;
const projectOwnerId = "32b6e34b3d91647abb20e7b8";
const tags = [{ key: "environment", value: "test" }];

/** A call of every tool with all of its arguments. */
const calls: Record<string, Args> = {
  get_account: {},
  list_projects: { orgId, name: "shop", pageNum: 2, itemsPerPage: 10 },
  get_project: { groupId },
  list_flex_clusters: { orgId, groupId, pageNum: 2 },
  create_project: {
    name: "shop",
    orgId,
    tags,
    withDefaultAlertsSettings: false,
    regionUsageRestrictions: "GOV_REGIONS_ONLY",
    projectOwnerId,
    sweepAfter: soon,
    ifExists: "return",
    dryRun: true,
    confirmation: "c",
  },
  create_flex_cluster: {
    groupId,
    name: "orders",
    providerSettings: { backingProviderName: "AZURE", regionName: "US_EAST_2" },
    tags,
    terminationProtectionEnabled: true,
    sweepAfter: "never",
    waitSeconds: 5,
    ifExists: "error",
    dryRun: false,
    confirmation: "c",
  },
  get_flex_cluster: { groupId, name: "orders", waitSeconds: 0 },
  create_database_user: {
    groupId,
    username: "app",
    databaseName: "admin",
    roles: [{ roleName: "read", databaseName: "shop", collectionName: "orders" }],
    scopes: [{ name: "orders", type: "CLUSTER" }],
    description: "of the shop",
    deleteAfterDate: soon,
    ifExists: "return",
    dryRun: true,
    confirmation: "c",
  },
  create_access_list_entry: {
    groupId,
    ipAddress: "203.0.113.7",
    currentIpAddress: false,
    comment: "office",
    deleteAfterDate: soon,
    ifExists: "return",
    dryRun: true,
    confirmation: "c",
  },
  update_project: {
    groupId,
    name: "shop",
    tags,
    sweepAfter: soon,
    dryRun: true,
    confirmation: "c",
  },
  update_flex_cluster: {
    groupId,
    name: "orders",
    tags,
    terminationProtectionEnabled: false,
    sweepAfter: soon,
    dryRun: true,
    confirmation: "c",
  },
  check_connection: { groupId, name: "orders", username: "app" },
  create_ephemeral_cluster: {
    clusterName: "Cluster0",
    ifExists: "return",
    dryRun: true,
    confirmation: "c",
  },
  get_ephemeral_cluster: { clusterName: "Cluster0" },
  delete_database_user: {
    groupId,
    username: "app",
    databaseName: "admin",
    dryRun: true,
    confirmation: "c",
  },
  delete_access_list_entry: {
    groupId,
    ipAddress: "203.0.113.7",
    dryRun: true,
    confirmation: "c",
  },
  update_database_user: {
    groupId,
    username: "app",
    databaseName: "admin",
    roles: [{ roleName: "readWrite", databaseName: "app" }],
    scopes: [{ name: "orders", type: "CLUSTER" }],
    description: "d",
    deleteAfterDate: soon,
    rotatePassword: true,
    dryRun: true,
    confirmation: "c",
  },
  delete_flex_cluster: { groupId, name: "orders", dryRun: true, confirmation: "c" },
  delete_project: { groupId, name: "shop", dryRun: true, confirmation: "c" },
};

const inputOf = (name: string, raw: unknown): unknown => {
  const tool = toolNamed(name);
  const checked = checkArguments(tool, normalizeArguments(raw, inputSchemaOf(tool)));
  return "input" in checked ? checked.input : checked.problems;
};

/** Every scalar, object and list of a call with another value, as a host's serialization writes it. */
const rewritten = (value: any, write: (value: unknown) => unknown, schema?: JsonSchema): any => {
  if (Array.isArray(value))
    return write(value.map((item) => rewritten(item, write, schema?.items)));
  if (typeof value !== "object" || value === null) return write(value);
  const members = Object.entries(value).map(([name, member]) => [
    name,
    rewritten(member, write, schema?.properties?.[name]),
  ]);
  return write(Object.fromEntries(members));
};

const text = (value: unknown): unknown =>
  typeof value === "string" ? value : JSON.stringify(value);
const scalar = (change: (value: boolean | number) => unknown) => (value: unknown) =>
  typeof value === "boolean" || typeof value === "number" ? change(value) : value;

const disguises: [what: string, write: (value: unknown) => unknown][] = [
  ["everything as text", text],
  ["scalars as text", scalar(String)],
  ["scalars as text with spaces", scalar((value) => ` ${value}\t`)],
  ["scalars as text with a carriage return", scalar((value) => `${value}\r\n`)],
  ["scalars in capitals", scalar((value) => String(value).toUpperCase())],
  ["scalars as in Python", scalar((value) => String(value).replace(/^./, (c) => c.toUpperCase()))],
  ["numbers with a sign", scalar((value) => (typeof value === "number" ? `+${value}` : value))],
  ["numbers with zeros", scalar((value) => (typeof value === "number" ? `00${value}` : value))],
  [
    "objects with spaces",
    (value) => (typeof value === "object" ? JSON.stringify(value, null, 2) : value),
  ],
];

describe("the arguments of these tests", () => {
  it.each(tools)("are all that $name has", (tool) => {
    const known = Object.keys(tool.input.shape).filter((name) => name !== "cidrBlock");
    expect(Object.keys(calls[tool.name] ?? {}).sort()).toEqual(known.sort());
    expect(inputOf(tool.name, calls[tool.name])).toEqual(calls[tool.name]);
  });
});

describe.each(tools.map(({ name }) => name))("the arguments of %s", (name) => {
  const call = calls[name] ?? {};
  const schema = inputSchemaOf(toolNamed(name));

  it.each(disguises)("mean the same with %s", (_what, write) => {
    const { ...members } = call;
    const raw = Object.fromEntries(
      Object.entries(members).map(([key, value]) => [key, rewritten(value, write)]),
    );
    expect(inputOf(name, raw)).toEqual(call);
    expect(inputOf(name, JSON.stringify(raw))).toEqual(call);
  });

  const optional = Object.keys(call).filter((key) => !schema.required?.includes(key));
  // One of several is required.
  const isOneOf = (key: string) =>
    name.endsWith("_access_list_entry")
      ? key === "ipAddress"
      : name.startsWith("update_") && (key === "sweepAfter" || key === "rotatePassword");

  it.each([null, "", "null"])("that are optional may be %j, which means absent", (empty) => {
    const takes = (key: string) => {
      const { type, takesEmpty } = schema.properties?.[key] ?? {};
      if (empty === "null") return type === "array" || type === "object";
      return empty === null || !takesEmpty;
    };
    const dropped = optional.filter((key) => takes(key) && !isOneOf(key));
    const raw = { ...call, ...Object.fromEntries(dropped.map((key) => [key, empty])) };
    const rest = Object.fromEntries(Object.entries(call).filter(([key]) => !dropped.includes(key)));
    expect(inputOf(name, raw)).toEqual(inputOf(name, rest));
    expect(inputOf(name, rest)).not.toBeInstanceOf(Array);
  });

  it.each(schema.required ?? [])("need %s, also where it is an empty text", (key) => {
    expect(inputOf(name, { ...call, [key]: "" })).toMatchObject([
      { path: key, problem: expect.stringMatching(/^is required/) },
    ]);
  });

  const ofType = (type: string) =>
    Object.entries(schema.properties ?? {}).flatMap(([key, one]) =>
      one.type === type ? [key] : [],
    );

  it.each(ofType("boolean"))("take no other word for %s", (key) => {
    for (const value of ["yes", "1", "truee", "t", 1, 0, [], {}, "true false"])
      expect(inputOf(name, { ...call, [key]: value })).toMatchObject([
        { path: key, problem: "must be true or false" },
      ]);
  });

  it.each(ofType("integer"))("take no other number for %s", (key) => {
    for (const value of [
      "5.0",
      "1e1",
      "0x5",
      "five",
      "5 s",
      "٥",
      "1,000",
      "--5",
      1.5,
      true,
      [],
      {},
    ])
      expect(inputOf(name, { ...call, [key]: value })).toMatchObject([
        { path: key, problem: "must be a whole number" },
      ]);
    for (const value of ["9007199254740993", 2 ** 60])
      expect(inputOf(name, { ...call, [key]: value })).not.toMatchObject({ [key]: 2 ** 53 });
  });
});

describe("a text that is empty", () => {
  it.each([
    ["create_access_list_entry", "comment"],
    ["create_database_user", "description"],
  ])("is a value in %s for %s", (name, key) => {
    expect(inputOf(name, { ...calls[name], [key]: "" })).toMatchObject({ [key]: "" });
  });

  it("is no second address", () => {
    for (const other of [{ cidrBlock: "" }, { cidrBlock: null }])
      expect(
        inputOf("create_access_list_entry", { groupId, ipAddress: "203.0.113.7", ...other }),
      ).toEqual({ groupId, ipAddress: "203.0.113.7" });
  });

  it("is absent where nobody knows the argument, as null is", () => {
    expect(inputOf("get_project", { groupId, colour: "", size: null })).toEqual({ groupId });
  });
});

describe("what is mended", () => {
  const providerOf = (backingProviderName: string) => {
    const providerSettings = { backingProviderName, regionName: "X" };
    return inputOf("create_flex_cluster", { groupId, name: "c", providerSettings });
  };

  it.each(["AWS", "aws", " Aws\n", "aWs"])("is a provider written %j", (written) => {
    expect(providerOf(written)).toMatchObject({ providerSettings: { backingProviderName: "AWS" } });
  });

  it.each(["amazon", "GCPP", ""])("is not a provider written %j", (written) => {
    expect(providerOf(written)).toBeInstanceOf(Array);
  });

  it.each([40, 41, 3600, "600", 1e12])("is a wait of %j seconds", (waitSeconds) => {
    const cluster = { groupId, name: "c" };
    expect(inputOf("get_flex_cluster", { ...cluster, waitSeconds })).toEqual({
      ...cluster,
      waitSeconds: 40,
    });
  });

  it("is neither a wait below zero nor a page beyond the most", () => {
    expect(inputOf("get_flex_cluster", { groupId, name: "c", waitSeconds: -1 })).toMatchObject([
      { path: "waitSeconds", problem: "must be at least 0" },
    ]);
    expect(inputOf("list_projects", { itemsPerPage: "501" })).toMatchObject([
      { path: "itemsPerPage", problem: "must be at most 500", example: 500 },
    ]);
  });

  it("is a new name, and not the name of what exists", () => {
    const decomposed = " Gro\u0308ße ";
    expect(inputOf("create_project", { name: decomposed, orgId })).toMatchObject({ name: "Größe" });
    expect(inputOf("create_database_user", { groupId, username: decomposed })).toMatchObject({
      username: "Größe",
    });
    expect(inputOf("delete_project", { groupId, name: decomposed })).toMatchObject({
      name: decomposed,
    });
    expect(inputOf("list_projects", { name: decomposed })).toMatchObject({ name: decomposed });
  });
});
