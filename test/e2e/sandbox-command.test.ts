import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommand, type Served, serveBundle } from "../support/bundle.ts";
import { run } from "../support/program.ts";
import { until } from "../support/until.ts";

const curl = async (...args: string[]): Promise<any> => {
  const { code, stdout, stderr } = await runCommand(
    "curl",
    ["--silent", "--show-error", "--max-time", "5", ...args],
    { PATH: process.env.PATH ?? "" },
  );
  if (code !== 0) throw new Error(stderr);
  return stdout === "" ? undefined : JSON.parse(stdout);
};

const tokenOf = async ({ url, clientId, clientSecret }: Record<string, string>) =>
  curl(
    ...["--user", `${clientId}:${clientSecret}`],
    ...["--data", "grant_type=client_credentials", `${url}/api/oauth/token`],
  );

const post = (token: string, version: string, url: string, body: object): Promise<any> =>
  curl(
    ...["--header", `Authorization: Bearer ${token}`],
    ...["--header", `Accept: application/vnd.atlas.${version}+json`],
    ...["--header", "Content-Type: application/json"],
    ...["--data", JSON.stringify(body), url],
  );

describe("the sandbox on its own, asked by curl", () => {
  let served: Served;
  let token: string;
  let groupId: string;

  beforeAll(async () => {
    served = await serveBundle(["sandbox", "--port", "0", "--provision-ms", "300"]);
    token = (await tokenOf(served.line)).access_token;
    const body = { name: "shop", orgId: served.line.orgId };
    groupId = (await post(token, "2023-01-01", `${served.line.url}/api/atlas/v2/groups`, body)).id;
  });
  afterAll(() => served.end("SIGKILL"));

  const clusters = () => `${served.line.url}/api/atlas/v2/groups/${groupId}/flexClusters`;
  const read = (url: string) =>
    curl(
      ...["--header", `Authorization: Bearer ${token}`],
      ...["--header", "Accept: application/vnd.atlas.2024-11-13+json", url],
    );

  it("prints one line of JSON with exactly what is documented", () => {
    expect(served.stdout()).toMatch(/^\{[^\n]+\}\n$/);
    expect(Object.keys(served.line).sort()).toEqual(
      ["clientId", "clientSecret", "orgId", "privateKey", "publicKey", "url"].sort(),
    );
    for (const value of Object.values(served.line)) expect(value).toMatch(/^\S+$/);
  });

  it("tells people on stderr where its console is", () => {
    expect(served.stderr()).toBe(`Sandbox console: ${served.line.url}/\n`);
  });

  it("prints a base URL without a path, on loopback", () => {
    expect(served.line.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it("gives a token for its service account", () => {
    expect(token).toMatch(/^\S{20,}$/);
  });

  it("made the project", async () => {
    const project = await read(`${served.line.url}/api/atlas/v2/groups/${groupId}`);
    expect(project).toMatchObject({ id: groupId, name: "shop", orgId: served.line.orgId });
  });

  it("makes a flex cluster, which is IDLE after the time that was given", async () => {
    const made = await post(token, "2024-11-13", clusters(), {
      name: "db",
      providerSettings: { backingProviderName: "AWS", regionName: "US_EAST_1" },
    });
    expect(made.stateName).toBe("CREATING");
    const idle = async () => (await read(`${clusters()}/db`)).stateName === "IDLE";
    expect(await until(idle, "IDLE")).toBe(true);
  });

  it("takes its API key by Digest", async () => {
    const { publicKey, privateKey, url } = served.line;
    const page = await curl(
      ...["--digest", "--user", `${publicKey}:${privateKey}`],
      ...["--header", "Accept: application/vnd.atlas.2023-01-01+json", `${url}/api/atlas/v2/orgs`],
    );
    expect(page.results[0].id).toBe(served.line.orgId);
  });
});

describe("the credentials of the sandbox", () => {
  const given = {
    "client-id": "mdb_sa_id_given",
    "client-secret": "mdb_sa_sk_given",
    "public-key": "givenkey",
    "private-key": "11111111-2222-3333-4444-555555555555",
    "org-id": "abcdefabcdefabcdefabcdef",
  };

  it("are those that were given", async () => {
    const flags = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);
    const served = await serveBundle(["sandbox", "--port", "0", ...flags]);
    try {
      expect(served.line).toMatchObject({
        clientId: given["client-id"],
        clientSecret: given["client-secret"],
        publicKey: given["public-key"],
        privateKey: given["private-key"],
        orgId: given["org-id"],
      });
      expect(await tokenOf(served.line)).toHaveProperty("access_token");
    } finally {
      await served.end("SIGKILL");
    }
  });

  it("are others in every sandbox where none are given", async () => {
    const both = await Promise.all([1, 2].map(() => serveBundle(["sandbox", "--port", "0"])));
    try {
      for (const name of ["clientId", "clientSecret", "publicKey", "privateKey", "orgId", "url"])
        expect(both[0]?.line[name]).not.toBe(both[1]?.line[name]);
    } finally {
      await Promise.all(both.map((one) => one.end("SIGKILL")));
    }
  });
});

describe("the end of the sandbox", () => {
  it.each(["SIGTERM", "SIGINT"] as const)("comes on %s, with 0", async (signal) => {
    const served = await serveBundle(["sandbox", "--port", "0"]);
    expect(await served.end(signal)).toBe(0);
  });

  it("comes on SIGTERM although a client holds a connection", async () => {
    const served = await serveBundle(["sandbox", "--port", "0"]);
    await (await fetch(`${served.line.url}/_sandbox/state`)).text();
    expect(await served.end("SIGTERM")).toBe(0);
  });

  it("frees its port", async () => {
    const served = await serveBundle(["sandbox", "--port", "0"]);
    await served.end("SIGTERM");
    const { port } = new URL(served.line.url ?? "");
    const again = await serveBundle(["sandbox", "--port", port]);
    expect(again.line.url).toBe(served.line.url);
    await again.end("SIGKILL");
  });
});

describe("a port that is taken", () => {
  it("ends the program with 2 and one line that names it", async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, "127.0.0.1", resolve));
    const address = blocker.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const { code, stdout, stderr } = await run(["sandbox", "--port", `${port}`]);
    blocker.close();
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^atlas-provision-mcp: [^\n]+\n$/);
    expect(stderr).toContain(`${port}`);
  });
});

