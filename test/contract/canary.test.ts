import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { startTcpProxy, type TcpProxy } from "../faults/tcp-proxy.ts";
import { type Answering, connect, connectTo, type Kind } from "../support/clients.ts";
import { toolNames } from "../support/contract.ts";
import { serveHttp } from "../support/http.ts";
import { startSandbox } from "../support/live-sandbox.ts";
import { ephemeralSecretsIn, passwordsIn } from "../support/passwords-in.ts";
import { run as runProgram } from "../support/program.ts";
import { bearer, mint, tokenFile } from "../support/token-file.ts";
import { account, callEverything, fixed, key, type Secrets, type Told } from "./canary.ts";

type Way = { kind: Kind; credentials: "service account" | "API key"; confirm: string };

const ways: Way[] = [
  { kind: "v2 modern", credentials: "service account", confirm: "always" },
  { kind: "v1", credentials: "API key", confirm: "token" },
  { kind: "v2 legacy over http", credentials: "service account", confirm: "always" },
  { kind: "v2 modern over http", credentials: "API key", confirm: "token" },
];

/** All that anybody could have read, by where. */
type Seen = { told: Told; places: Record<string, string>; secrets: Secrets };

/** Bearer tokens as they went to Atlas, and the passwords that were sent there. */
const onTheWire = ({ passed }: TcpProxy): Secrets => {
  const secrets: Secrets = new Map();
  for (const { headers, body } of passed) {
    const [, token] = /^Bearer (.+)$/.exec(headers.authorization ?? "") ?? [];
    if (token !== undefined) secrets.set(token, "an access token");
    const password = typeof body === "object" && body !== null && Reflect.get(body, "password");
    if (typeof password === "string") secrets.set(password, "a generated password");
  }
  return secrets;
};

const confirmationsIn = (told: Told): Secrets =>
  new Map(
    told.flatMap(({ result: { structured } }): [string, string][] =>
      structured.confirmation ? [[structured.confirmation, "a confirmation"]] : [],
    ),
  );

/** The passwords that the caller gets of all files of a folder. */
const fetchAll = async (url: string, headers: object, folder: string): Promise<string[]> => {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const users = files.flatMap((name) => {
    const [, groupId, username] = /^([0-9a-f]{24})\/(\w+)\.env$/.exec(name) ?? [];
    return groupId === undefined ? [] : [{ groupId, username }];
  });
  const all = users.map(async (user) => {
    const init = { method: "POST", headers: { ...headers, "content-type": "application/json" } };
    const body: any = await (await fetch(url, { ...init, body: JSON.stringify(user) })).json();
    return body.variables?.MONGODB_PASSWORD ?? "";
  });
  return Promise.all(all);
};

const go = async ({ kind, credentials, confirm }: Way): Promise<Seen> => {
  const folder = mkdtempSync(join(tmpdir(), "canary-"));
  const sandbox = await startSandbox({ credentials: { ...account, ...key } });
  const proxy = await startTcpProxy(sandbox.url);
  const audit = join(folder, "audit.jsonl");
  const passwords = join(folder, "passwords");
  const used = {
    "service account": {
      MONGODB_ATLAS_CLIENT_ID: account.clientId,
      MONGODB_ATLAS_CLIENT_SECRET: account.clientSecret,
    },
    "API key": {
      MONGODB_ATLAS_PUBLIC_API_KEY: key.publicKey,
      MONGODB_ATLAS_PRIVATE_API_KEY: key.privateKey,
    },
  };
  const env: Record<string, string> = {
    ...used[credentials],
    MONGODB_ATLAS_BASE_URL: proxy.url,
    ATLAS_MCP_ALLOW_DELETE: "true",
    ATLAS_MCP_EPHEMERAL: "true",
    ATLAS_MCP_CONFIRM: confirm,
    ATLAS_MCP_LOG_LEVEL: "debug",
    ATLAS_MCP_AUDIT: audit,
    ATLAS_MCP_SECRET: fixed["the server's own secret"] ?? "",
    ATLAS_MCP_CREDENTIALS_DIR: passwords,
    // Time for one look after a lost answer.
    ATLAS_MCP_DEADLINE_MS: "4000",
    ATLAS_MCP_REQUEST_TIMEOUT_MS: "1000",
  };
  const caller = await mint("canary");
  const file = tokenFile({ ...caller.entry, credentials: true });
  const questions: string[] = [];
  const answers: Answering = (question) => {
    questions.push(question);
    return "accept";
  };
  const places: Record<string, string> = {};
  let told: Told;
  try {
    if (kind.endsWith("over http")) {
      const server = await serveHttp(["--tokens", file.path], env);
      const { url } = server;
      const client = kind.startsWith("v2 modern") ? "v2 modern" : "v2 legacy";
      const driver = await connectTo(url, client, { headers: bearer(caller.token), answers });
      told = await callEverything(driver, sandbox);
      places.listing = JSON.stringify([await driver.listTools(), await driver.listPrompts()]);
      const fetched = await fetchAll(server.at("/credentials"), bearer(caller.token), passwords);
      expect(fetched.some((one) => passwordsIn(passwords).includes(one))).toBe(true);
      places.metrics = await (await fetch(new URL("/metrics", url))).text();
      const wrong = await fetch(url, { method: "POST", headers: bearer(`${caller.token}x`) });
      places.refusal = (await wrong.text()) + JSON.stringify([...wrong.headers]);
      await driver.close();
      await server.end("SIGTERM");
      places.stdout = server.stdout();
      places.log = server.stderr();
    } else {
      const driver = await connect(kind, { env, answers });
      told = await callEverything(driver, sandbox);
      places.listing = JSON.stringify([await driver.listTools(), await driver.listPrompts()]);
      await driver.close();
      places.log = driver.stderr();
    }
    const doctor = await runProgram(["doctor"], env);
    places.doctor = doctor.stdout + doctor.stderr;
    const verified = await runProgram(["audit", "verify", audit], env);
    places.verified = verified.stdout + verified.stderr;
    places.audit = readFileSync(audit, "utf8");
    places.questions = questions.join("\n");
    // The doctor reads the roles of its own account, whose id is a part of that path in Atlas.
    // An ephemeral cluster is asked for by its id, which is a secret for everybody else.
    const { ephemeralClusters: _, requests, ...state } = await sandbox.state();
    const others = requests.filter(({ operation }) => operation !== "getEphemeralCluster");
    places.state = JSON.stringify({ ...state, others }).replaceAll(account.clientId, "");
    const secrets: Secrets = new Map([
      ...Object.entries(fixed).map(([what, value]): [string, string] => [value, what]),
      ...onTheWire(proxy),
      ...passwordsIn(passwords).map((one): [string, string] => [one, "a generated password"]),
      ...ephemeralSecretsIn(passwords),
      [caller.token, "a caller's bearer token"],
    ]);
    return { told, places, secrets };
  } finally {
    file.remove();
    await proxy.close();
    await sandbox.close();
    rmSync(folder, { recursive: true });
  }
};

