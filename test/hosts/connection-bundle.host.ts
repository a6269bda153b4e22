import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "tsdown";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import config from "../../tsdown.config.ts";
import { runCommand } from "../support/bundle.ts";
import { type Database, openDatabase, password, username } from "./connections/database.ts";
import { node22, node24, repository } from "./tools.ts";

let database: Database;
let folder: string;

/** The check alone, bundled as the program is, in a folder where no package can be found. */
const bundle = () =>
  build({
    ...config,
    config: false,
    cwd: repository,
    entry: { check: join(repository, "src/connection/check.ts") },
    outDir: folder,
    plugins: [],
    dts: false,
    logLevel: "error",
  });

const script = `
const { checkConnection } = require("./check.cjs");
const { Resolver } = require("node:dns/promises");
const { username, password, dns } = JSON.parse(process.env.CHECK);
const resolver = new Resolver();
resolver.setServers([dns]);
const secret = { reveal: () => password };
const signal = new AbortController().signal;
const connectionString = "mongodb+srv://orders.shop.test/";
checkConnection({ connectionString, username, password: secret, resolver, signal }).then((report) => {
  process.stderr.write(JSON.stringify(report));
});
`;

beforeAll(async () => {
  database = await openDatabase();
  folder = mkdtempSync(join(tmpdir(), "connection-bundle-"));
  await bundle();
  writeFileSync(join(folder, "run.cjs"), script);
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

/** Every variable by which the driver logs, to where the messages of MCP are. */
const loud = Object.fromEntries(
  ["ALL", "COMMAND", "TOPOLOGY", "SERVER_SELECTION", "CONNECTION", "CLIENT"].map((name) => [
    `MONGODB_LOG_${name}`,
    "trace",
  ]),
);

const runUnder = (node: string) =>
  runCommand(node, [join(folder, "run.cjs")], {
    ...loud,
    MONGODB_LOG_PATH: "stdout",
    NODE_EXTRA_CA_CERTS: database.certificate.certPath,
    CHECK: JSON.stringify({ username, password, dns: database.dns.address }),
  });

describe.each([
  ["20", () => process.execPath],
  ["22", node22],
  ["24", node24],
])("the bundled check under Node %s", (_release, node) => {
  it("connects without any package, writes nothing to stdout and ends by itself", async () => {
    const { code, stdout, stderr } = await runUnder(node());
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(JSON.parse(stderr)).toMatchObject({ connected: true, loggedIn: true });
  });
});

it("loads the driver as a chunk of its own, of at most 600 KB", () => {
  const sizes = readdirSync(folder)
    .filter((name) => name !== "run.cjs")
    .map((name) => statSync(join(folder, name)).size);
  expect(sizes.length).toBeGreaterThan(1);
  expect(Math.max(...sizes)).toBeGreaterThan(400_000);
  expect(Math.max(...sizes)).toBeLessThan(600_000);
});
