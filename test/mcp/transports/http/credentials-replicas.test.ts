import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callTool, type HttpServed, post, serveHttp } from "../../../support/http.ts";
import { aws, type LiveSandbox, startSandbox } from "../../../support/live-sandbox.ts";
import { passwordsFolder } from "../../../support/passwords-folder.ts";
import {
  bearer,
  type Minted,
  mint,
  type TokenFile,
  tokenFile,
} from "../../../support/token-file.ts";

const passwords = passwordsFolder();
const roles = [{ roleName: "read", databaseName: "app" }];

let sandbox: LiveSandbox;
let alice: Minted;
let bob: Minted;
let host: Minted;
let file: TokenFile;
let replicas: HttpServed[];
let groupId: string;

beforeAll(async () => {
  sandbox = await startSandbox({ rateLimits: false, provisionMs: 50 });
  ({ id: groupId } = await sandbox.make("/groups", { name: "home", orgId: sandbox.orgId }));
  [alice, bob, host] = [await mint("alice"), await mint("bob"), await mint("host")];
  const may = { credentials: true };
  file = tokenFile({ ...alice.entry, ...may }, { ...bob.entry, ...may }, host.entry);
  const env = {
    ...sandbox.env,
    ...passwords.env,
    ATLAS_MCP_CONFIRM: "never",
    ATLAS_MCP_ALLOW_DELETE: "true",
  };
  replicas = await Promise.all(
    [0, 1, 2].map(() => serveHttp(["--tokens", file.path, "--rate-limit", "0"], env)),
  );
});
afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.end()));
  await sandbox.close();
  file.remove();
});

const replica = (index: number): HttpServed => {
  const one = replicas[index % replicas.length];
  if (one === undefined) throw new Error("There is no replica.");
  return one;
};

const call = async (index: number, { token }: Minted, name: string, args: object) => {
  const answer = await callTool(replica(index).url, "2026", name, args, bearer(token));
  return answer.result.structuredContent;
};

const ask = (index: number, headers: Record<string, string>, username: string) => {
  const message = { headers: { "content-type": "application/json" }, body: { groupId, username } };
  return post(replica(index).at("/credentials"), message, headers);
};

const statusesOf = async (headers: Record<string, string>, username: string) => {
  const all = await Promise.all([0, 1, 2].map((index) => ask(index, headers, username)));
  return all.map(({ status }) => status);
};

describe("three servers with one folder", () => {
  it("give who created a user its password, each of them, and nobody else anything", async () => {
    const created = await call(0, alice, "create_database_user", {
      groupId,
      username: "app",
      roles,
    });
    expect(created).toMatchObject({ outcome: "created" });
    const variables = passwords.read(groupId, "app");
    for (const index of [0, 1, 2]) {
      const body = await (await ask(index, bearer(alice.token), "app")).json();
      expect(body).toEqual({ groupId, username: "app", variables });
    }
    expect(await statusesOf(bearer(bob.token), "app")).toEqual([404, 404, 404]);
    expect(await statusesOf(bearer(host.token), "app")).toEqual([403, 403, 403]);
    expect(await statusesOf({}, "app")).toEqual([401, 401, 401]);
  });

  it("give nobody the operator's own", async () => {
    const own = await serveHttp([], { ...sandbox.env, ...passwords.env });
    const args = { groupId, username: "own", roles };
    const answer = await callTool(own.url, "2026", "create_database_user", args);
    expect(answer.result.structuredContent).toMatchObject({ outcome: "created" });
    await own.end();
    expect(passwords.has(groupId, "own")).toBe(true);
    for (const { token } of [alice, bob])
      expect(await statusesOf(bearer(token), "own")).toEqual([404, 404, 404]);
  });

  it("tell two callers who create one user at the same moment whose it is", async () => {
    for (let round = 0; round < 6; round += 1) {
      const args = { groupId, username: `both-${round}`, roles };
      // In turns on one server and on two: the calls are equal, but the callers are not.
      const [one, other] = await Promise.all([
        call(0, alice, "create_database_user", args),
        call(round % 2, bob, "create_database_user", args),
      ]);
      const made = [one, other].map(({ outcome }) => outcome === "created");
      expect(made.filter(Boolean)).toHaveLength(1);
      const statuses = [alice, bob].map(async ({ token }) => {
        const response = await ask(2, bearer(token), args.username);
        return [response.status, await response.json()];
      });
      const [first, second] = await Promise.all(statuses);
      const [winner, loser] = made[0] ? [first, second] : [second, first];
      expect(winner).toEqual([
        200,
        { groupId, username: args.username, variables: passwords.read(groupId, args.username) },
      ]);
      expect(loser?.[0]).toBe(404);
    }
  });

  it("give a whole set while the password is rotated, the old one or the new one", async () => {
    const cluster = { groupId, name: "db", providerSettings: aws };
    const made = await call(0, alice, "create_flex_cluster", { ...cluster, waitSeconds: 20 });
    expect(made).toMatchObject({ ready: true });
    await call(0, alice, "create_database_user", { groupId, username: "busy", roles });
    let over = false;
    const sets: { status: number; variables?: Record<string, string> }[] = [];
    const asking = async (index: number) => {
      while (!over) {
        const response = await ask(index, bearer(alice.token), "busy");
        const body: any = await response.json();
        sets.push({ status: response.status, variables: body.variables });
      }
    };
    const rotating = async () => {
      for (let round = 0; round < 4; round += 1) {
        const args = { groupId, username: "busy", rotatePassword: true };
        expect(await call(round, alice, "update_database_user", args)).toMatchObject({
          outcome: "updated",
        });
      }
      over = true;
    };
    await Promise.all([rotating(), asking(0), asking(1), asking(2)]);
    const passwordsSeen = new Set(sets.map(({ variables }) => variables?.MONGODB_PASSWORD));
    expect(passwordsSeen.size).toBeGreaterThan(1);
    for (const { status, variables = {} } of sets) {
      expect(status).toBe(200);
      expect(variables.MONGODB_USERNAME).toBe("busy");
      expect(variables.MONGODB_URI).toContain(`busy:${variables.MONGODB_PASSWORD}@`);
    }
  });
});
