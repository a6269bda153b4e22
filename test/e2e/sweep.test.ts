import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSandbox } from "@atlas-provision-mcp/sandbox";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runBundle, startBundle } from "../support/bundle.ts";
import { rawTag, somebodyElse } from "../support/leased.ts";
import { type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";
import { until, within } from "../support/until.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sweep-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

type Env = Record<string, string>;

/** Runs a sweep to its end. */
const sweep = async (args: string[], env: Env, boundMs = 60_000) => {
  const { exited, stdout, stderr } = startBundle(["sweep", ...args], env);
  const { code } = await within(boundMs, exited, "the end of the sweep");
  return { code, stdout: stdout(), stderr: stderr(), report: () => JSON.parse(stdout()) };
};

/** Makes a project of each kind; returns the names of what a sweep deletes in it. */
const makeOne = async (atlas: ReturnType<typeof somebodyElse>, at: number): Promise<string[]> => {
  const name = `p-${at}`;
  const { project, cluster, leasedProject, leasedCluster, send, deleteCluster } = atlas;
  switch (at % 10) {
    case 0: {
      const id = await leasedProject(name, -1);
      await leasedCluster(id, "one", -2);
      await leasedCluster(id, "two", -1);
      return [name, `${name}/one`, `${name}/two`];
    }
    case 1: {
      const id = await leasedProject(name, -1);
      await send("POST", `/groups/${id}/accessList`, [{ ipAddress: "203.0.113.7" }]);
      return [name];
    }
    case 2:
      await cluster(await leasedProject(name, -1), "own");
      return [];
    case 3:
      await leasedCluster(await leasedProject(name, -1), "longer", 1);
      return [];
    case 4: {
      const id = await leasedProject(name, -1);
      await leasedCluster(id, "kept", -1, { terminationProtectionEnabled: true });
      await leasedCluster(id, "gone", -1);
      return [`${name}/gone`];
    }
    case 5:
      await leasedCluster(await project(name), "gone", -1);
      return [`${name}/gone`];
    case 6:
      await leasedCluster(await leasedProject(name, 1), "gone", -1);
      return [`${name}/gone`];
    case 7:
      await cluster(await project(name, [rawTag("20200101T000000Z.00000000")]), "c", [
        rawTag("soon"),
      ]);
      return [];
    case 8: {
      const id = await leasedProject(name, -1);
      await leasedCluster(id, "going", -1);
      await deleteCluster(id, "going");
      return [name, `${name}/going`];
    }
    default:
      await cluster(await project(name, [{ key: "team", value: "shop" }]), "c");
      return [];
  }
};

const nameOf = ({ projectName, name }: { projectName?: string; name: string }) =>
  projectName === undefined ? name : `${projectName}/${name}`;

const byName = async (sandbox: LiveSandbox): Promise<Record<string, object>> => {
  const { projects, clusters } = await sandbox.state();
  const names = new Map(projects.map(({ id, name }) => [id, name]));
  return Object.fromEntries([
    ...projects.map(({ clusterCount: _, ...project }) => [project.name, project]),
    ...clusters.map((one) => [`${names.get(one.groupId)}/${one.name}`, one]),
  ]);
};

describe("a sweep of 200 projects", () => {
  it("deletes exactly what is due, also if it is killed, limited, and two run at once", async () => {
    const sandbox = await startSandbox({ provisionMs: 300 });
    const atlas = somebodyElse(sandbox);
    const audit = join(folder, "audit.jsonl");
    const env = { ...sandbox.env, ATLAS_MCP_AUDIT: audit };
    try {
      const gone = new Set<string>();
      for (let at = 0; at < 200; at += 1)
        for (const name of await makeOne(atlas, at)) gone.add(name);
      await until(async () => {
        const { clusters } = await sandbox.state();
        return clusters.every(({ stateName }) => stateName === "IDLE");
      }, "the clusters");
      const before = await byName(sandbox);

      const listed = await sweep(["--json"], sandbox.env);
      expect([listed.code, await byName(sandbox)]).toEqual([3, before]);
      expect(listed.report().deleted).toEqual([]);
      expect(listed.report().wouldDelete.map(nameOf).sort()).toEqual(
        Object.keys(before)
          .filter((name) => gone.has(name))
          .sort(),
      );

      await sandbox.script("deleteGroupFlexCluster", "delay:100", 30);
      const killed = startBundle(["sweep", "--apply"], env);
      await until(
        async () => Object.keys(await byName(sandbox)).length < Object.keys(before).length - 3,
        "the first deletes",
      );
      killed.child.kill("SIGKILL");
      await killed.exited;

      await sandbox.script("listGroupFlexClusters", "rate_limit:1", 40);
      await sandbox.script("deleteGroupFlexCluster", "rate_limit:1", 40);
      const ran = await Promise.all([
        sweep(["--apply", "--json"], env),
        sweep(["--apply", "--json"], env),
      ]);
      const kept = Object.entries(before).filter(([name]) => !gone.has(name));
      expect(await byName(sandbox)).toEqual(Object.fromEntries(kept));
      for (const { code, report } of ran) {
        // Projects stay that are over and have something that stays.
        expect(code).toBe(3);
        const codes = new Set(report().left.map((one: { code: string }) => one.code));
        expect([...codes].sort()).toEqual([
          "copied_tag",
          "not_empty",
          "protected",
          "unreadable_tag",
        ]);
      }
      const verified = await runBundle(["audit", "verify", audit]);
      expect(verified.stdout).toContain("intact");
      const lines = readFileSync(audit, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      expect(new Set(lines.map(({ tool, approver }) => `${tool} ${approver}`))).toEqual(
        new Set(["sweep operator"]),
      );
    } finally {
      await sandbox.close();
    }
  }, 120_000);
});

describe("the program", () => {
  const start = async (provisionMs = 0) => {
    const sandbox = await startSandbox({ provisionMs });
    return { sandbox, atlas: somebodyElse(sandbox) };
  };

  it("says in aligned lines what went, what stays and why, and what is next", async () => {
    const { sandbox, atlas } = await start();
    try {
      const shop = await atlas.leasedProject("shop", -1);
      await atlas.leasedCluster(shop, "orders", -1);
      await atlas.leasedCluster(await atlas.project("kept"), "carts", -1, {
        terminationProtectionEnabled: true,
      });
      await atlas.leasedProject("tomorrow", 24);
      const { code, stdout, stderr } = await sweep(["--apply"], sandbox.env);
      const date = String.raw`20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ`;
      expect(code).toBe(3);
      expect(stdout).toMatch(
        new RegExp(
          [
            `^deleted +${date}  cluster  shop/orders`,
            `deleted +${date}  project  shop`,
            `left +${date}  cluster  kept/carts`,
            " +Termination protection is on; switch it off in Atlas\\.",
            `later +${date}  project  tomorrow`,
            "",
            `${date}: 2 deleted, 1 left, 1 later \\(next ${date}\\)\\.`,
            "Something that is over remains, or may; see above\\.\n$",
          ].join("\n"),
        ),
      );
      expect(Math.max(...stdout.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(80);
      expect(stderr).toMatch(/^(deleting|deleted) +\S+ +cluster +shop\/orders\ndeleted +/);
    } finally {
      await sandbox.close();
    }
  });

  it("ends after SIGTERM with what was sent, in JSON", async () => {
    const { sandbox, atlas } = await start();
    try {
      const shop = await atlas.project("shop");
      for (let at = 0; at < 20; at += 1) await atlas.leasedCluster(shop, `c-${at}`, -1);
      await sandbox.script("deleteGroupFlexCluster", "delay:1000", 20);
      const sweeping = startBundle(["sweep", "--apply", "--json"], sandbox.env);
      await until(
        async () =>
          (await sandbox.state()).requests.some(
            ({ operation }) => operation === "deleteGroupFlexCluster",
          ),
        "the first delete",
      );
      sweeping.child.kill("SIGTERM");
      const { code } = await within(10_000, sweeping.exited, "the end after SIGTERM");
      const report = JSON.parse(sweeping.stdout());
      expect([code, report.exitCode, report.stopped]).toEqual([3, 3, true]);
      const { clusters, requests } = await sandbox.state();
      const sent = requests.filter(({ operation }) => operation === "deleteGroupFlexCluster");
      expect(sent.length).toBeLessThanOrEqual(8);
      expect(clusters).toHaveLength(20 - sent.length);
      const stays = report.left.filter(({ code }: { code: string }) => code === "stopped");
      expect(stays.length).toBeGreaterThanOrEqual(12);
    } finally {
      await sandbox.close();
    }
  });

  it("goes on if nobody reads its progress", async () => {
    const { sandbox, atlas } = await start();
    try {
      const shop = await atlas.leasedProject("shop", -1);
      await atlas.leasedCluster(shop, "orders", -1);
      const sweeping = startBundle(["sweep", "--apply", "--json"], sandbox.env);
      sweeping.child.stderr.destroy();
      const { code } = await within(20_000, sweeping.exited, "the end");
      expect([code, Object.keys(await byName(sandbox))]).toEqual([0, []]);
    } finally {
      await sandbox.close();
    }
  });

  it.each([
    ["Atlas that is not there", { MONGODB_ATLAS_BASE_URL: "http://127.0.0.1:1" }, "unavailable"],
    ["a wrong secret", { MONGODB_ATLAS_CLIENT_SECRET: "mdb_sa_sk_wrong" }, "unauthenticated"],
  ])("answers JSON and ends with 1 with %s", async (_what, env, error) => {
    const { sandbox } = await start();
    try {
      const { code, report } = await sweep(["--apply", "--json"], { ...sandbox.env, ...env });
      expect(code).toBe(1);
      expect(report()).toMatchObject({ apply: true, deleted: [], left: [], exitCode: 1 });
      expect(report().error.code).toBe(error);
    } finally {
      await sandbox.close();
    }
  });

  it.each([
    ["a wrong wait", ["--wait", "x"], {}],
    ["an unknown flag", ["--aply"], {}],
    ["settings that allow only reads", ["--apply"], { ATLAS_MCP_READ_ONLY: "1" }],
    ["a policy that is not there", ["--policy", "/nowhere.jsonc"], {}],
  ])("answers JSON and ends with 2 with %s", async (_what, args, env: Env) => {
    const { code, report, stderr } = await sweep([...args, "--json"], env);
    expect([code, report().exitCode, report().error.code, stderr]).toEqual([
      ...[2, 2, "configuration", ""],
    ]);
  });

  it("keeps to the policy, and needs no --allow-delete", async () => {
    const { sandbox, atlas } = await start();
    try {
      const [one, two] = [await atlas.leasedProject("one", -1), await atlas.project("two")];
      await atlas.leasedCluster(two, "orders", -1);
      const scoped = { ...sandbox.env, MONGODB_ATLAS_PROJECT_ID: one };
      const fixed = await sweep(["--apply", "--json"], scoped);
      expect(fixed.report()).toMatchObject({
        left: [{ id: one, code: "fixed_project" }],
        deleted: [],
        exitCode: 3,
      });
      const other = { ...sandbox.env, MONGODB_ATLAS_PROJECT_ID: two };
      expect((await sweep(["--apply"], other)).code).toBe(0);
      expect(Object.keys(await byName(sandbox))).toEqual(["one", "two"]);
    } finally {
      await sandbox.close();
    }
  });

  it("sweeps the state of an embedded sandbox, and says where one began empty", async () => {
    const statePath = join(folder, "sandbox.json");
    const sandbox = await createSandbox({ statePath, provisionMs: 0 });
    const atlas = somebodyElse(sandbox);
    await atlas.leasedCluster(await atlas.leasedProject("shop", -1), "orders", -1);
    await sandbox.close();
    const kept = await sweep(["--apply", "--json", "--state", statePath], {});
    expect(kept.code).toBe(0);
    expect(kept.report().deleted.map(({ name }: { name: string }) => name)).toEqual([
      "orders",
      "shop",
    ]);
    const empty = await sweep(["--json"], {});
    expect([empty.code, empty.report().note]).toEqual([0, expect.stringMatching(/began empty/)]);
  });
});
