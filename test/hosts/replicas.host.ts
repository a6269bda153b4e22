import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runBundle } from "../support/bundle.ts";
import {
  answerOf,
  callTool,
  type HttpServed,
  legacy,
  modern,
  openSession,
  post,
  serveHttp,
} from "../support/http.ts";
import { aws, type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";
import { passwordsFolder } from "../support/passwords-folder.ts";
import { bearer, type Minted, mint, tokenFile } from "../support/token-file.ts";
import { until } from "../support/until.ts";
import { freePort, type Nginx, startNginx } from "./nginx.ts";

const passwords = passwordsFolder();

let sandbox: LiveSandbox;
let replicas: HttpServed[];
let ports: number[];
let nginx: Nginx;

const startReplica = (port: number) =>
  serveHttp(["--port", String(port)], {
    ...sandbox.env,
    ATLAS_MCP_CONFIRM: "auto",
    ATLAS_MCP_SECRET: "the-same-in-all-replicas",
  });

beforeAll(async () => {
  sandbox = await startSandbox({ rateLimits: false });
  ports = [await freePort(), await freePort(), await freePort()];
  replicas = await Promise.all(ports.map(startReplica));
  nginx = await startNginx(ports);
});
afterAll(async () => {
  nginx?.close();
  for (const replica of replicas ?? []) void replica.end("SIGKILL");
  await sandbox?.close();
});

const metricOf = async (port: number, name: string): Promise<number> => {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(
    text
      .split("\n")
      .find((line) => line.startsWith(name))
      ?.split(" ")
      .at(-1) ?? 0,
  );
};

const metricsOf = (name: string) => Promise.all(ports.map((port) => metricOf(port, name)));

describe("three replicas behind nginx", () => {
  it("share the calls of the era of 2026 evenly", async () => {
    const list = modern("tools/list");
    for (let count = 0; count < 30; count += 1)
      expect((await answerOf(await post(nginx.url, list))).result.tools.length).toBeGreaterThan(0);
    const served = await metricsOf('atlas_mcp_http_responses_total{status="200"}');
    for (const count of served) expect(count).toBeGreaterThanOrEqual(8);
  });

  it("share the sessions of the era of 2025, and each stays where it was opened", async () => {
    const sessions = await Promise.all(Array.from({ length: 24 }, () => openSession(nginx.url)));
    const open = await metricsOf("atlas_mcp_sessions");
    expect(open.reduce((sum, one) => sum + one, 0)).toBe(24);
    expect(open.filter((count) => count > 0).length).toBeGreaterThan(1);
    for (let round = 0; round < 3; round += 1)
      for (const session of sessions) {
        const response = await post(nginx.url, legacy(session, "tools/list"));
        expect((await answerOf(response)).result.tools.length).toBeGreaterThan(0);
      }
  });

  it("answer with a stream that nginx does not hold back", async () => {
    const session = await openSession(nginx.url);
    const headers = { accept: "text/event-stream", "mcp-session-id": session };
    const leaving = new AbortController();
    const response = await fetch(nginx.url, { headers, signal: leaving.signal });
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    leaving.abort();
  });
});

describe("consent", () => {
  it("given through one replica holds in another", async () => {
    const { Client, StreamableHTTPClientTransport } = await import("@modelcontextprotocol/client");
    const info = { name: "test", version: "1" };
    const client = new Client(info, {
      capabilities: { elicitation: {} },
      versionNegotiation: { mode: { pin: "2026-07-28" } },
    });
    let asked = 0;
    client.setRequestHandler("elicitation/create", () => {
      asked += 1;
      return { action: "accept", content: { agree: true } };
    });
    await client.connect(new StreamableHTTPClientTransport(new URL(nginx.url)));
    const call = async (name: string, args: object): Promise<any> =>
      (await client.callTool({ name, arguments: { ...args } })).structuredContent;
    const { project } = await call("create_project", { name: "agreed", orgId: sandbox.orgId });
    for (const name of ["a", "b", "c", "d"]) {
      const args = { groupId: project.id, name, providerSettings: aws };
      expect(await call("create_flex_cluster", args)).toMatchObject({ outcome: "created" });
    }
    // Each question and its answer are two requests, and of two in a row no two go to the same replica.
    expect(asked).toBe(4);
    await client.close();
  });
});

describe("a password", () => {
  it("comes to who created the user through any replica, and to nobody else", async () => {
    const [alice, bob] = await Promise.all([mint("alice"), mint("bob")]);
    const file = tokenFile({ ...alice.entry, credentials: true }, bob.entry);
    const own = [await freePort(), await freePort(), await freePort()];
    const env = { ...sandbox.env, ...passwords.env };
    const servers = await Promise.all(
      own.map((port) => serveHttp(["--port", String(port), "--tokens", file.path], env)),
    );
    const proxy = await startNginx(own);
    const { id: groupId } = await sandbox.make("/groups", { name: "own", orgId: sandbox.orgId });
    const args = { groupId, username: "app", roles: [{ roleName: "read", databaseName: "app" }] };
    const made = await callTool(
      proxy.url,
      "2026",
      "create_database_user",
      args,
      bearer(alice.token),
    );
    expect(made.result.structuredContent).toMatchObject({ outcome: "created" });
    const message = {
      headers: { "content-type": "application/json" },
      body: { groupId, username: "app" },
    };
    const at = new URL("/credentials", proxy.url).href;
    for (let count = 0; count < 6; count += 1) {
      const given = await post(at, message, bearer(alice.token));
      expect(await given.json()).toMatchObject({ variables: passwords.read(groupId, "app") });
      expect((await post(at, message, bearer(bob.token))).status).toBe(403);
    }
    // The commands of whoever has the token, from a machine that has none of the server's files.
    const folder = mkdtempSync(join(tmpdir(), "fetching-"));
    const commandOf = (name: string, { token }: Minted, ...words: string[]) => {
      const tokenPath = join(folder, `${words.length}-${token.slice(-6)}`);
      writeFileSync(tokenPath, `${token}\n`, { mode: 0o600 });
      const from = ["--server", proxy.url, "--token-file", tokenPath];
      return runBundle([name, ...from, "--project", groupId, "--user", "app", ...words]);
    };
    const password = passwords.read(groupId, "app").MONGODB_PASSWORD ?? "";
    const out = (who: string) => ["--out", join(folder, `${who}.env`)];
    const written = await commandOf("env", alice, ...out("alice"));
    expect(written.code).toBe(0);
    const variables = parseEnv(readFileSync(join(folder, "alice.env"), "utf8"));
    expect(variables).toEqual(passwords.read(groupId, "app"));
    const refused = await commandOf("env", bob, ...out("bob"));
    expect(refused.code).toBe(1);
    expect(existsSync(join(folder, "bob.env"))).toBe(false);
    const digest = `console.log(require("node:crypto").createHash("sha256").update(process.env.MONGODB_PASSWORD).digest("hex"))`;
    const ran = await commandOf("run", alice, "--", process.execPath, "-e", digest);
    expect(ran.stdout.trim()).toBe(createHash("sha256").update(password).digest("hex"));
    expect(readdirSync(folder).filter((name) => name.endsWith(".env"))).toEqual(["alice.env"]);
    for (const { stdout, stderr } of [written, refused, ran])
      expect(stdout + stderr).not.toContain(password);
    rmSync(folder, { recursive: true });
    proxy.close();
    await Promise.all(servers.map((server) => server.end("SIGTERM")));
    file.remove();
  });
});

type Told = "created" | "existing" | "lost" | `refused with ${number}`;

/** A caller of one era, who repeats what was lost as the contract says, until it is told how things stand. */
const caller = (era: "2025" | "2026") => {
  let session: string | undefined;
  const lost = { said: "lost" as const };

  const once = async (name: string): Promise<{ said: Told; answer?: unknown }> => {
    const args = { name, orgId: sandbox.orgId, ifExists: "return" };
    const params = { name: "create_project", arguments: args };
    try {
      if (era === "2025") session ??= await openSession(nginx.url);
      const message =
        session === undefined
          ? modern("tools/call", params)
          : legacy(session, "tools/call", params);
      const response = await post(nginx.url, message, {}, { signal: AbortSignal.timeout(20_000) });
      if (!response.ok) {
        await response.text();
        session = undefined;
        return { said: `refused with ${response.status}` };
      }
      const answer = (await answerOf(response))?.result?.structuredContent;
      const { outcome } = answer ?? {};
      return outcome === "created" || outcome === "existing" ? { said: outcome, answer } : lost;
    } catch {
      session = undefined;
      return lost;
    }
  };

  /** What was said each time; the last is how it ended. */
  return async (name: string): Promise<Told[]> => {
    const all: Told[] = [];
    await until(
      async () => {
        const { said } = await once(name);
        all.push(said);
        return said === "created" || said === "existing";
      },
      `an answer for ${name}`,
      40_000,
    );
    return all;
  };
};

describe("replicas that go and come again under load", () => {
  /** What callers of both eras were told of each project that they made while something happened to the replicas. */
  const underLoad = async (prefix: string, meanwhile: () => Promise<void>) => {
    await sandbox.reset();
    await sandbox.script("createGroup", "delay:250", 500);
    let over = false;
    const told = new Map<string, { era: "2025" | "2026"; all: Told[] }>();
    const flow = async (era: "2025" | "2026", index: number) => {
      const create = caller(era);
      for (let count = 0; count < 5 || !over; count += 1) {
        const name = `${prefix}-${index}-${count}`;
        told.set(name, { era, all: await create(name) });
      }
    };
    const flows = [0, 1, 2].flatMap((index) => [flow("2026", index), flow("2025", index + 3)]);
    await until(async () => (await names()).length > 0, "the first projects", 20_000);
    await meanwhile();
    over = true;
    await Promise.all(flows);
    return told;
  };

  const names = async (): Promise<string[]> =>
    (await sandbox.state()).projects.map(({ name }) => name);

  const replace = async (index: number, signal: NodeJS.Signals) => {
    const port = ports[index] ?? 0;
    await replicas[index]?.end(signal, 10_000);
    replicas[index] = await startReplica(port);
    await until(() => metricOf(port, "atlas_mcp_calls_total"), "a call of the new one", 20_000);
  };

  /** Until a call has begun within the last few milliseconds: each takes 250 ms, so its end is far. */
  const hasBegunOne = async (port: number) => {
    let before = Number.POSITIVE_INFINITY;
    const rises = async () => {
      const now = await metricOf(port, "atlas_mcp_calls_in_flight");
      const risen = now > before;
      before = now;
      return risen;
    };
    await until(rises, "a call that has just begun", 20_000);
  };

  it("one that is killed costs answers and no truth: all is made, and nothing twice", async () => {
    const told = await underLoad("killed", async () => {
      await hasBegunOne(ports[0] ?? 0);
      await replace(0, "SIGKILL");
    });
    expect((await names()).sort()).toEqual([...told.keys()].sort());
    for (const { all } of told.values()) expect(all.at(-1)).toMatch(/^(created|existing)$/);
    const repeated = [...told.values()].filter(({ all }) => all.length > 1);
    console.log(`killed: ${repeated.length} of ${told.size} calls had to be repeated`);
    expect(repeated.length).toBeGreaterThan(0);
  });

  it("those that are restarted one after the other lose no answer of the era of 2026", async () => {
    const told = await underLoad("rolled", async () => {
      for (const index of [0, 1, 2]) await replace(index, "SIGTERM");
    });
    expect((await names()).sort()).toEqual([...told.keys()].sort());
    const recent = [...told.values()].filter(({ era }) => era === "2026");
    console.log(`rolled: ${recent.length} calls of 2026, ${told.size - recent.length} of 2025`);
    for (const { all } of recent) expect(all).toEqual(["created"]);
  });
});
