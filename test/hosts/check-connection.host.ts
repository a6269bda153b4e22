import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { MongoClient } from "mongodb";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connect, type Driver, type Progress } from "../support/clients.ts";
import { actionsOf } from "../support/contract.ts";
import { type FakeAtlas, json, startFakeAtlas } from "../support/fake-atlas.ts";
import { leaksIn } from "../support/leaks.ts";
import { alertAtFirstWord } from "../support/tcp-server.ts";
import { type Database, openDatabase, password, username } from "./connections/database.ts";
import { passTo } from "./connections/pass.ts";
import { asArbiter, withOddMembers } from "./connections/wire-server.ts";

const groupId = "a".repeat(24);

let database: Database;
let home: string;
let preload: string;

beforeAll(async () => {
  database = await openDatabase();
  home = mkdtempSync(join(tmpdir(), "check-connection-"));
  preload = join(home, "dns.cjs");
  writeFileSync(preload, `require("node:dns").setServers(["${database.dns.address}"]);\n`);
});
afterAll(async () => {
  await database.close();
  rmSync(home, { recursive: true });
});

/** What this Atlas tells. */
type World = {
  strings: { standardSrv?: string; standard?: string };
  stateName: string;
  /** The status of the one entry, in this order; the last one stays. None: the list is empty. */
  statuses: string[];
  hasUser: boolean;
  /** Called with the password of a user that is created. */
  onUser(password: string): void;
};

let world: World;
let atlas: FakeAtlas;
let driver: Driver;
let count = 0;

const srv = (name: string) => ({ standardSrv: `mongodb+srv://${name}` });
const at = (port: number, host = "shard-00-00.shop.test") => ({
  standard: `mongodb://${host}:${port}/?ssl=true&authSource=admin`,
});

const user = { groupId, username: "shop", databaseName: "admin", roles: [] };

const answer: Parameters<typeof startFakeAtlas>[0] = ({ method, path, body }, response) => {
  const { strings: connectionStrings, stateName, statuses, hasUser, onUser } = world;
  const id = "b".repeat(24);
  const cluster = { id, groupId, name: "orders", stateName, connectionStrings };
  if (path.includes("/flexClusters/orders")) return json(response, 200, cluster);
  if (path.includes("/flexClusters"))
    return json(response, 200, { results: [cluster], totalCount: 1 });
  if (path.endsWith("/status"))
    return json(response, 200, { STATUS: statuses.length > 1 ? statuses.shift() : statuses[0] });
  if (path.includes("/accessList")) {
    const results = statuses.length === 0 ? [] : [{ cidrBlock: "203.0.113.7/32", groupId }];
    return json(response, 200, { results, totalCount: results.length });
  }
  if (path.includes("/databaseUsers") && method === "POST") {
    onUser(JSON.parse(body).password);
    return json(response, 201, user);
  }
  if (path.includes("/databaseUsers/"))
    return hasUser
      ? json(response, 200, user)
      : json(response, 404, { errorCode: "USERNAME_NOT_FOUND" });
  return undefined;
};

beforeEach(async () => {
  count += 1;
  world = {
    strings: srv("orders.shop.test"),
    stateName: "IDLE",
    statuses: ["ACTIVE"],
    hasUser: false,
    onUser: () => {},
  };
  atlas = await startFakeAtlas(answer);
  driver = await connect("v2 modern", {
    bundle: true,
    env: {
      MONGODB_ATLAS_BASE_URL: atlas.url,
      MONGODB_ATLAS_CLIENT_ID: "mdb_sa_id_first",
      MONGODB_ATLAS_CLIENT_SECRET: "mdb_sa_sk_first",
      ATLAS_MCP_CREDENTIALS_DIR: join(home, `${count}`, "credentials"),
      ATLAS_MCP_LOG_LEVEL: "debug",
      ATLAS_MCP_DEADLINE_MS: "15000",
      NODE_OPTIONS: `--require ${preload}`,
      NODE_EXTRA_CA_CERTS: database.certificate.certPath,
      // The driver would log to where the messages of MCP are.
      MONGODB_LOG_PATH: "stdout",
      MONGODB_LOG_ALL: "trace",
    },
  });
});
afterEach(async () => {
  await driver.close();
  await atlas.close();
});

