/** Files that are changed while calls come: none is lost (docs/operations.md#rotation). */
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { callTool, type HttpServed, openSession, serveHttp } from "../../../support/http.ts";
import { type LiveSandbox, startSandbox } from "../../../support/live-sandbox.ts";
import { recordSecret } from "../../../support/output-record.ts";
import { run } from "../../../support/program.ts";
import { bearer } from "../../../support/token-file.ts";
import { until } from "../../../support/until.ts";

let sandbox: LiveSandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ rateLimits: false });
});
afterAll(() => sandbox.close());

let folder: string;
let file: (name: string) => string;
let server: HttpServed | undefined;
beforeEach(async () => {
  await sandbox.reset();
  folder = mkdtempSync(join(tmpdir(), "rotation-"));
  file = (name) => join(folder, name);
});
afterEach(async () => {
  await server?.end("SIGTERM");
  server = undefined;
  rmSync(folder, { recursive: true });
});

const serve = async (...args: string[]): Promise<HttpServed> => {
  server = await serveHttp(args, sandbox.env);
  return server;
};

/** Calls from four callers, one after the other each, until told to stop. Gives what was answered. */
const load = (call: (number: number) => Promise<any>) => {
  const answers: any[] = [];
  let stopped = false;
  const callers = [0, 1, 2, 3].map(async (caller) => {
    for (let number = caller; !stopped; number += 4) answers.push(await call(number));
  });
  return {
    answers,
    /** Resolves when so many more calls are answered. */
    grown: (by: number) => {
      const wanted = answers.length + by;
      return until(() => answers.length >= wanted, `${by} more answers`);
    },
    stop: async () => {
      stopped = true;
      await Promise.all(callers);
      return answers;
    },
  };
};

type Line = { id: string; kind: string };

it.each([
  ["moved away", false],
  ["moved away and made anew, as logrotate does with `create`", true],
])("an audit file that is %s loses no line, and each part is intact", async (_how, anew) => {
  const { url } = await serve("--audit", file("audit.jsonl"));
  const calls = load((number) =>
    callTool(url, "2026", "create_project", { name: `p${number}`, orgId: sandbox.orgId }),
  );
  const parts = ["audit.jsonl"];
  for (const part of ["audit.jsonl.1", "audit.jsonl.2"]) {
    await calls.grown(8);
    renameSync(file("audit.jsonl"), file(part));
    if (anew) writeFileSync(file("audit.jsonl"), "", { mode: 0o600 });
    parts.push(part);
  }
  await calls.grown(8);
  const answers = await calls.stop();
  for (const { result } of answers)
    expect(result.structuredContent).toMatchObject({ status: "ok", outcome: "created" });
  const lines: Line[] = [];
  for (const part of parts) {
    const { code, stdout } = await run(["audit", "verify", file(part)]);
    expect({ part, code, stdout }).toEqual({ part, code: 0, stdout: expect.anything() });
    const written = readFileSync(file(part), "utf8").trim().split("\n");
    expect(written.length).toBeGreaterThan(0);
    lines.push(...written.map((line) => JSON.parse(line)));
  }
  const idsOf = (wanted: string) =>
    lines
      .filter(({ kind }) => kind === wanted)
      .map(({ id }) => id)
      .sort();
  expect(idsOf("intent")).toHaveLength(answers.length);
  expect(idsOf("outcome")).toEqual(idsOf("intent"));
});

it("a token file that gains and loses entries refuses no call of the others, and ends no session", async () => {
  const add = async (name: string): Promise<string> => {
    const { stdout } = await run(["token", name, "--add", file("tokens.json")]);
    const { token } = JSON.parse(stdout);
    recordSecret(token);
    return token;
  };
  const alice = bearer(await add("alice"));
  const { url, stderr } = await serve("--tokens", file("tokens.json"), "--rate-limit", "0");
  const session = await openSession(url, alice);
  const calls = load(() => callTool(url, "2026", "get_account", {}, alice));
  const isKnown = async (token: string) =>
    (await fetch(url, { method: "GET", headers: bearer(token) })).status !== 401;
  for (const name of ["bob", "carol"]) {
    const token = await add(name);
    await until(() => isKnown(token), `the token of ${name}`, 5000);
    await run(["token", name, "--revoke", file("tokens.json")]);
    await until(async () => !(await isKnown(token)), `the end of the token of ${name}`, 5000);
  }
  // A text editor that is half done: the tokens that were valid stay so.
  const good = readFileSync(file("tokens.json"));
  writeFileSync(file("tokens.json"), '{"tokens": [');
  await until(() => stderr().includes("token file not reloaded"), "the line of the log", 5000);
  writeFileSync(file("tokens.json"), good);
  const answers = await calls.stop();
  expect(answers.length).toBeGreaterThan(20);
  for (const { result } of answers)
    expect(result?.structuredContent).toMatchObject({ status: "ok" });
  const ended = await fetch(url, {
    method: "DELETE",
    headers: { ...alice, "mcp-session-id": session },
  });
  expect(ended.status).toBe(200);
}, 20_000);
