import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { send, start } from "../harness.ts";

const dayMs = 86_400_000;
const tenYearsMs = 315_576_000_000;

const startWithFile = async () => {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-clock-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const statePath = join(folder, `${basename(folder)}.json`);
  return { ...(await start({ statePath, warn: () => {} })), statePath };
};

test("the clock shows the time of day, and does not move by being read", async () => {
  const { control } = await start();
  for (let n = 0; n < 2; n += 1)
    expect((await control("GET", "/clock")).at()).toEqual({ now: "2026-08-10T03:02:55.000Z" });
});

test("the clock moves forward, and each move adds to the ones before", async () => {
  const { control } = await start();
  const moved = await control("POST", "/clock", { advanceMs: dayMs });
  expect(moved.at()).toEqual({ now: "2026-08-11T03:02:55.000Z" });
  await control("POST", "/clock", { advanceMs: 1 });
  expect((await control("GET", "/clock")).at("now")).toBe("2026-08-11T03:02:55.001Z");
});

test("no move and the longest move are moves", async () => {
  const { control } = await start();
  const still = await control("POST", "/clock", { advanceMs: 0 });
  expect(still.at("now")).toBe("2026-08-10T03:02:55.000Z");
  const moved = await control("POST", "/clock", { advanceMs: tenYearsMs });
  expect(moved.at("now")).toBe("2036-08-09T15:02:55.000Z");
});

test.each([
  [{}, "a whole number of milliseconds from 0 to"],
  [{ advanceMs: -1 }, "a whole number of milliseconds from 0 to"],
  [{ advanceMs: 0.5 }, "a whole number of milliseconds from 0 to"],
  [{ advanceMs: tenYearsMs + 1 }, "a whole number of milliseconds from 0 to"],
  [{ advanceMs: "1" }, "a whole number of milliseconds from 0 to"],
  [{ advanceMs: null }, "a whole number of milliseconds from 0 to"],
  [{ advanceMs: 1, unit: "s" }, 'unknown member "unit"'],
  [[1], "must be a JSON object"],
  [undefined, "must be a JSON object"],
])("%j is refused, and the clock stays", async (body, problem) => {
  const { control } = await start();
  const response = await control("POST", "/clock", body);
  expect(response.status).toBe(400);
  expect(response.string("error")).toContain(problem);
  expect((await control("GET", "/clock")).at("now")).toBe("2026-08-10T03:02:55.000Z");
});

test("the clock ends with the year 9999, because Atlas's times do", async () => {
  const { control } = await start({ clock: () => Date.parse("9999-12-31T00:00:00Z") });
  const response = await control("POST", "/clock", { advanceMs: dayMs });
  expect([response.status, response.at("error")]).toEqual([
    400,
    "The clock ends with the year 9999.",
  ]);
});

test("a moved clock dates every answer, also those of the token and control endpoints", async () => {
  const { control, links, oauth } = await start();
  await control("POST", "/clock", { advanceMs: dayMs });
  const answers = [
    await oauth("token", { grant_type: "client_credentials" }),
    await send(`${links}/groups`, {}),
    await send(`${links}/nonsense`, {}),
    await control("GET", "/clock"),
  ];
  expect(answers.map(({ headers }) => headers.get("date"))).toEqual(
    Array(4).fill("Tue, 11 Aug 2026 03:02:55 GMT"),
  );
});

test("clusters, users and their ends follow the moved clock", async () => {
  const { api, control, createCluster, createProject, createUser } = await start();
  const id = await createProject("shop");
  await createCluster(id, "one");
  await createUser(id, "ann", { deleteAfterDate: "2026-08-10T04:00:00Z" });
  await control("POST", "/clock", { advanceMs: 3000 });
  expect((await api("GET", `/groups/${id}/flexClusters/one`)).at("stateName")).toBe("IDLE");
  expect((await api("GET", `/groups/${id}/databaseUsers/admin/ann`)).status).toBe(200);
  await control("POST", "/clock", { advanceMs: 3_500_000 });
  expect((await api("GET", `/groups/${id}/databaseUsers/admin/ann`)).status).toBe(404);
});

test("tokens end and rate limits refill by the moved clock", async () => {
  const { api, control } = await start();
  await api("GET", "/orgs");
  await control("POST", "/clock", { advanceMs: 60_000 });
  expect((await api("GET", "/orgs")).headers.get("ratelimit-remaining")).toBe("299");
  await control("POST", "/clock", { advanceMs: 3_600_000 });
  expect((await api("GET", "/orgs")).status).toBe(401);
});

test("a reset does not move the clock", async () => {
  const { control } = await start();
  await control("POST", "/clock", { advanceMs: dayMs });
  await control("POST", "/reset");
  expect((await control("GET", "/clock")).at("now")).toBe("2026-08-11T03:02:55.000Z");
});

test("a state file keeps how far the clock was moved, so that time does not go back", async () => {
  const { control, sandbox, statePath } = await startWithFile();
  await control("POST", "/clock", { advanceMs: dayMs });
  await sandbox.close();
  const second = await start({ statePath });
  expect((await second.control("GET", "/clock")).at("now")).toBe("2026-08-11T03:02:55.000Z");
});

test("a state file from before the clock could be moved opens", async () => {
  const { createProject, createUser, sandbox, statePath } = await startWithFile();
  await createUser(await createProject("shop"), "ann");
  await sandbox.close();
  const { clockAheadMs, ...before } = JSON.parse(readFileSync(statePath, "utf8"));
  expect(clockAheadMs).toBe(0);
  writeFileSync(statePath, JSON.stringify(before));
  const second = await start({ statePath });
  expect((await second.control("GET", "/clock")).at("now")).toBe("2026-08-10T03:02:55.000Z");
  expect((await second.control("GET", "/state")).at("users.0.username")).toBe("ann");
});

test("a move that cannot be saved is not made", async () => {
  const { control, statePath } = await startWithFile();
  mkdirSync(`${statePath}.tmp`);
  const response = await control("POST", "/clock", { advanceMs: dayMs });
  expect([response.status, response.string("error")]).toEqual([
    500,
    expect.stringContaining("cannot be written"),
  ]);
  expect((await control("GET", "/clock")).at("now")).toBe("2026-08-10T03:02:55.000Z");
});

test("a web page cannot move the clock", async () => {
  const { sandbox } = await start();
  const init = { method: "POST", body: '{"advanceMs":1}', headers: { Origin: "http://localhost" } };
  expect((await fetch(`${sandbox.url}/_sandbox/clock`, init)).status).toBe(403);
});
