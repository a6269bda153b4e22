/** server.json, the entry in the MCP registry, is written from the declarations of the settings (npm run docs). */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import * as z from "zod/v4";
import { type NamedSetting, schema, settings } from "../src/config/settings.ts";

const pathOf = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const json = (name: string) => JSON.parse(readFileSync(pathOf(name), "utf8"));

const capitalized = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** The format of a variable, by the names of the registry; text has none. */
const formatOf = ({ boolean, path, default: preset }: NamedSetting): object => {
  if (boolean === true) return { format: "boolean" };
  if (path === true) return { format: "filepath" };
  return typeof preset === "number" ? { format: "number" } : {};
};

const choicesOf = ({ name }: NamedSetting): object => {
  const { enum: choices } = z.toJSONSchema(schema.shape[name], {
    io: "input",
    unrepresentable: "any",
  });
  return choices === undefined ? {} : { choices };
};

const variableOf = (setting: NamedSetting) => ({
  name: setting.env[0],
  description: capitalized(setting.help.replace(/^http: /, "")),
  isRequired: false,
  ...(setting.file === true ? { isSecret: true } : {}),
  ...formatOf(setting),
  ...choicesOf(setting),
  ...(setting.default === undefined ? {} : { default: String(setting.default) }),
});

/** One way to start the program. */
const packageWith = (more: object, wanted: (setting: NamedSetting) => boolean) => {
  const { name: identifier, version } = json("package.json");
  return {
    registryType: "npm",
    identifier,
    version,
    ...more,
    environmentVariables: settings.filter(wanted).map(variableOf),
  };
};

const entry = () => {
  const { mcpName, version } = json("package.json");
  const stdio = { transport: { type: "stdio" } };
  const port = {
    type: "named",
    name: "--port",
    description: "The port on this machine.",
    format: "number",
    default: "3000",
  };
  const http = {
    transport: { type: "streamable-http", url: "http://127.0.0.1:{--port}/mcp" },
    packageArguments: [{ type: "positional", value: "http" }, port],
  };
  return {
    $schema: "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
    name: mcpName,
    title: "MongoDB Atlas provisioning",
    description: json("mcpb/manifest.json").description,
    version,
    packages: [packageWith(stdio, ({ http }) => http !== true), packageWith(http, () => true)],
  };
};

it("has every setting that each transport reads (npm run docs writes it)", () => {
  const path = pathOf("server.json");
  if (process.env.UPDATE_DOCS) writeFileSync(path, `${JSON.stringify(entry(), null, 2)}\n`);
  expect(json("server.json")).toEqual(entry());
});

it("shows no credential and no store's password", () => {
  const [{ environmentVariables: variables }] = json("server.json").packages;
  const secret = variables.filter(({ isSecret }: any) => isSecret).map(({ name }: any) => name);
  expect(secret).toEqual([
    "MONGODB_ATLAS_CLIENT_ID",
    "MONGODB_ATLAS_CLIENT_SECRET",
    "MONGODB_ATLAS_PUBLIC_API_KEY",
    "MONGODB_ATLAS_PRIVATE_API_KEY",
    "ATLAS_MCP_SECRET",
    "ATLAS_MCP_STORE",
  ]);
});