const check = (args: object = {}, onprogress?: (one: Progress) => void) =>
  driver.call(
    "check_connection",
    { groupId, name: "orders", ...args },
    onprogress === undefined ? {} : { onprogress },
  );

/** The commands of an administrator of the database. */
const command = async (what: object) => {
  const client = new MongoClient(`mongodb://127.0.0.1:${database.ferret.tcp}/`, {
    auth: { username, password },
    directConnection: true,
  });
  await client
    .db("admin")
    .command(what)
    .finally(() => client.close());
};

const shop = { groupId, username: "shop" };

/** Creates the user with the tool; Atlas has it in the database after so many milliseconds, or never. */
const makeUser = async (appliesAfterMs: number | undefined) => {
  let applied: Promise<unknown> = Promise.resolve();
  let secret = "";
  world.onUser = (pwd) => {
    secret = pwd;
    world.hasUser = true;
    if (appliesAfterMs === undefined) return;
    applied = new Promise((resolve) => setTimeout(resolve, appliesAfterMs)).then(() =>
      command({ createUser: "shop", pwd, roles: [] }),
    );
  };
  const { structured } = await driver.call("create_database_user", shop);
  expect(structured).toMatchObject({ outcome: "created" });
  return {
    file: structured.credentialsFile as string,
    secret: () => secret,
    remove: () => applied.then(() => command({ dropUser: "shop" })).catch(() => {}),
  };
};

describe("a connection that is good", () => {
  it("is proven without a user up to hello, and says that no login was tried", async () => {
    const { structured } = await check();
    expect(structured).toMatchObject({
      status: "ok",
      outcome: "found",
      connected: true,
      from: "the machine of this server",
      note: expect.stringContaining("No user was given"),
    });
    expect(structured.steps.map(({ step }: { step: string }) => step)).toEqual([
      "dns_srv",
      "dns_address",
      "tcp",
      "tls",
      "hello",
    ]);
  });

  it("is proven for a user that Atlas applies while the check runs, and no secret is said", async () => {
    const made = await makeUser(3000);
    const progress: Progress[] = [];
    const { structured, text } = await check({ username: "shop" }, (one) => progress.push(one));
    await made.remove();
    expect(structured).toMatchObject({ connected: true });
    expect(structured).not.toHaveProperty("note");
    expect(progress.some(({ message }) => message?.includes("login"))).toBe(true);
    const uri = parseEnv(readFileSync(made.file, "utf8"));
    expect(uri.MONGODB_PASSWORD).toBe(made.secret());
    expect(leaksIn(text + driver.stderr(), [made.secret()])).toEqual([]);
  });

  it("is proven once Atlas has applied the entry of the access list", async () => {
    world.statuses = ["PENDING", "PENDING", "ACTIVE"];
    const pass = passTo(database.ferret.tls);
    const isApplied = () => world.statuses.length === 1;
    const port = await database.servers.tcp((socket) =>
      isApplied() ? pass(socket) : alertAtFirstWord(socket),
    );
    world.strings = at(port);
    const progress: Progress[] = [];
    const { structured } = await check({}, (one) => progress.push(one));
    expect(structured).toMatchObject({ connected: true });
    expect(progress.some(({ message }) => message?.includes("tls"))).toBe(true);
  });
});

