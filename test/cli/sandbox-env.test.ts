/** `sandbox --env`: the variables by which other programs find a sandbox. */
import { execFileSync } from "node:child_process";
import {
  lstatSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runBundle, serveBundle, startBundle } from "../support/bundle.ts";
import { run } from "../support/program.ts";
import { until } from "../support/until.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sandbox-env-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const secret = 'a$c#d"e';

it("writes a file that Node and a shell read alike, and that the doctor is content with", async () => {
  const file = join(folder, "sandbox.env");
  const args = ["sandbox", "--port", "0", "--env", file, "--client-secret", secret];
  const server = await serveBundle(args);
  try {
    const variables: Record<string, string> = { ...parseEnv(readFileSync(file, "utf8")) } as any;
    expect(variables).toEqual({
      MONGODB_ATLAS_BASE_URL: server.line.url,
      MONGODB_ATLAS_ORG_ID: server.line.orgId,
      MONGODB_ATLAS_CLIENT_ID: server.line.clientId,
      MONGODB_ATLAS_CLIENT_SECRET: secret,
      MDB_MCP_API_BASE_URL: `${server.line.url}/`,
      MDB_MCP_API_CLIENT_ID: server.line.clientId,
      MDB_MCP_API_CLIENT_SECRET: secret,
    });
    const inShell = execFileSync("sh", ["-c", 'set -a; . "$0"; env -0', file], { env: {} });
    const read = inShell.toString().split("\0");
    for (const [name, value] of Object.entries(variables))
      expect(read).toContain(`${name}=${value}`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { code, stdout } = await runBundle(["doctor"], variables);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/\nReady\.\n$/)]);
  } finally {
    await server.end("SIGTERM");
  }
  // Again, for another sandbox, through a link.
  const link = join(folder, "link.env");
  symlinkSync(file, link);
  const other = await serveBundle(["sandbox", "--port", "0", "--env", link]);
  expect(await other.end("SIGTERM")).toBe(0);
  expect(readFileSync(file, "utf8")).toContain(`MONGODB_ATLAS_BASE_URL=${other.line.url}\n`);
});

it("writes the lines to stdout without a file, in place of the JSON", async () => {
  const server = startBundle(["sandbox", "--env", "--port", "0"]);
  await until(() => server.stdout().includes("MDB_MCP_API_CLIENT_SECRET"), "the lines", 10_000);
  expect(parseEnv(server.stdout())).toMatchObject({
    MONGODB_ATLAS_BASE_URL: expect.stringMatching(/^http:/),
  });
  expect(server.stdout()).not.toContain("{");
  server.child.kill("SIGTERM");
  expect((await server.exited).code).toBe(0);
});

it.each(["sandbox", "doctor sandbox"])("%s leaves a file of others as it is", async (command) => {
  const file = join(folder, "own.env");
  writeFileSync(file, "MINE=1\n");
  const { code, stdout, stderr } = await run([...command.split(" "), "--port", "0", "--env", file]);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("own.env was not written by this command, so it is not changed");
  expect(readFileSync(file, "utf8")).toBe("MINE=1\n");
});

it.each([
  [["--env=/nowhere/x.env"], /--env: \/nowhere\/x\.env cannot be written \(ENOENT\)/],
  [["--env", "--private-key", "it's"], /--env: MONGODB_ATLAS_PRIVATE_API_KEY has a quote/],
])("does not start with %o", async (args, says) => {
  const { code, stdout, stderr } = await run(["sandbox", "--port", "0", ...args]);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(says);
});

it("makes an empty file its owner's alone", async () => {
  const file = join(folder, "empty.env");
  writeFileSync(file, "", { mode: 0o644 });
  const server = await serveBundle(["sandbox", "--port", "0", "--env", file]);
  expect(await server.end("SIGTERM")).toBe(0);
  expect(readFileSync(file, "utf8")).toContain("MONGODB_ATLAS_CLIENT_SECRET=");
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it.each(["sandbox", "doctor sandbox"])("%s leaves a link to nothing as it is", async (command) => {
  const link = join(folder, `to-nothing-${command.length}.env`);
  symlinkSync(join(folder, "gone.env"), link);
  const { code, stderr } = await run([...command.split(" "), "--port", "0", "--env", link]);
  expect(code).toBe(2);
  expect(stderr).toContain("leads to a file that is not there");
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
});
