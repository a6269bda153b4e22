import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import {
  account,
  badUrls,
  type Env,
  file,
  goodUrls,
  key,
  lineOf,
  read,
  revealed,
} from "../support/config.ts";

describe("without any setting", () => {
  it("the sandbox runs, with the documented defaults", () => {
    expect(read()).toMatchObject({
      backend: "sandbox",
      baseUrl: "https://cloud.mongodb.com",
      credentials: undefined,
      scope: {},
      readOnly: false,
      allowDelete: false,
      deadlineMs: 45_000,
      requestTimeoutMs: 10_000,
    });
  });

  it("the configuration is frozen", () => {
    expect(Object.isFrozen(read())).toBe(true);
    expect(Object.isFrozen(read().scope)).toBe(true);
  });
});

describe("credentials", () => {
  it.each<[names: string, Env]>([
    ["MONGODB_ATLAS_CLIENT_...", account],
    [
      "MDB_MCP_API_CLIENT_...",
      { MDB_MCP_API_CLIENT_ID: "mdb_sa_id_1", MDB_MCP_API_CLIENT_SECRET: "mdb_sa_sk_1" },
    ],
    [
      "a mixture of both",
      { MONGODB_ATLAS_CLIENT_ID: "mdb_sa_id_1", MDB_MCP_API_CLIENT_SECRET: "mdb_sa_sk_1" },
    ],
  ])("of a service account come from %s", (_names, env) => {
    expect(revealed(env)).toEqual(["service_account", "mdb_sa_id_1", "mdb_sa_sk_1"]);
  });

  it.each<[names: string, Env]>([
    ["MONGODB_ATLAS_..._API_KEY", key],
    [
      "MONGODB_ATLAS_..._KEY",
      { MONGODB_ATLAS_PUBLIC_KEY: "abcdefgh", MONGODB_ATLAS_PRIVATE_KEY: "1-2-3" },
    ],
  ])("of an API key come from %s", (_names, env) => {
    expect(revealed(env)).toEqual(["api_key", "abcdefgh", "1-2-3"]);
  });

  it("of a service account are used where both kinds are given", () => {
    expect(revealed({ ...key, ...account })?.[0]).toBe("service_account");
  });

  it.each<[given: string, missing: string, Env]>([
    ["MONGODB_ATLAS_CLIENT_ID", "MONGODB_ATLAS_CLIENT_SECRET", {}],
    ["MONGODB_ATLAS_CLIENT_SECRET", "MONGODB_ATLAS_CLIENT_ID", {}],
    ["MONGODB_ATLAS_PUBLIC_API_KEY", "MONGODB_ATLAS_PRIVATE_API_KEY", {}],
    ["MONGODB_ATLAS_PRIVATE_API_KEY", "MONGODB_ATLAS_PUBLIC_API_KEY", {}],
    ["MONGODB_ATLAS_CLIENT_ID", "MONGODB_ATLAS_CLIENT_SECRET", key],
    ["MONGODB_ATLAS_PUBLIC_API_KEY", "MONGODB_ATLAS_PRIVATE_API_KEY", account],
    ["MONGODB_ATLAS_CLIENT_ID", "MONGODB_ATLAS_CLIENT_SECRET", { ATLAS_MCP_BACKEND: "sandbox" }],
  ])("half given, %s without %s, end the program", (given, missing, others) => {
    expect(lineOf({ ...others, [given]: "x1" })).toContain(missing);
  });

  it.each(Object.keys({ ...account, ...key }))("an empty %s counts as not set", (name) => {
    expect(read({ [name]: "" }).backend).toBe("sandbox");
    expect(read({ [name]: "  " }).backend).toBe("sandbox");
  });

  it("an empty variable gives way to its other name", () => {
    expect(
      revealed({ ...account, MONGODB_ATLAS_CLIENT_ID: "", MDB_MCP_API_CLIENT_ID: "other" }),
    ).toEqual(["service_account", "other", "mdb_sa_sk_1"]);
  });

  it.each(["a\nb", "a\r\nb", "a b", "a\u0000b", "a\tb"])(
    "with %j in them end the program",
    (secret) => {
      const line = lineOf({ ...account, MONGODB_ATLAS_CLIENT_SECRET: secret });
      expect(line).toMatch(/^MONGODB_ATLAS_CLIENT_SECRET /);
    },
  );
});

