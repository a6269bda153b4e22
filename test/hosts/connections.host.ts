import { MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { secret } from "../../src/common/secret.ts";
import type { ConnectionReport } from "../../src/connection/check.ts";
import { stepNames } from "../../src/connection/step.ts";
import {
  type Database,
  openDatabase,
  password,
  replicaSet,
  username,
} from "./connections/database.ts";
import { failures } from "./connections/failures.ts";
import { asShown, pages, recorded } from "./connections/page.ts";

let database: Database;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

const stepsOf = ({ steps }: ConnectionReport) => steps.map(({ step }) => step);

describe("a connection that is good", () => {
  it("goes through all steps, from the SRV records to the ping", async () => {
    const report = await database.check();
    expect(report).toMatchObject({ connected: true, loggedIn: true, problems: [] });
    expect(stepsOf(report)).toEqual(stepNames);
  });

  it("is made to no member of the replica set that only the server names", async () => {
    await database.check();
    expect(database.strayed()).toBe(0);
    // What the driver does by itself.
    const client = new MongoClient(`mongodb://127.0.0.1:${database.ferret.tcp}/`, {
      replicaSet,
      serverSelectionTimeoutMS: 500,
    });
    await expect(client.connect()).rejects.toThrow();
    await client.close();
    expect(database.strayed()).toBeGreaterThan(0);
  });

  it("needs neither SRV records nor TLS", async () => {
    const { tcp } = database.ferret;
    const connectionString = `mongodb://shard-00-00.shop.test:${tcp}/`;
    const report = await database.check({ connectionString, tls: false });
    expect(report).toMatchObject({ connected: true, loggedIn: true });
    expect(stepsOf(report)).toEqual(["dns_address", "tcp", "hello", "login", "ping"]);
  });

  it("ends after hello without a user", async () => {
    const report = await database.checkWithoutUser();
    expect(report).toMatchObject({ connected: true, loggedIn: false });
    expect(stepsOf(report)).toEqual(stepNames.slice(0, -2));
  });

  it("goes on with the host that is there, and names the one that is not", async () => {
    const { tls } = database.ferret;
    const hosts = `shard-00-00.shop.test:1,shard-00-00.shop.test:${tls}`;
    const report = await database.check({ connectionString: `mongodb://${hosts}/` });
    expect(report).toMatchObject({
      connected: true,
      problems: [{ step: "tcp", cause: "refused" }],
    });
  });
});

it("is refused for a user who is not there yet, and made when the user is there", async () => {
  const later = { username: "later", password: secret("sesame-for-the-late-one-42") };
  expect(await database.check(later)).toMatchObject({ cause: "login_refused" });
  const client = new MongoClient(`mongodb://127.0.0.1:${database.ferret.tcp}/`, {
    auth: { username, password },
    directConnection: true,
  });
  const user = { createUser: "later", pwd: later.password.reveal(), roles: [] };
  await client.db("admin").command(user);
  await client.close();
  expect(await database.check(later)).toMatchObject({ connected: true, loggedIn: true });
});

describe("a connection that fails", () => {
  it.each(failures)("by %s is noticed at %s as %s", async (what, step, cause, make) => {
    const report = await database.check(await make(database));
    if (report.connected) throw new Error("It is connected.");
    expect([report.failedStep, report.cause]).toEqual([step, cause]);
    expect(report.steps.at(-1)).toMatchObject({ step, problem: { cause } });
    expect(JSON.stringify(report)).not.toMatch(/sesame|wrong-guess/);
    const seen = asShown(report);
    expect(seen).toBe(recorded(what, seen));
  });

  it("looks as docs/connections.md says (UPDATE_DOCS=1 writes it)", () => {
    const { written, wanted } = pages();
    expect(written).toBe(wanted);
  });
});

describe("the driver's log", () => {
  it("stays off, whatever its variables say", async () => {
    for (const name of ["ALL", "COMMAND", "TOPOLOGY", "SERVER_SELECTION", "CONNECTION", "CLIENT"])
      vi.stubEnv(`MONGODB_LOG_${name}`, "trace");
    vi.stubEnv("MONGODB_LOG_PATH", "stdout");
    const write = vi.spyOn(process.stdout, "write");
    expect(await database.check()).toMatchObject({ loggedIn: true });
    expect(write).not.toHaveBeenCalled();
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });
});