describe("the state file of the sandbox", () => {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-command-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  const serveWith = (name: string) =>
    serveBundle(["sandbox", "--port", "0", "--no-rate-limits", "--state", join(folder, name)]);

  const create = async (token: string, { url, orgId }: Record<string, string>, name: string) => {
    const response = await fetch(`${url}/api/atlas/v2/groups`, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${token}`,
        Accept: "application/vnd.atlas.2023-01-01+json",
        "Content-Type": "application/json",
      },
      body: JSON.stringify({ name, orgId }),
    });
    const made: any = await response.json();
    return response.status === 201 ? made.id : undefined;
  };

  const projects = async ({ url }: Record<string, string>): Promise<any[]> =>
    (await curl(`${url}/_sandbox/state`)).projects;

  it("holds all that was acknowledged before a kill -9 amid many creates", async () => {
    const first = await serveWith("killed.json");
    const token = (await tokenOf(first.line)).access_token;
    const acknowledged = new Map<string, string>();
    const createOn = async (client: number) => {
      for (let n = 0; ; n += 1) {
        const name = `p${client}-${n}`;
        const id = await create(token, first.line, name);
        acknowledged.set(id, name);
        if (acknowledged.size === 40) first.child.kill("SIGKILL");
      }
    };
    const ended = await Promise.allSettled([1, 2, 3, 4].map(createOn));
    expect(ended.map(({ status }) => status)).toEqual(Array(4).fill("rejected"));
    expect(acknowledged.size).toBeGreaterThanOrEqual(40);

    const second = await serveWith("killed.json");
    try {
      const kept = new Map((await projects(second.line)).map(({ id, name }) => [id, name]));
      expect([...acknowledged].filter(([id, name]) => kept.get(id) !== name)).toEqual([]);
      const { url: _was, ...configured } = first.line;
      expect(second.line).toMatchObject(configured);
    } finally {
      await second.end("SIGKILL");
    }
  });

  it("keeps the ready line as it is", async () => {
    const served = await serveWith("line.json");
    await served.end("SIGTERM");
    const names = ["clientId", "clientSecret", "orgId", "privateKey", "publicKey", "url"];
    expect(Object.keys(served.line).sort()).toEqual(names);
  });

  const refusal = async (path: string) => {
    const { code, stdout, stderr } = await run(["sandbox", "--port", "0", "--state", path]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^atlas-provision-mcp: --state: the state file [^\n]+\n$/);
    return stderr;
  };

  it("ends the program with 2 where it is damaged, and stays as it is", async () => {
    const path = join(folder, "damaged.json");
    writeFileSync(path, '{"format":');
    expect(await refusal(path)).toContain("is damaged");
    expect(readFileSync(path, "utf8")).toBe('{"format":');
  });

  it("ends the program with 2 where its folder is not there", async () => {
    expect(await refusal(join(folder, "none", "state.json"))).toContain("folder does not exist");
  });

  it("ends the program with 2 where another sandbox uses it, which goes on", async () => {
    const served = await serveWith("shared.json");
    expect(await refusal(join(folder, "shared.json"))).toContain("in use by another sandbox");
    const token = (await tokenOf(served.line)).access_token;
    expect(await create(token, served.line, "shop")).toMatch(/^[a-f0-9]{24}$/);
    await served.end("SIGKILL");
  });
});