describe("a secret in a file", () => {
  it.each(Object.entries({ ...account, ...key }))("is read for %s", (name, value) => {
    const { [name]: _left, ...others } = { ...(name in account ? account : key) } as Env;
    const path = file(value);
    expect(revealed({ ...others, [`${name}_FILE`]: path })).toContain(value);
  });

  it.each(["MDB_MCP_API_CLIENT_SECRET", "MONGODB_ATLAS_CLIENT_SECRET"])(
    "is read for %s",
    (name) => {
      const env = { MONGODB_ATLAS_CLIENT_ID: "id", [`${name}_FILE`]: file("s3cret") };
      expect(revealed(env)?.[2]).toBe("s3cret");
    },
  );

  it.each(["s3cret\n", "s3cret\r\n", "s3cret\n\n"])("%j loses its trailing line break", (text) => {
    const env = { MONGODB_ATLAS_CLIENT_ID: "id", MONGODB_ATLAS_CLIENT_SECRET_FILE: file(text) };
    expect(revealed(env)?.[2]).toBe("s3cret");
  });

  it.each(["s3\ncret", "s3cret\nmore\n"])(
    "%j has a line break inside, which ends the program",
    (text) => {
      const env = { MONGODB_ATLAS_CLIENT_ID: "id", MONGODB_ATLAS_CLIENT_SECRET_FILE: file(text) };
      const line = lineOf(env);
      expect(line).toMatch(/^MONGODB_ATLAS_CLIENT_SECRET_FILE /);
      expect(line).not.toContain("cret\n");
    },
  );

  it.each(["", "\n"])("%j is empty, which ends the program", (text) => {
    const env = { MONGODB_ATLAS_CLIENT_ID: "id", MONGODB_ATLAS_CLIENT_SECRET_FILE: file(text) };
    expect(lineOf(env)).toMatch(/^MONGODB_ATLAS_CLIENT_SECRET_FILE /);
  });

  it("that is not there ends the program", () => {
    const env = { MONGODB_ATLAS_CLIENT_ID: "id", MONGODB_ATLAS_CLIENT_SECRET_FILE: "/nowhere/x" };
    expect(lineOf(env)).toMatch(/MONGODB_ATLAS_CLIENT_SECRET_FILE.*ENOENT/);
  });

  it("counts where the variable itself is empty", () => {
    const env = {
      ...account,
      MONGODB_ATLAS_CLIENT_SECRET: "",
      MONGODB_ATLAS_CLIENT_SECRET_FILE: file("f"),
    };
    expect(revealed(env)?.[2]).toBe("f");
  });
});

describe("the base URL", () => {
  const urlOf = (url: string) => read({ ...account, MONGODB_ATLAS_BASE_URL: url }).baseUrl;

  it.each(goodUrls)("%s is taken", (url) => expect(urlOf(url)).toBe(url));

  it("may end with a slash", () => {
    expect(urlOf("https://cloud.mongodb.com/")).toBe("https://cloud.mongodb.com");
  });

  it.each(badUrls)("%s ends the program", (url) => {
    expect(lineOf({ ...account, MONGODB_ATLAS_BASE_URL: url })).toMatch(/^MONGODB_ATLAS_BASE_URL /);
    expect(lineOf(account, { "base-url": url })).toMatch(/^--base-url /);
  });
});

describe("a setting", () => {
  const id = "32b6e34b3d91647abb20e7b8";

  it.each<[variable: string, flag: string, value: string | true, where: string, means: unknown]>([
    ["MONGODB_ATLAS_ORG_ID", "org", id, "scope", { orgId: id }],
    ["MONGODB_ATLAS_PROJECT_ID", "project", id, "scope", { groupId: id }],
    ["ATLAS_MCP_BACKEND", "backend", "sandbox", "backend", "sandbox"],
    ["ATLAS_MCP_READ_ONLY", "read-only", true, "readOnly", true],
    ["ATLAS_MCP_ALLOW_DELETE", "allow-delete", true, "allowDelete", true],
    ["ATLAS_MCP_DEADLINE_MS", "deadline-ms", "1234", "deadlineMs", 1234],
    ["ATLAS_MCP_REQUEST_TIMEOUT_MS", "request-timeout-ms", "567", "requestTimeoutMs", 567],
    ["ATLAS_MCP_LOG_LEVEL", "log-level", "debug", "logLevel", "debug"],
  ])("%s is also --%s", (variable, flag, value, where, means) => {
    expect(read({ [variable]: String(value) })).toHaveProperty(where, means);
    expect(read({}, { [flag]: value })).toHaveProperty(where, means);
  });

  it("as a flag wins over the variable", () => {
    expect(read({ ATLAS_MCP_DEADLINE_MS: "1000" }, { "deadline-ms": "2000" }).deadlineMs).toBe(
      2000,
    );
  });

  it.each(["0", "false", "no", ""])("that is on or off is off with %j", (value) => {
    expect(read({ ATLAS_MCP_READ_ONLY: value }).readOnly).toBe(false);
  });

  it.each([
    ["MONGODB_ATLAS_ORG_ID", "my-org"],
    ["MONGODB_ATLAS_PROJECT_ID", id.toUpperCase()],
    ["ATLAS_MCP_BACKEND", "cloud"],
    ["ATLAS_MCP_READ_ONLY", "perhaps"],
    ["ATLAS_MCP_ALLOW_DELETE", "perhaps"],
    ["ATLAS_MCP_DEADLINE_MS", "45s"],
    ["ATLAS_MCP_DEADLINE_MS", "-1"],
    ["ATLAS_MCP_REQUEST_TIMEOUT_MS", "0"],
    ["ATLAS_MCP_LOG_LEVEL", "loud"],
  ])("%s=%s ends the program with one line that names it", (variable, value) => {
    expect(lineOf({ [variable]: value })).toMatch(new RegExp(`^${variable} [^\n]+$`));
  });
});

