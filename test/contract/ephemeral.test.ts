import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Answering, connect, type Driver, type Kind } from "../support/clients.ts";
import { actionsOf, callAll } from "../support/contract.ts";
import {
  type EphemeralAtlas,
  lose,
  portal,
  refuse,
  startEphemeralAtlas,
  terms,
} from "../support/ephemeral-atlas.ts";
import { json } from "../support/fake-atlas.ts";
import { leaksIn } from "../support/leaks.ts";
import { permissionsOf } from "../support/passwords-folder.ts";

const home = mkdtempSync(join(tmpdir(), "ephemeral-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

let atlas: EphemeralAtlas;
let driver: Driver | undefined;
let folder: string;
let audit: string;
let count = 0;

beforeEach(async () => {
  count += 1;
  folder = join(home, `${count}`, "credentials");
  audit = join(home, `audit-${count}.jsonl`);
  atlas = await startEphemeralAtlas();
});

afterEach(async () => {
  await driver?.close();
  driver = undefined;
  await atlas.close();
});

const account = {
  MONGODB_ATLAS_CLIENT_ID: "mdb_sa_id_ephemeral0000000000000",
  MONGODB_ATLAS_CLIENT_SECRET: "mdb_sa_sk_ephemeral0000000000000",
};

type Options = { kind?: Kind; env?: Record<string, string>; answers?: Answering | undefined };

/** A client of a server that may make real ones, here of the imitation. Without `answers` the server asks nobody. */
const open = async ({ kind = "v2 modern", env = {}, answers }: Options = {}): Promise<Driver> => {
  driver = await connect(kind, {
    env: {
      MONGODB_ATLAS_BASE_URL: atlas.url,
      ATLAS_MCP_EPHEMERAL: "true",
      ATLAS_MCP_CREDENTIALS_DIR: folder,
      ATLAS_MCP_AUDIT: audit,
      ATLAS_MCP_LOG_LEVEL: "debug",
      ATLAS_MCP_DEADLINE_MS: "5000",
      ATLAS_MCP_CONFIRM: answers === undefined ? "never" : "auto",
      ...env,
    },
    answers,
  });
  return driver;
};

const fileOf = (name: string) => join(folder, "ephemeral", `${name}.env`);
const filesThere = () =>
  existsSync(join(folder, "ephemeral")) ? readdirSync(join(folder, "ephemeral")) : [];
const only = () => {
  const [made] = atlas.clusters.values();
  if (made === undefined) throw new Error("None was made.");
  return made;
};

describe("what is sent", () => {
  it.each([
    ["without credentials", {}],
    ["with credentials, which are not sent", account],
  ])("is as documented, %s", async (_what, env) => {
    const { call } = await open({ env });
    await call("create_ephemeral_cluster", { clusterName: "shop" });
    await call("get_ephemeral_cluster", { clusterName: "shop" });
    const [post, get, ...more] = atlas.seen;
    expect(more).toEqual([]);
    expect(post).toMatchObject({
      method: "POST",
      path: "/api/atlas/v2/unauth/ephemeralClusters:create",
      body: '{"clusterName":"shop"}',
    });
    expect(post?.headers.accept).toBe("application/vnd.atlas.preview+json");
    expect(post?.headers["content-type"]).toBe("application/json");
    expect(get).toMatchObject({
      method: "GET",
      path: `/api/atlas/v2/unauth/ephemeralClusters/${only().clusterId}`,
      body: "",
    });
    expect(get?.headers.accept).toBe("application/vnd.atlas.preview+json");
    for (const { headers } of atlas.seen) {
      expect(headers.authorization).toBeUndefined();
      expect(headers.cookie).toBeUndefined();
      expect(JSON.stringify(headers)).not.toContain("mdb_sa");
    }
  });

  it("is shown by a dry run, which leaves no file", async () => {
    const { call } = await open();
    const { structured } = await call("create_ephemeral_cluster", { dryRun: true });
    expect(structured).toMatchObject({
      status: "ok",
      backend: "atlas",
      outcome: "would_create",
      request: { method: "POST", body: { clusterName: "Cluster0" } },
    });
    expect(atlas.seen).toEqual([]);
    expect(filesThere()).toEqual([]);
  });
});

describe("an ephemeral cluster", () => {
  it("has its secrets in a file of its owner, and nowhere else", async () => {
    const opened = await open();
    const { structured, text } = await opened.call("create_ephemeral_cluster", {});
    const made = only();
    expect(structured).toMatchObject({
      status: "ok",
      backend: "atlas",
      outcome: "created",
      ready: false,
      cluster: { name: "Cluster0", status: "PROVISIONING" },
      host: made.host,
      credentialsFile: fileOf("cluster0"),
      pausesAt: made.expiresAt,
      termsOfService: terms,
    });
    expect(structured.note).toContain("ATLAS_CLAIM_URL");
    expect(Date.parse(structured.deletesAt)).toBe(Date.parse(made.expiresAt) + 5 * 86_400_000);
    expect(parseEnv(readFileSync(fileOf("cluster0"), "utf8"))).toEqual({
      MONGODB_URI: made.connectionString,
      ATLAS_CLAIM_URL: made.claimUrl,
      ATLAS_EPHEMERAL_CLUSTER_ID: made.clusterId,
    });
    expect(permissionsOf(fileOf("cluster0"))).toBe("600");
    made.status = "ACTIVE";
    const looks = await callAll(opened, actionsOf({ structured, text, isError: false, meta: {} }));
    expect(looks[0]?.structured).toMatchObject({ outcome: "found", ready: true, host: made.host });
    const said = [
      text,
      ...looks.map((look) => look.text),
      opened.stderr(),
      readFileSync(audit, "utf8"),
    ];
    expect(opened.stderr()).toContain("ephemeralClusters");
    expect(leaksIn(said.join("\n"), atlas.secrets())).toEqual([]);
  });

  it("keeps a password in the file as Atlas wrote it, whatever is in it", async () => {
    await atlas.close();
    atlas = await startEphemeralAtlas({ password: () => "a%27b'c%22%24%5C%40canary-000001" });
    const { call } = await open();
    await call("create_ephemeral_cluster", {});
    const { MONGODB_URI = "" } = parseEnv(readFileSync(fileOf("cluster0"), "utf8"));
    expect(decodeURIComponent(new URL(MONGODB_URI).password)).toBe("a'b'c\"$\\@canary-000001");
  });

  it.each([
    ["PROVISIONING", false],
    ["ACTIVE", true],
    ["PAUSED", false],
  ] as const)("is shown as %s", async (status, ready) => {
    const { call } = await open();
    await call("create_ephemeral_cluster", {});
    only().status = status;
    const { structured } = await call("get_ephemeral_cluster", { clusterName: "CLUSTER0" });
    expect(structured).toMatchObject({
      outcome: "found",
      ready,
      cluster: { name: "Cluster0", status },
    });
    expect(structured.note.includes("nothing can connect")).toBe(status === "PAUSED");
  });

  it("that has gone may have been claimed", async () => {
    const opened = await open();
    await opened.call("create_ephemeral_cluster", {});
    const secrets = atlas.secrets();
    atlas.clusters.clear();
    const { structured, text } = await opened.call("get_ephemeral_cluster", {
      clusterName: "Cluster0",
    });
    expect(structured.error).toMatchObject({
      code: "not_found",
      retry: "never",
      outcome: "no_change",
    });
    expect(structured.error.message).toContain("deleted, or claimed by a person");
    expect(structured.error.message).not.toContain("began empty");
    expect(leaksIn(`${text}${opened.stderr()}`, secrets)).toEqual([]);
    expect(existsSync(fileOf("cluster0"))).toBe(true);
  });

  it("that this server has not made is not found", async () => {
    const { call } = await open();
    const { structured } = await call("get_ephemeral_cluster", { clusterName: "other" });
    expect(structured.error).toMatchObject({ code: "not_found", outcome: "no_change" });
    expect(structured.error.nextActions).toMatchObject([
      { tool: "create_ephemeral_cluster", arguments: { clusterName: "other" } },
    ]);
    expect(atlas.seen).toEqual([]);
  });
});

describe("an answer that Atlas may give one day", () => {
  const answer = async (changes: Record<string, unknown>) => {
    const opened = await open();
    atlas.next.push((make, response) => {
      const { claimUrl, clusterId, connectionString, expiresAt, status } = make();
      const whole = { claimUrl, clusterId, connectionString, expiresAt, status, ...changes };
      return json(response, 201, whole);
    });
    const result = await opened.call("create_ephemeral_cluster", {});
    expect(leaksIn(`${result.text}${opened.stderr()}`, atlas.secrets())).toEqual([]);
    return { ...opened, ...result };
  };

  it("without a connection string still has a file with which a person can claim it", async () => {
    const { structured } = await answer({ connectionString: null });
    expect(structured).toMatchObject({ outcome: "created", credentialsFile: fileOf("cluster0") });
    expect(structured.host).toBeUndefined();
    expect(structured.note).toContain("no MONGODB_URI");
    expect(parseEnv(readFileSync(fileOf("cluster0"), "utf8")).ATLAS_CLAIM_URL).toBe(
      only().claimUrl,
    );
  });

  it("without a claim URL promises none", async () => {
    const { structured, call } = await answer({ claimUrl: undefined });
    expect(structured.note).toContain("cannot be claimed");
    const look = await call("get_ephemeral_cluster", { clusterName: "Cluster0" });
    expect(look.structured).toMatchObject({
      outcome: "found",
      credentialsFile: fileOf("cluster0"),
    });
  });

  it.each([
    "soon",
    "2020-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "0000-01-01T00:00:00Z",
    42,
    undefined,
  ])("with the end %j is paused 2 days and deleted 7 days after it was made", async (expiresAt) => {
    const { structured } = await answer({ expiresAt });
    const days = (date: string) => (Date.parse(date) - Date.now()) / 86_400_000;
    expect(days(structured.pausesAt)).toBeCloseTo(2, 2);
    expect(days(structured.deletesAt)).toBeCloseTo(7, 2);
  });

  it("with long and odd words about its terms is cut", async () => {
    const { structured } = await answer({ termsOfService: `a\u202eb${"x".repeat(5000)}` });
    expect(structured.termsOfService).toHaveLength(1001);
    expect(structured.termsOfService).not.toContain("\u202e");
  });

  it.each(["short", "with space", "with'quote"])(
    "with the id %j is not Atlas's",
    async (clusterId) => {
      const { structured } = await answer({ clusterId });
      expect(structured.error).toMatchObject({ code: "outcome_unknown" });
    },
  );

  it.each([
    [
      "mongodb://u:canary-pass-0001@h.example:27017,i.example/?appName=a@b",
      "h.example:27017,i.example",
    ],
    ["mongodb+srv://u:canary/pass-0001@h.example/", "h.example"],
  ])("with the connection string %s has the host %s", async (connectionString, host) => {
    const { structured, text } = await answer({ connectionString });
    expect(structured.host).toBe(host);
    expect(text).not.toContain("pass-0001");
  });

  it("that says a secret again is masked, also in a process that has only the file", async () => {
    const first = await open();
    await first.call("create_ephemeral_cluster", {});
    const made = only();
    await first.close();
    const next = await open();
    atlas.next.push((_make, response) =>
      json(response, 200, {
        clusterId: made.clusterId,
        status: "ACTIVE",
        claimUrl: made.claimUrl,
        termsOfService: `${made.claimUrl} ${made.claimId} ${made.connectionString}`,
      }),
    );
    const look = await next.call("get_ephemeral_cluster", { clusterName: "Cluster0" });
    expect(look.structured.ready).toBe(true);
    expect(look.structured.termsOfService).toContain("[redacted]");
    expect(leaksIn(`${look.text}${next.stderr()}`, atlas.secrets())).toEqual([]);
  });

  it("about a failure is not quoted where it may name a cluster", async () => {
    const { call, stderr } = await open();
    atlas.next.push((make, response) => {
      const { clusterId, claimUrl } = make();
      const detail = `Failed at ${clusterId}, ${claimUrl}.`;
      return json(response, 500, { error: 500, errorCode: "UNEXPECTED_ERROR", detail });
    });
    const { structured, text } = await call("create_ephemeral_cluster", {});
    expect(structured.error).toMatchObject({
      code: "outcome_unknown",
      atlas: { status: 500, errorCode: "UNEXPECTED_ERROR" },
    });
    expect(leaksIn(`${text}${stderr()}`, atlas.secrets())).toEqual([]);
  });
});

describe("a create that fails", () => {
  it("with a lost answer is unknown, and another one is safe", async () => {
    const opened = await open();
    atlas.next.push(lose);
    const lost = await opened.call("create_ephemeral_cluster", {});
    expect(lost.structured.error).toMatchObject({
      code: "outcome_unknown",
      outcome: "unknown",
      retry: "same_arguments",
    });
    expect(lost.structured.error.message).toContain("deletes itself within 7 days");
    expect(atlas.seen).toHaveLength(1);
    expect(filesThere()).toEqual([]);
    const [again] = await callAll(opened, actionsOf(lost));
    expect(again?.structured).toMatchObject({ outcome: "created" });
    expect(parseEnv(readFileSync(fileOf("cluster0"), "utf8")).MONGODB_URI).toBe(
      [...atlas.clusters.values()][1]?.connectionString,
    );
  });

  it.each([
    ["500", refuse(500, "UNEXPECTED_ERROR"), { code: "outcome_unknown", outcome: "unknown" }],
    ["a portal's page", portal, { code: "outcome_unknown", outcome: "unknown" }],
    [
      "an answer without the connection string",
      (_made: unknown, response: any) =>
        json(response, 201, { clusterId: "someone-else", status: "ACTIVE" }),
      { code: "outcome_unknown", outcome: "unknown" },
    ],
    [
      "400",
      refuse(400, "CLUSTER_NAME_INVALID"),
      { code: "invalid_input", outcome: "not_created", fields: [{ path: "clusterName" }] },
    ],
    [
      "400 of an unknown code",
      refuse(400, "NEW"),
      { code: "invalid_input", outcome: "not_created" },
    ],
    [
      "401",
      refuse(401, "UNAUTHORIZED"),
      { code: "unavailable", outcome: "not_created", retry: "never" },
    ],
    ["404", refuse(404, "RESOURCE_NOT_FOUND"), { code: "unavailable", outcome: "not_created" }],
    ["406", refuse(406, "INVALID_VERSION_DATE"), { code: "unavailable", outcome: "not_created" }],
    [
      "429 with a wait",
      refuse(429, "RATE_LIMITED", { "Retry-After": "60" }),
      { code: "rate_limited", outcome: "not_created", retry: "after_delay", retryAfterSeconds: 60 },
    ],
    [
      "429 without a wait",
      refuse(429, "RATE_LIMITED"),
      { code: "quota_exceeded", outcome: "not_created", retry: "after_fix" },
    ],
  ])(
    "with %s is told truly, after one request, and reserves nothing",
    async (_what, instead, error) => {
      const { call } = await open();
      atlas.next.push(instead as never);
      const { structured } = await call("create_ephemeral_cluster", {});
      expect(structured.error).toMatchObject(error);
      expect(atlas.seen).toHaveLength(1);
      expect(filesThere()).toEqual([]);
    },
  );

  it("with 429 and a short wait is sent again", async () => {
    const { call } = await open();
    atlas.next.push(refuse(429, "RATE_LIMITED", { "Retry-After": "1" }));
    const { structured } = await call("create_ephemeral_cluster", {});
    expect(structured).toMatchObject({ outcome: "created" });
    expect(atlas.seen).toHaveLength(2);
  });

  it("because nobody listens has sent nothing", async () => {
    const { call } = await open();
    await atlas.close();
    const { structured } = await call("create_ephemeral_cluster", {});
    expect(structured.error).toMatchObject({ code: "unavailable", outcome: "not_created" });
    expect(filesThere()).toEqual([]);
  });

  it("at its file has sent nothing", async () => {
    writeFileSync(join(home, "a-file"), "");
    const { call } = await open({
      env: { ATLAS_MCP_CREDENTIALS_DIR: join(home, "a-file", "in-it") },
    });
    const { structured } = await call("create_ephemeral_cluster", {});
    expect(structured.error).toMatchObject({ code: "forbidden", outcome: "not_created" });
    expect(atlas.seen).toEqual([]);
  });

  it("at its file once Atlas has made it says that nobody can reach it", async () => {
    const opened = await open();
    atlas.next.push((make, response) => {
      const { claimUrl, clusterId, connectionString, expiresAt, status } = make();
      rmSync(folder, { recursive: true });
      writeFileSync(folder, "");
      return json(response, 201, { claimUrl, clusterId, connectionString, expiresAt, status });
    });
    const { structured, text } = await opened.call("create_ephemeral_cluster", {});
    expect(structured.error).toMatchObject({ outcome: "exists", retry: "after_fix" });
    expect(structured.error.message).toContain("nobody can reach it");
    rmSync(folder);
    expect(leaksIn(`${text}${opened.stderr()}`, atlas.secrets())).toEqual([]);
  });
});

describe("a name", () => {
  it("that is taken is not used again: nothing is sent, and a free one is offered", async () => {
    const opened = await open();
    await opened.call("create_ephemeral_cluster", { clusterName: "Shop" });
    const before = readFileSync(fileOf("shop"), "utf8");
    const taken = await opened.call("create_ephemeral_cluster", { clusterName: "shop" });
    expect(taken.structured.error).toMatchObject({
      code: "name_conflict",
      outcome: "exists",
      existing: { name: "Shop", credentialsFile: fileOf("shop") },
    });
    expect(atlas.seen).toHaveLength(1);
    const [existing, other] = await callAll(opened, actionsOf(taken));
    expect(existing?.structured).toMatchObject({ outcome: "existing", cluster: { name: "Shop" } });
    expect(other?.structured).toMatchObject({ outcome: "created", cluster: { name: "shop-2" } });
    expect(readFileSync(fileOf("shop"), "utf8")).toBe(before);
    expect(filesThere().sort()).toEqual(["shop-2.env", "shop.env"]);
  });

  it('that is taken is returned with ifExists "return", if it is still there', async () => {
    const { call } = await open();
    await call("create_ephemeral_cluster", {});
    const again = { ifExists: "return" };
    const { structured } = await call("create_ephemeral_cluster", again);
    expect(structured).toMatchObject({ outcome: "existing", credentialsFile: fileOf("cluster0") });
    atlas.clusters.clear();
    const gone = await call("create_ephemeral_cluster", again);
    expect(gone.structured.error).toMatchObject({ code: "name_conflict", outcome: "not_created" });
    expect(gone.structured.error.message).toContain("deleted, or claimed by a person");
    expect(gone.structured.error.nextActions).toMatchObject([
      { tool: "create_ephemeral_cluster", arguments: { clusterName: "Cluster1" } },
    ]);
    expect(atlas.clusters.size).toBe(0);
  });

  it("that two calls want at once is one cluster's", async () => {
    const { call } = await open();
    const calls = Array.from({ length: 8 }, () => call("create_ephemeral_cluster", {}));
    const outcomes = (await Promise.all(calls)).map(
      ({ structured }) => structured.outcome ?? structured.error.code,
    );
    expect(outcomes.sort()).toEqual(["created", ...Array(7).fill("name_conflict")]);
    expect(atlas.seen).toHaveLength(1);
    const { MONGODB_URI } = parseEnv(readFileSync(fileOf("cluster0"), "utf8"));
    expect(MONGODB_URI).toBe(only().connectionString);
  });

  it.each(["con", "LPT1", "-a", "a/b", "..", "a.b", "a b", "é", "a".repeat(65)])(
    "%j is no name of a file",
    async (clusterName) => {
      const { call } = await open();
      for (const tool of ["create_ephemeral_cluster", "get_ephemeral_cluster"]) {
        const { structured } = await call(tool, { clusterName });
        expect(structured.error).toMatchObject({
          code: "invalid_input",
          fields: [{ path: "clusterName", example: "Cluster0" }],
        });
      }
      expect(atlas.seen).toEqual([]);
    },
  );

  it("whose cluster is over is free again, and the old file stays beside", async () => {
    const { call } = await open();
    await call("create_ephemeral_cluster", {});
    const old = readFileSync(fileOf("cluster0"), "utf8").replaceAll(/at \d{4}-/g, "at 2025-");
    writeFileSync(fileOf("cluster0"), old);
    const { structured } = await call("create_ephemeral_cluster", {});
    expect(structured).toMatchObject({ outcome: "created" });
    const aside = filesThere().find((name) => name !== "cluster0.env") ?? "";
    expect(structured.note).toContain(aside);
    expect(readFileSync(join(folder, "ephemeral", aside), "utf8")).toBe(old);
    expect(readFileSync(fileOf("cluster0"), "utf8")).not.toBe(old);
  });

  it("whose call crashed is free again after 15 minutes, and not before", async () => {
    const { call } = await open();
    await call("create_ephemeral_cluster", {});
    const reserved = (minutes: number) =>
      writeFileSync(
        fileOf("cluster0"),
        `# Reserved at ${new Date(Date.now() - minutes * 60_000).toISOString()} for an ephemeral cluster of MongoDB Atlas.\n`,
      );
    reserved(14);
    const early = await call("create_ephemeral_cluster", {});
    expect(early.structured.error).toMatchObject({ code: "name_conflict", outcome: "not_created" });
    const look = await call("get_ephemeral_cluster", { clusterName: "Cluster0" });
    expect(look.structured.error).toMatchObject({ code: "conflict", retry: "after_delay" });
    reserved(16);
    const late = await call("get_ephemeral_cluster", { clusterName: "Cluster0" });
    expect(late.structured.error).toMatchObject({ code: "not_found" });
    expect((await call("create_ephemeral_cluster", {})).structured).toMatchObject({
      outcome: "created",
    });
  });

  it("whose file somebody else wrote is taken, and that file is not changed", async () => {
    const { call } = await open();
    await call("create_ephemeral_cluster", {});
    writeFileSync(fileOf("cluster0"), "MONGODB_URI=mine\n");
    const { structured } = await call("create_ephemeral_cluster", {});
    expect(structured.error).toMatchObject({ code: "name_conflict" });
    const look = await call("get_ephemeral_cluster", { clusterName: "Cluster0" });
    expect(look.structured.error).toMatchObject({ code: "forbidden" });
    expect(readFileSync(fileOf("cluster0"), "utf8")).toBe("MONGODB_URI=mine\n");
    expect(atlas.seen).toHaveLength(1);
  });

  it("of a cluster from another address is not looked up there", async () => {
    const { call, close } = await open();
    await call("create_ephemeral_cluster", {});
    await close();
    await atlas.close();
    atlas = await startEphemeralAtlas();
    const other = await open();
    const { structured } = await other.call("get_ephemeral_cluster", { clusterName: "Cluster0" });
    expect(structured.error).toMatchObject({ code: "conflict" });
    for (const args of [{}, { ifExists: "return" }]) {
      const taken = (await other.call("create_ephemeral_cluster", args)).structured.error;
      expect(taken).toMatchObject({
        code: "name_conflict",
        outcome: "not_created",
        nextActions: [{ arguments: { clusterName: "Cluster1" } }],
      });
      expect(taken.existing).toBeUndefined();
    }
    expect(atlas.seen).toEqual([]);
  });
});

describe("the question", () => {
  it.each(["v1", "v2 modern"] as const)(
    "has the terms, the openness and the end (%s)",
    async (kind) => {
      const asked: string[] = [];
      const { call } = await open({
        kind,
        answers: (question) => {
          asked.push(question);
          return asked.length === 1 ? "decline" : "accept";
        },
      });
      const declined = await call("create_ephemeral_cluster", {});
      expect(declined.structured.error).toMatchObject({ code: "declined", outcome: "not_created" });
      expect(atlas.seen).toEqual([]);
      expect(filesThere()).toEqual([]);
      const { structured } = await call("create_ephemeral_cluster", {});
      expect(structured).toMatchObject({ outcome: "created", receipt: { approver: "user" } });
      for (const part of [
        "https://www.mongodb.com/legal/terms-and-conditions/cloud",
        "https://www.mongodb.com/legal/privacy/privacy-policy",
        "0.0.0.0/0",
        "2 days",
        "7",
        atlas.url,
        '"Cluster0"',
      ])
        expect(asked[0]).toContain(part);
    },
  );

  it("is a confirmation where the host cannot ask", async () => {
    const { call } = await open({ env: { ATLAS_MCP_CONFIRM: "auto" } });
    const first = await call("create_ephemeral_cluster", {});
    expect(first.structured).toMatchObject({ status: "needs_confirmation", backend: "atlas" });
    expect(atlas.seen).toEqual([]);
    const { confirmation } = first.structured;
    const other = await call("create_ephemeral_cluster", { clusterName: "other", confirmation });
    expect(other.structured.status).toBe("needs_confirmation");
    const { structured } = await call("create_ephemeral_cluster", { confirmation });
    expect(structured).toMatchObject({ outcome: "created", receipt: { approver: "agent" } });
  });
});

describe("whether it is on", () => {
  const accountOf = async ({ call }: Driver) => (await call("get_account")).structured;

  it("is said by get_account, with credentials and without", async () => {
    const sandbox = await open();
    expect(await accountOf(sandbox)).toMatchObject({
      backend: "sandbox",
      ephemeral: { on: true, backend: "atlas" },
    });
    expect(atlas.seen).toEqual([]);
  });

  it("is not so beside live Atlas unless the operator says so", async () => {
    const { listTools } = await open({ env: { ...account, ATLAS_MCP_EPHEMERAL: "false" } });
    const names = (await listTools()).map(({ name }) => name);
    expect(names.filter((name) => name.includes("ephemeral"))).toEqual([]);
    expect(names).toContain("create_flex_cluster");
  });

  it("is not so for a create on a server that only reads", async () => {
    const reading = await open({ env: { ATLAS_MCP_READ_ONLY: "true" } });
    const names = (await reading.listTools()).map(({ name }) => name);
    expect(names.filter((name) => name.includes("ephemeral"))).toEqual(["get_ephemeral_cluster"]);
    expect(await accountOf(reading)).toMatchObject({ ephemeral: { on: false } });
  });
});