describe("a connection that fails", () => {
  it.each([
    ["no name", srv("nobody.shop.test"), "dns_srv", "name_not_found", []],
    ["a silent DNS server", srv("silent.shop.test"), "dns_srv", "timed_out", ["check_connection"]],
    ["a host of another domain", srv("foreign.shop.test"), "dns_srv", "foreign_host", []],
    [
      "a host that Atlas did not return",
      { ...srv("orders.shop.test"), standard: "mongodb://other.shop.test:27017/?ssl=true" },
      "dns_srv",
      "foreign_host",
      [],
    ],
    ["a closed port", at(1), "tcp", "refused", []],
    ["another name in the certificate", "other name", "tls", "certificate_for_other_name", []],
    ["alert 80", "alert", "tls", "alert_internal_error", ["create_access_list_entry"]],
    ["silence", "silence", "tls", "timed_out", ["create_access_list_entry", "check_connection"]],
  ] as const)("for %s says where and why", async (_what, strings, failedStep, cause, actions) => {
    const { servers, ferret } = database;
    const made = {
      alert: async () => at(await servers.tcp(alertAtFirstWord)),
      silence: async () => at(await servers.tcp(() => {})),
      "other name": async () => at(ferret.tls, "shard.other.test"),
    };
    world.strings = typeof strings === "string" ? await made[strings]() : strings;
    const result = await check();
    expect(result.structured).toMatchObject({
      status: "ok",
      connected: false,
      failedStep,
      cause,
      from: "the machine of this server",
    });
    expect(result.structured.note.length).toBeGreaterThan(40);
    const offered = actionsOf(result).map(({ tool }) => tool);
    expect(offered).toEqual(cause === "name_not_found" ? ["check_connection"] : actions);
  });

  it("at what a server says of itself ends neither the server nor the check", async () => {
    const { servers, certificate } = database;
    world.strings = at(await servers.tls(certificate, withOddMembers));
    expect((await check()).structured).toMatchObject({
      connected: false,
      failedStep: "hello",
      cause: "incompatible",
    });
    world.strings = srv("orders.shop.test");
    expect((await check()).structured).toMatchObject({ connected: true });
  });

  it("because nobody is logged in is no success", async () => {
    const { servers, certificate } = database;
    const made = await makeUser(0);
    await made.remove();
    world.strings = at(await servers.tls(certificate, asArbiter));
    const { structured } = await check({ username: "shop" });
    expect(structured).toMatchObject({
      connected: false,
      failedStep: "login",
      cause: "incompatible",
    });
  });

  it("at TLS is told apart by what Atlas says of the list", async () => {
    world.strings = at(await database.servers.tcp(alertAtFirstWord));
    world.statuses = ["ACTIVE"];
    const outside = (await check()).structured;
    expect(outside.note).toContain("the address of this machine is probably on none");
    world.statuses = [];
    const empty = (await check()).structured;
    expect(empty.note).toContain("the access list of the project is empty");
    world.statuses = ["PENDING"];
    const began = Date.now();
    const pending = (await check()).structured;
    expect(pending.note).toContain("PENDING");
    expect(Date.now() - began).toBeGreaterThan(5000);
  }, 60_000);

  it("at the login is told apart by what Atlas says of the user", async () => {
    const made = await makeUser(0);
    await made.remove();
    world.hasUser = false;
    const gone = await check({ username: "shop" });
    expect(gone.structured).toMatchObject({ failedStep: "login", cause: "login_refused" });
    expect(gone.structured.note).toContain("no database user of this name");
    expect(actionsOf(gone)).toMatchObject([{ tool: "create_database_user", arguments: shop }]);
    world.hasUser = true;
    // As old as a password that Atlas has long applied.
    utimesSync(made.file, 1, 1);
    await command({ createUser: "shop", pwd: "another-password-0001", roles: [] });
    const wrong = await check({ username: "shop" });
    await command({ dropUser: "shop" });
    expect(wrong.structured.note).toContain("the password on file is not the right one");
    expect(wrong.structured.note).not.toContain("new");
    expect(actionsOf(wrong)).toMatchObject([
      { tool: "update_database_user", arguments: { ...shop, rotatePassword: true } },
    ]);
    expect(leaksIn(gone.text + wrong.text + driver.stderr(), [made.secret()])).toEqual([]);
  });

  it("says where the file of the user leads elsewhere", async () => {
    const made = await makeUser(0);
    const text = readFileSync(made.file, "utf8");
    writeFileSync(made.file, text.replace("@orders.shop.test", "@old.shop.test"));
    const { structured } = await check({ username: "shop" });
    await made.remove();
    expect(structured.note).toMatch(/MONGODB_URI in .+ leads to old\.shop\.test/);
  });

  it("without a password on file ends after hello and says so", async () => {
    const { structured } = await check({ username: "nobody" });
    expect(structured).toMatchObject({ connected: true });
    expect(structured.note).toContain('no password of "nobody"');
  });

  it("of a cluster that does not run yet is told as that", async () => {
    world.stateName = "CREATING";
    const { structured } = await check();
    expect(structured.error).toMatchObject({
      code: "conflict",
      retry: "after_delay",
      outcome: "no_change",
    });
  });
});
