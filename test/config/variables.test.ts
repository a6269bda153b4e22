// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of hosts look like this
import { describe, expect, it } from "vitest";
import { readConfig, readSecret } from "../../src/config/config.ts";
import { createContainer } from "../../src/container.ts";
import { account, lineOf, read } from "../support/config.ts";
import { onPlatform } from "../support/platform.ts";
import { run } from "../support/program.ts";
import { fileVariables, variables } from "../support/settings.ts";
import { until } from "../support/until.ts";

const ours = [...variables, ...fileVariables].map(({ variable }) => variable);

/** The name with each two neighbouring letters in each other's place. */
const swaps = (name: string): string[] =>
  Array.from(name.slice(1), (second, at) => [name[at], second])
    .map(([first, second], at) => `${name.slice(0, at)}${second}${first}${name.slice(at + 2)}`)
    .filter((one) => one !== name);

/** The names that are nearly this one. */
const disguises = (name: string): string[] => {
  const middle = Math.floor(name.length / 2);
  return [
    name.toLowerCase(),
    name.replaceAll("_", ""),
    name.replaceAll("_", "").toLowerCase(),
    name.replace(/_(?=[^_]+$)/, ""),
    `${name}X`,
    `X${name}`,
    `_${name}`,
    name.slice(1),
    name.slice(0, -1),
    `${name.slice(0, middle)}${name.slice(middle + 1)}`,
    `${name.slice(0, middle)}9${name.slice(middle)}`,
    `${name.slice(0, middle)}9${name.slice(middle + 1)}`,
    `${name.slice(0, -1)}9`,
    ...swaps(name),
  ].filter((one) => !ours.includes(one) && one !== "ATLAS_MCP_TOKEN");
};

describe("a variable that is nearly ours ends the start with the name that was meant", () => {
  it.each(ours)("%s", (name) => {
    for (const other of disguises(name))
      expect(lineOf({ ...account, [other]: "1" })).toBe(
        `${other} is not a setting; did you mean ${name}?`,
      );
  });

  it.each([
    ["MONGODB_ATLAS_CLIENTID", "MONGODB_ATLAS_CLIENT_ID"],
    ["atlas_mcp_read_only", "ATLAS_MCP_READ_ONLY"],
    ["ATLASMCPREADONLY", "ATLAS_MCP_READ_ONLY"],
    ["ATLAS_MCP_READONLY", "ATLAS_MCP_READ_ONLY"],
    ["atlas_mcp_token", "ATLAS_MCP_TOKENS"],
    ["MONGODB_ATLAS_CLINET_ID", "MONGODB_ATLAS_CLIENT_ID"],
    ["ATLAS_MCP_POLCIY", "ATLAS_MCP_POLICY"],
    ["ATLAS_MCP_REDA_ONLY", "ATLAS_MCP_READ_ONLY"],
    ["ATLAS_MCP_POLICY_FILE", "ATLAS_MCP_POLICY"],
    ["ATLAS_MCP_POLICY_PATH", "ATLAS_MCP_POLICY"],
    ["ATLAS_MCP_AUDIT_FILE", "ATLAS_MCP_AUDIT"],
    ["ATLAS_MCP_TOKENS_FILE", "ATLAS_MCP_TOKENS"],
    ["ATLAS_MCP_POLCIY_FILE", "ATLAS_MCP_POLICY"],
    ["MONGODB_ATLAS_ORG_ID_FILE", "MONGODB_ATLAS_ORG_ID"],
    ["MONGODB_ATLAS_CLIENT_SECRET_PATH", "MONGODB_ATLAS_CLIENT_SECRET_FILE"],
  ])("%s", (name, meant) => {
    expect(lineOf({ [name]: "1" })).toContain(`did you mean ${meant}?`);
  });

  it("in the program, with exit code 2", async () => {
    const { code, stdout, stderr } = await run(["tools"], { ATLAS_MCP_READONLY: "1" });
    expect([code, stdout, stderr]).toEqual([
      2,
      "",
      "atlas-provision-mcp: ATLAS_MCP_READONLY is not a setting; did you mean ATLAS_MCP_READ_ONLY?\n",
    ]);
  });

  it.each(["", " ", "${user_config.read_only}"])("not where it is %j", (text) => {
    expect(read({ ATLAS_MCP_READONLY: text }).warnings).toEqual([]);
  });

  it("not for one of ours that is near another", () => {
    expect(read(Object.fromEntries(ours.map((name) => [name, ""]))).warnings).toEqual([]);
  });

  it("for a command that needs the secret alone, if that was meant", () => {
    expect(() => readSecret({ ATLAS_MCPSECRET: "x" })).toThrow(/did you mean ATLAS_MCP_SECRET\?/);
    expect(readSecret({ ATLAS_MCP_READONLY: "1" })).toBeUndefined();
  });
});