const runs = new Map<Way, Seen>();
beforeAll(async () => {
  await Promise.all(ways.map(async (way) => runs.set(way, await go(way))));
}, 60_000);

const titled = ways.map((way): [string, Way] => [
  `${way.kind}, ${way.credentials}, --confirm ${way.confirm}`,
  way,
]);

describe.each(titled)("after a run through all tools (%s)", (_title, way) => {
  const seen = (): Seen => {
    const one = runs.get(way);
    if (one === undefined) throw new Error("The run did not end.");
    return one;
  };
  /** Which secrets stand where: nothing, if all is well. The values themselves are not printed by a failing test. */
  const leaks = (secrets: Secrets, places: Record<string, string>): string[] =>
    Object.entries(places).flatMap(([where, text]) =>
      [...secrets].flatMap(([value, what]) =>
        text.includes(value) ? [`${what} in ${where}`] : [],
      ),
    );

  it("all of it has happened, so that there is something to find", () => {
    const { told, places, secrets } = seen();
    expect([...new Set(told.map(({ tool }) => tool))].sort()).toEqual([...toolNames].sort());
    const ends = told.map(
      ({ result: { structured } }) => structured.error?.code ?? structured.outcome,
    );
    for (const end of ["created", "deleted", "outcome_unknown", "forbidden", "name_conflict"])
      expect(ends).toContain(end);
    for (const what of ["a generated password", "a claim id", "an ephemeral cluster's id"])
      expect([...secrets.values()]).toContain(what);
    expect([...secrets.values()].includes("an access token")).toBe(
      way.credentials === "service account",
    );
    expect(places.log).toContain('"msg":"call"');
    expect(places.audit).toContain('"kind":"intent"');
    expect(places.audit?.includes('"kind":"fetched"')).toBe(way.kind.endsWith("over http"));
    expect(places.questions !== "").toBe(way.confirm === "always");
    expect(confirmationsIn(told).size > 0).toBe(way.confirm === "token");
    expect(places.verified).toMatch(/hold together|head/);
  });

  it("no result holds a secret", () => {
    const { told, secrets } = seen();
    expect(leaks(secrets, { results: JSON.stringify(told) })).toEqual([]);
  });

  it("no log, audit line, question, metric, listing or report holds a secret", () => {
    const { places, secrets } = seen();
    expect(leaks(secrets, places)).toEqual([]);
  });

  it("a confirmation stands in the answer that gives it, and nowhere else", () => {
    const { told, places } = seen();
    const confirmations = confirmationsIn(told);
    expect(leaks(confirmations, places)).toEqual([]);
    for (const [value] of confirmations) {
      const holders = told.filter(({ result }) => JSON.stringify(result).includes(value));
      expect(holders.map(({ result }) => result.structured.status)).toEqual(["needs_confirmation"]);
    }
  });
});
