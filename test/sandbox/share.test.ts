import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import {
  createSandbox,
  type SandboxOptions,
  StateFileError,
  shareSandbox,
} from "@atlas-provision-mcp/sandbox";
import { describe, expect, it, onTestFinished } from "vitest";
import { lockStateFile } from "../../sandbox/src/state/lock.ts";
import { until } from "../support/until.ts";

type Shared = Awaited<ReturnType<typeof shareSandbox>>;

const newPath = (): string => {
  // The lock is named after the folder and the file, and a removed folder's number is used again.
  const folder = mkdtempSync(join(tmpdir(), "share-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, `${basename(folder)}.json`);
};

const kept = <T extends Shared>(sandbox: T): T => {
  onTestFinished(() => sandbox.close());
  return sandbox;
};

const share = async (statePath: string, options: SandboxOptions = {}): Promise<Shared> =>
  kept(await shareSandbox({ ...options, statePath }));

const tokenOf = async ({ url, clientId, clientSecret }: Shared): Promise<string> => {
  const response = await fetch(`${url}/api/oauth/token`, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: "grant_type=client_credentials",
  });
  const { access_token: token } = (await response.json()) as { access_token: string };
  return token;
};

const request = async (sandbox: Shared, path: string, body?: object): Promise<any> => {
  const response = await fetch(`${sandbox.url}/api/atlas/v2${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      authorization: `Bearer ${await tokenOf(sandbox)}`,
      accept: "application/vnd.atlas.2025-03-12+json",
      "content-type": "application/json",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return response.json();
};

const make = (sandbox: Shared, name: string) =>
  request(sandbox, "/groups", { name, orgId: sandbox.orgId });

const namesIn = async (sandbox: Shared): Promise<string[]> =>
  (await request(sandbox, "/groups")).results.map(({ name }: { name: string }) => name).sort();

/** What is there, once the sandbox answers again. */
const namesLater = (sandbox: Shared) =>
  until(() => namesIn(sandbox).catch(() => undefined), "an answer", 10_000);

describe("sandboxes with one state file", () => {
  it("are one: each sees what the other has made", async () => {
    const path = newPath();
    const [first, second] = [await share(path), await share(path)];
    expect(second).toMatchObject({ url: first.url, orgId: first.orgId, clientId: first.clientId });
    await make(first, "one");
    await make(second, "two");
    expect(await namesIn(first)).toEqual(["one", "two"]);
  });

  it("are one where several start at the same moment", async () => {
    const path = newPath();
    const all = await Promise.all([1, 2, 3, 4, 5].map(() => share(path)));
    expect(new Set(all.map(({ url }) => url)).size).toBe(1);
    await Promise.all(all.map((sandbox, index) => make(sandbox, `p${index}`)));
    expect(await namesIn(all[0] as Shared)).toHaveLength(5);
  });

  it("go on at the same address when the first ends, and then the second", async () => {
    const path = newPath();
    const [first, second, third] = [await share(path), await share(path), await share(path)];
    await make(first, "one");
    await first.close();
    expect(await namesLater(second)).toEqual(["one"]);
    await make(third, "two");
    await second.close();
    expect(await namesLater(third)).toEqual(["one", "two"]);
    const fourth = await share(path);
    expect([fourth.url, await namesIn(fourth)]).toEqual([first.url, ["one", "two"]]);
  });

  it("leave the first alone when the second ends", async () => {
    const path = newPath();
    const [first, second] = [await share(path), await share(path)];
    await second.close();
    await make(first, "one");
    expect(await namesIn(first)).toEqual(["one"]);
  });

  it("free the file when all have ended", async () => {
    const path = newPath();
    const [first, second] = [await share(path), await share(path)];
    await Promise.all([first.close(), second.close()]);
    const alone = kept(await createSandbox({ statePath: path }));
    expect(alone.clientId).toBe(first.clientId);
  });

  it("wait for the port that the first leaves", async () => {
    const path = newPath();
    const [first, second] = [await share(path), await share(path)];
    const port = Number(new URL(first.url).port);
    const blocker = createServer((socket) => socket.destroy());
    // Takes the port before the second can.
    const closing = first.close();
    blocker.listen(port, "127.0.0.1");
    blocker.on("error", () => {});
    setTimeout(() => blocker.close(), 300);
    await closing;
    expect(await namesLater(second)).toEqual([]);
  });
});

const problemOf = async (opening: Promise<Shared>): Promise<StateFileError> => {
  const error = await opening.then(kept, (thrown: unknown) => thrown);
  if (error instanceof StateFileError) return error;
  throw new Error(`no StateFileError, but ${String(error)}`);
};

describe("a state file that another sandbox has", () => {
  it("is not shared by a sandbox that runs on its own, which says who has it", async () => {
    const path = newPath();
    const first = await share(path);
    const problem = await problemOf(createSandbox({ statePath: path }));
    expect(problem.code).toBe("state_file_in_use");
    expect(problem.message).toContain(
      `is in use by another sandbox (process ${process.pid} at ${first.url})`,
    );
  });

  it("is shared with a sandbox that runs on its own", async () => {
    const path = newPath();
    const alone = kept(await createSandbox({ statePath: path }));
    const second = await share(path);
    expect(second.url).toBe(alone.url);
    await make(second, "one");
    expect(await namesIn(alone)).toEqual(["one"]);
  });

  it("cannot be shared with another organization", async () => {
    const path = newPath();
    const first = await share(path);
    const problem = await problemOf(shareSandbox({ statePath: path, orgId: "5".repeat(24) }));
    expect(problem.message).toContain(`whose organization is ${first.orgId}`);
    await first.close();
    const saved = readFileSync(path, "utf8");
    const later = await problemOf(share(path, { orgId: "5".repeat(24) }));
    expect([later.code, later.problem]).toEqual([
      "state_file_unusable",
      `the state file ${path} has the organization ${first.orgId}, not ${"5".repeat(24)}`,
    ]);
    expect(readFileSync(path, "utf8")).toBe(saved);
    expect((await share(path, { orgId: first.orgId })).orgId).toBe(first.orgId);
  });

  it("cannot be shared where its file is damaged or gone meanwhile", async () => {
    const path = newPath();
    await share(path);
    const text = readFileSync(path, "utf8");
    writeFileSync(path, "{");
    expect((await problemOf(share(path))).message).toContain("is damaged");
    rmSync(path);
    expect((await problemOf(share(path))).message).toContain("has lost its file");
    writeFileSync(path, text);
  });

  it.each(["https://127.0.0.1:1", "http://192.0.2.1:80", "http://127.0.0.1:1@portal.example:80"])(
    "cannot be shared at %s, which is not plain http on this machine",
    async (url) => {
      const path = newPath();
      const first = await share(path);
      const text = readFileSync(path, "utf8");
      await first.close();
      writeFileSync(path, text);
      const lock = await lockStateFile(path);
      onTestFinished(lock.release);
      lock.announce(url);
      expect((await problemOf(shareSandbox({ statePath: path }))).message).toContain(
        `at ${url}) that is not on plain http on this machine`,
      );
    },
  );

  it("cannot be shared where its holder never says where its sandbox is", async () => {
    const path = newPath();
    const lock = await lockStateFile(path);
    onTestFinished(lock.release);
    const problem = await problemOf(shareSandbox({ statePath: path }));
    expect(problem.message).toMatch(/is in use by another sandbox\.$/);
  }, 15_000);
});
