import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, type Driver } from "../support/clients.ts";
import { json, startFakeAtlas } from "../support/fake-atlas.ts";
import { type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";

let sandbox: LiveSandbox;
let groupId: string;
beforeAll(async () => {
  sandbox = await startSandbox();
  groupId = (await sandbox.make("/groups", { name: "shop", orgId: sandbox.orgId })).id;
});
afterAll(() => sandbox.close());

const on = async <T>(
  env: Record<string, string>,
  use: (driver: Driver) => Promise<T>,
  kind: "v2 modern" | "v2 modern over http" = "v2 modern",
): Promise<T> => {
  const driver = await connect(kind, { env });
  return use(driver).finally(() => driver.close());
};

const account = {
  MONGODB_ATLAS_CLIENT_ID: "mdb_sa_id_first",
  MONGODB_ATLAS_CLIENT_SECRET: "mdb_sa_sk_first",
};

/** An Atlas that sees this address, or answers so, and keeps what is added. */
const seeing = async (answer: [status: number, body: unknown] | string) => {
  const added: any[] = [];
  const fake = await startFakeAtlas(({ method, path, body }, response) => {
    if (path === "/api/private/ipinfo") {
      const [status, told] =
        typeof answer === "string" ? [200, { currentIpv4Address: answer }] : answer;
      return json(response, status, told);
    }
    if (!path.includes("/accessList")) return undefined;
    if (method === "POST") added.push(...JSON.parse(body));
    const results = added.map(({ ipAddress }) => ({ ipAddress, cidrBlock: `${ipAddress}/32` }));
    return json(response, method === "POST" ? 201 : 200, { results, totalCount: results.length });
  });
  return { ...fake, added, env: { ...account, MONGODB_ATLAS_BASE_URL: fake.url } };
};

const args = { groupId: "a".repeat(24), currentIpAddress: true };

describe("the address of this machine", () => {
  it("is what the sandbox sees, and is in the entry, the receipt and the repeat", () =>
    on(sandbox.env, async ({ call }) => {
      const own = { groupId, currentIpAddress: true };
      const { structured } = await call("create_access_list_entry", own);
      expect(structured).toMatchObject({
        outcome: "created",
        accessListEntry: { ipAddress: "127.0.0.1", cidrBlock: "127.0.0.1/32" },
        receipt: { resource: 'IP access list entry "127.0.0.1"' },
      });
      const again = await call("create_access_list_entry", { ...own, ifExists: "return" });
      expect(again.structured).toMatchObject({ outcome: "existing" });
    }));

  it("is asked of Atlas with the credentials, and sent as it was told", async () => {
    const atlas = await seeing("203.0.113.9");
    await on(atlas.env, async ({ call }) => {
      const { structured } = await call("create_access_list_entry", args);
      expect(structured).toMatchObject({ outcome: "created" });
    });
    await atlas.close();
    expect(atlas.added).toEqual([{ ipAddress: "203.0.113.9" }]);
    const asked = atlas.seen.find(({ path }) => path === "/api/private/ipinfo");
    expect(asked?.headers).toMatchObject({ accept: "application/json" });
    expect(asked?.headers.authorization).toMatch(/^Bearer /);
  });

  it.each([
    ["404", [404, { errorCode: "RESOURCE_NOT_FOUND" }]],
    ["a login page", [200, "<html>"]],
    ["no address", [200, { currentIpv4Address: "unknown" }]],
    ["IPv6", [200, { currentIpv4Address: "2001:db8::1" }]],
    ["every address", [200, { currentIpv4Address: "0.0.0.0" }]],
    ["a private address", [200, { currentIpv4Address: "10.1.2.3" }]],
    ["a multicast address", [200, { currentIpv4Address: "224.0.0.1" }]],
    ["a block", [200, { currentIpv4Address: "203.0.113.0/24" }]],
  ] as const)(
    "where Atlas tells %s, has to be asked of the user",
    async (_what, [status, body]) => {
      const atlas = await seeing([status, body]);
      await on(atlas.env, async ({ call }) => {
        const { structured } = await call("create_access_list_entry", args);
        expect(structured.error).toMatchObject({ outcome: "not_created", retry: "after_fix" });
        expect(structured.error.message).toContain("Ask the user for the address");
      });
      await atlas.close();
      expect(atlas.added).toEqual([]);
    },
  );

  it("is not that of a caller over HTTP", async () => {
    const atlas = await seeing("203.0.113.9");
    await on(
      atlas.env,
      async ({ call }) => {
        const { structured } = await call("create_access_list_entry", args);
        expect(structured.error).toMatchObject({
          code: "invalid_input",
          outcome: "not_created",
          fields: [{ path: "currentIpAddress" }],
        });
      },
      "v2 modern over http",
    );
    await atlas.close();
    expect(atlas.seen).toEqual([]);
  });

  it.each([{ ipAddress: "203.0.113.7" }, { cidrBlock: "203.0.113.0/24" }])(
    "does not go with %j",
    (more) =>
      on(sandbox.env, async ({ call }) => {
        const { structured } = await call("create_access_list_entry", { ...args, ...more });
        expect(structured.error).toMatchObject({
          code: "invalid_input",
          fields: [{ path: "currentIpAddress" }],
        });
      }),
  );

  it("holds to the policy by the address that Atlas tells, and a yes is bound to it", async () => {
    let address = "203.0.113.9";
    const fake = await startFakeAtlas(({ method, path }, response) => {
      if (path === "/api/private/ipinfo")
        return json(response, 200, { currentIpv4Address: address });
      if (!path.includes("/accessList") || method === "POST") return undefined;
      return json(response, 200, { results: [], totalCount: 0 });
    });
    const env = { ...account, MONGODB_ATLAS_BASE_URL: fake.url, ATLAS_MCP_CONFIRM: "token" };
    const folder = mkdtempSync(join(tmpdir(), "policy-"));
    const policy = join(folder, "policy.json");
    const rules = {
      addresses: { blocks: ["203.0.113.0/24"] },
      consent: { create_access_list_entry: "ask" },
    };
    writeFileSync(policy, JSON.stringify(rules));
    await on({ ...env, ATLAS_MCP_POLICY: policy }, async ({ call }) => {
      const first = (await call("create_access_list_entry", args)).structured;
      expect(first).toMatchObject({ status: "needs_confirmation" });
      expect(first.message).toContain("203.0.113.9");
      address = "203.0.113.10";
      const { confirmation } = first;
      const moved = (await call("create_access_list_entry", { ...args, confirmation })).structured;
      expect(moved).toMatchObject({ status: "needs_confirmation" });
      expect(moved.message).toContain("203.0.113.10");
      address = "198.51.100.7";
      const outside = (await call("create_access_list_entry", args)).structured;
      expect(outside.error).toMatchObject({ code: "policy_denied", outcome: "not_created" });
    });
    rmSync(folder, { recursive: true });
    await fake.close();
  });
});
