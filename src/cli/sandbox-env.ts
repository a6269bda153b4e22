/** The variables that point clients to a sandbox, as lines for a shell, `node --env-file` and `docker --env-file`. */
import { chmodSync, lstatSync, realpathSync, statSync } from "node:fs";
import { errnoOf } from "../common/errno.ts";
import { visible } from "../common/visible.ts";
import { ConfigError } from "../config/config.ts";
import { readNamedFile } from "../config/named-file.ts";
import { replaceFile } from "./replace-file.ts";

/** The file that stands for stdout. */
export const toStdout = "-";

const from = "--env";
const mark = "# Written by atlas-provision-mcp sandbox --env, again at each start.";

/** How a sandbox is reached, as its line of JSON says it. */
type Access = Record<
  "url" | "orgId" | "clientId" | "clientSecret" | "publicKey" | "privateKey",
  string
>;

/** A service account alone: with an API key beside it, programs differ in which of them they take. */
const variablesOf = (sandbox: Access): [comment: string, Record<string, string>][] => [
  [
    "atlas-provision-mcp, Terraform",
    {
      MONGODB_ATLAS_BASE_URL: sandbox.url,
      MONGODB_ATLAS_ORG_ID: sandbox.orgId,
      MONGODB_ATLAS_CLIENT_ID: sandbox.clientId,
      MONGODB_ATLAS_CLIENT_SECRET: sandbox.clientSecret,
    },
  ],
  [
    "mongodb-mcp-server, which needs https (--tls-key, --tls-cert)",
    {
      MDB_MCP_API_BASE_URL: `${sandbox.url}/`,
      MDB_MCP_API_CLIENT_ID: sandbox.clientId,
      MDB_MCP_API_CLIENT_SECRET: sandbox.clientSecret,
    },
  ],
];

/** For programs that want other names, or an API key. They are comments, because no program wants all of them. */
const othersOf = ({ url, publicKey, privateKey }: Access): Record<string, string> => ({
  MONGODB_ATLAS_OPS_MANAGER_URL: `${url}/`,
  MONGODB_ATLAS_PUBLIC_API_KEY: publicKey,
  MONGODB_ATLAS_PRIVATE_API_KEY: privateKey,
  MONGODB_ATLAS_PUBLIC_KEY: publicKey,
  MONGODB_ATLAS_PRIVATE_KEY: privateKey,
});

/** In quotes only where a shell needs them: Docker takes them as a part of the value. */
const lineOf = ([name, value]: [string, string]): string => {
  if (/^[\w.:/@%+=,-]*$/.test(value)) return `${name}=${value}`;
  if (!/['\r\n\0]/.test(value)) return `${name}='${value}'`;
  throw new ConfigError(
    `${from}: ${name} has a quote or a line break, which not every program reads back; choose another value`,
  );
};

/** Throws `ConfigError` if a value cannot be written so that every program reads it. */
export const envText = (sandbox: Access): string =>
  [
    mark,
    ...variablesOf(sandbox).flatMap(([comment, variables]) => [
      `# ${comment}`,
      ...Object.entries(variables).map(lineOf),
    ]),
    "# the address for the Atlas CLI, and an API key by its names and by Terraform's",
    ...Object.entries(othersOf(sandbox)).map((one) => `# ${lineOf(one)}`),
    "",
  ].join("\n");

const exists = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

const isLink = (path: string): boolean =>
  lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;

/** Refuses a file that this command has not written. Throws `ConfigError`. */
export const checkEnvFile = (path: string): void => {
  if (path === toStdout) return;
  if (!exists(path)) {
    if (!isLink(path)) return;
    throw new ConfigError(`${from}: ${visible(path)} leads to a file that is not there`);
  }
  const text = readNamedFile({ path, from });
  if (text !== "" && !text.startsWith(mark))
    throw new ConfigError(
      `${from}: ${visible(path)} was not written by this command, so it is not changed; name another file`,
    );
};

/** Writes the file. A new or empty one is then its owner's alone. Rejects with `ConfigError`. */
export const writeEnvFile = async (path: string, text: string): Promise<void> => {
  checkEnvFile(path);
  try {
    if (statSync(path, { throwIfNoEntry: false })?.size === 0) chmodSync(path, 0o600);
    await replaceFile(exists(path) ? realpathSync(path) : path, text);
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined) throw error;
    throw new ConfigError(`${from}: ${visible(path)} cannot be written (${code})`);
  }
};
