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
      "ATLAS_MCP_READ_OLNY",
      "ATLAS_MCP_READ_OLNY is not a setting of this server; did you mean ATLAS_MCP_READ_ONLY?",
    ],
    [
      "ATLAS_MCP_TOKEN",
      "ATLAS_MCP_TOKEN is not a setting of this server; did you mean ATLAS_MCP_TOKENS?",
    ],
    ["atlas_mcp_colour", "atlas_mcp_colour is not a setting of this server"],
  ])("%s that begins like ours is a warning and a note", (name, says) => {
    expect(read({ [name]: "hunter2" })).toMatchObject({ warnings: [says], notes: [says] });
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