describe("the backend", () => {
  it.each([account, key])("is Atlas where credentials are given", (env) => {
    expect(read(env).backend).toBe("atlas");
  });

  it("may be the sandbox in spite of credentials, which then go nowhere", () => {
    expect(read({ ...account, ATLAS_MCP_BACKEND: "sandbox" })).toMatchObject({
      backend: "sandbox",
      credentials: undefined,
    });
  });

  it("is never Atlas without credentials", () => {
    expect(lineOf({ ATLAS_MCP_BACKEND: "atlas" })).toContain("MONGODB_ATLAS_CLIENT_ID");
    expect(lineOf({ MONGODB_ATLAS_BASE_URL: goodUrls[0] ?? "" })).toContain("credentials");
  });
});

describe("a secret", () => {
  it.each([...Object.keys({ ...account, ...key }), "MONGODB_ATLAS_BASE_URL"])(
    "that is wrong in %s is not in the line for the operator",
    (name) => {
      const value = "https://u:hunter2@[x\ny";
      expect(lineOf({ ...account, ...key, [name]: value })).not.toMatch(/hunter2|\n/);
    },
  );

  it.each<[what: string, print: (value: unknown) => string]>([
    ["JSON", (value) => JSON.stringify(value)],
    ["inspect", (value) => inspect(value, { depth: null, showHidden: true, getters: true })],
    [
      "a template",
      (value: any) => `${value.credentials?.clientSecret} ${value.credentials?.privateKey}`,
    ],
  ])("does not print as %s", (_what, print) => {
    expect(print(read(account))).not.toMatch(/mdb_sa_(id|sk)_1/);
    expect(print(read(key))).not.toMatch(/abcdefgh|1-2-3/);
  });

  it("of a proxy does not print either", () => {
    const config = read({ ...account, HTTPS_PROXY: "http://user:hunter2@proxy.example:3128" });
    expect(JSON.stringify(config) + inspect(config, { depth: null })).not.toContain("hunter2");
  });
});

describe("a client id and a client secret in each other's place", () => {
  it.each([
    ["MONGODB_ATLAS_CLIENT_ID", "mdb_sa_sk_hunter2", "mdb_sa_sk_, as a client secret does"],
    ["MONGODB_ATLAS_CLIENT_SECRET", "mdb_sa_id_hunter2", "mdb_sa_id_, as a client id does"],
  ])("are told for %s", (name, text, says) => {
    expect(lineOf({ ...account, [name]: text })).toBe(
      `${name} begins with ${says}: id and secret are swapped`,
    );
  });
});

describe("a choice of tools", () => {
  it.each([
    ["read", ["read"]],
    [" Read , CREATE_project ", ["read", "create_project"]],
    ["read connect\nget_account", ["read", "connect", "get_account"]],
    [",read,,", ["read"]],
  ])("%j is read as names", (text, names) => {
    expect(read({ ATLAS_MCP_TOOLS: text }).toolChoice).toEqual({ names, from: "ATLAS_MCP_TOOLS" });
    expect(read({}, { tools: text }).toolChoice).toEqual({ names, from: "--tools" });
  });

  it("that is empty is none, and one of commas alone is refused", () => {
    expect(read({ ATLAS_MCP_TOOLS: " " }).toolChoice).toBeUndefined();
    expect(read().toolChoice).toBeUndefined();
    expect(lineOf({ ATLAS_MCP_TOOLS: ", ," })).toBe(
      "ATLAS_MCP_TOOLS must be names, separated by commas",
    );
  });
});