describe("Kubernetes's variables of a service", () => {
  const service = (name: string) => ({
    [`${name}_SERVICE_HOST`]: "10.0.0.1",
    [`${name}_SERVICE_PORT`]: "3000",
    [`${name}_SERVICE_PORT_HTTP`]: "3000",
    [`${name}_PORT`]: "tcp://10.0.0.1:3000",
    [`${name}_PORT_3000_TCP`]: "tcp://10.0.0.1:3000",
    [`${name}_PORT_3000_TCP_PROTO`]: "tcp",
    [`${name}_PORT_3000_TCP_PORT`]: "3000",
    [`${name}_PORT_3000_TCP_ADDR`]: "10.0.0.1",
  });

  it.each(["ATLAS_MCP", "ATLAS_MCP_TOKENS", "ATLAS_MCP_POLIC", "MONGODB_ATLAS"])(
    "%s mean nothing here",
    (name) => {
      expect(read(service(name))).toMatchObject({ warnings: [], notes: [] });
    },
  );

  it("mean nothing either where only the address of the port is there", () => {
    const env = {
      ATLAS_MCP_AUDIT_PORT: "tcp://10.0.0.1:8080",
      ATLAS_MCP_AUDIT_PORT_8080_TCP: "tcp://10.0.0.1:8080",
    };
    expect(read(env)).toMatchObject({ warnings: [], notes: [] });
  });

  it("are not every port: one that an operator sets is told of", () => {
    expect(read({ ATLAS_MCP_PORT: "3000" }).warnings).toEqual([
      "ATLAS_MCP_PORT is not a setting of this server",
    ]);
  });
});

describe("another variable", () => {
  it.each([
    ["ATLAS_MCP_COLOUR", "ATLAS_MCP_COLOUR is not a setting of this server"],
    [
      "ATLAS_MCP_READ_OXXLY",
      "ATLAS_MCP_READ_OXXLY is not a setting of this server; did you mean ATLAS_MCP_READ_ONLY?",
    ],
    [
      "ATLAS_MCP_TOKEN",
      "ATLAS_MCP_TOKEN is not a setting of this server; did you mean ATLAS_MCP_TOKENS?",
    ],
    ["atlas_mcp_colour", "atlas_mcp_colour is not a setting of this server"],
  ])("%s that begins like ours is a warning and a note", (name, says) => {
    expect(read({ [name]: "hunter2" })).toMatchObject({ warnings: [says], notes: [says] });
  });

  it.each([
    ["MONGODB_ATLAS_READ_ONLY", "ATLAS_MCP_READ_ONLY"],
    ["MDB_MCP_READ_ONLY", "ATLAS_MCP_READ_ONLY"],
    ["MDB_MCP_API_BASE_URL", "MONGODB_ATLAS_BASE_URL"],
    ["ATLAS_MCP_ORG_ID", "MONGODB_ATLAS_ORG_ID"],
    ["ATLAS_MCP_TOKEN_FILE", "ATLAS_MCP_TOKENS"],
    ["MONGODB_ATLAS_GROUP_ID", "MONGODB_ATLAS_PROJECT_ID"],
    ["MONGODB_ATLAS_SERVICE_ACCOUNT_ID", "MONGODB_ATLAS_CLIENT_ID"],
    ["MONGODB_ATLAS_API_PUBLIC_KEY", "MONGODB_ATLAS_PUBLIC_API_KEY"],
  ])("%s that stands for a setting is a warning with its name", (name, meant) => {
    const says = `${name} is not a setting of this server; did you mean ${meant}?`;
    expect(read({ [name]: "x" })).toMatchObject({ warnings: [says], notes: [says] });
  });

  it.each(["MONGODB_ATLAS_ACCESS_TOKEN", "MONGODB_ATLAS_API_KEY", "MDB_MCP_CONSUMER_SECRET"])(
    "%s that looks like a credential is a warning",
    (name) => {
      const warnings = [`${name} is not a setting of this server`];
      expect(read({ [name]: "x" })).toMatchObject({ warnings, notes: warnings });
    },
  );

  it("for another program is nothing where the setting is there too", () => {
    const env = { MDB_MCP_READ_ONLY: "false", ATLAS_MCP_READ_ONLY: "true" };
    expect(read(env)).toMatchObject({ readOnly: true, warnings: [], notes: [] });
  });

  it.each(["MONGODB_ATLAS_SERVICE_ACCOUNT", "MONGODB_ATLAS_SKIP_UPDATE_CHECK"])(
    "%s, which may be another program's, is a note alone",
    (name) => {
      const notes = [`${name} is not a setting of this server`];
      expect(read({ [name]: "x" })).toMatchObject({ warnings: [], notes });
    },
  );

  it.each(["MDB_MCP_CONNECTION_STRING", "MONGODB_URI", "PATH", "ATLAS_PROVISION_MCP_X"])(
    "%s is nothing of ours",
    (name) => expect(read({ [name]: "x" })).toMatchObject({ warnings: [], notes: [] }),
  );

  it("is a line in the log, once, and in doctor", async () => {
    let log = "";
    const logTarget = {
      write: (line: string) => {
        log += line;
      },
    };
    const env = { ATLAS_MCP_COLOUR: "blue", MONGODB_ATLAS_OTHER: "x" };
    const container = await createContainer(readConfig(env, {}), { logTarget });
    await until(() => log !== "", "the line");
    await container.close();
    expect(log.trimEnd().split("\n")).toEqual([expect.stringContaining("ATLAS_MCP_COLOUR is not")]);
    expect(JSON.parse(log)).toMatchObject({ level: 40 });
    const { stdout } = await run(["doctor"], env);
    for (const name of Object.keys(env)) expect(stdout).toContain(`${name} is not a setting`);
  });
});

describe("on Windows, where names have no case", () => {
  it("another case is the same variable", () => {
    onPlatform("win32");
    const env = { Atlas_Mcp_Read_Only: "1", https_proxy: "proxy:3128" };
    expect(read(env)).toMatchObject({ readOnly: true, warnings: [], notes: [] });
    expect(read(env).proxies).toHaveProperty("httpsProxy");
    expect(lineOf({ atlas_mcp_readonly: "1" })).toContain("did you mean ATLAS_MCP_READ_ONLY?");
  });
});
