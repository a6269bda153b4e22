import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { type Harness, start } from "../harness.ts";

let statePath: string;

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-state-"));
  statePath = join(folder, "state.json");
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

/** Creates what a project and an organization have besides clusters, users and entries. */
const fill = async ({ api, createProject, sandbox }: Harness): Promise<string> => {
  const org = `/orgs/${sandbox.orgId}`;
  const id = await createProject("shop");
  const roleNames = ["GROUP_OWNER"];
  const account = { name: "ci", description: "", secretExpiresAfterHours: 8, roles: roleNames };
  const resources = [{ cluster: true }, { collection: "", db: "shop" }];
  const alert = { eventTypeName: "NO_PRIMARY", notifications: [{ typeName: "GROUP" }] };
  const role = { roleName: "keeper", actions: [{ action: "FIND", resources }] };
  const team = (await api("POST", `${org}/teams`, { body: { name: "ops" } })).string("id");
  for (const [method, path, body] of [
    ["PATCH", `${org}/settings`, { securityContact: "sec@example.com" }],
    ["PATCH", `/groups/${id}/settings`, { isDataExplorerEnabled: false }],
    ["PATCH", `/groups/${id}/limits/atlas.project.deployment.clusters`, { value: 30 }],
    ["POST", `/groups/${id}/customDBRoles/roles`, role],
    ["POST", `/groups/${id}/teams`, [{ teamId: team, roleNames }]],
    ["POST", `/groups/${id}/serviceAccounts`, account],
    ["POST", `/groups/${id}/alertConfigs`, alert],
    ["POST", `/groups/${id}/users`, { username: "new@example.com", roles: roleNames }],
    ["POST", `/groups/${id}/apiKeys`, { desc: "ci", roles: roleNames }],
  ] as const) {
    expect((await api(method, path, { body })).status).toBeLessThan(300);
  }
  return id;
};

const inProject = [
  "settings",
  "limits",
  "customDBRoles/roles",
  "teams",
  "serviceAccounts",
  "apiKeys",
];
const inOrganization = ["settings", "teams", "serviceAccounts", "apiKeys", "users"];

/** All that reads show, without the port of the sandbox that shows it. */
const seen = async ({ api, sandbox }: Harness, id: string): Promise<string[]> => {
  const paths = [
    ...inProject.map((path) => `/groups/${id}/${path}`),
    ...inOrganization.map((path) => `/orgs/${sandbox.orgId}/${path}`),
  ];
  const answers = await Promise.all(paths.map((path) => api("GET", path)));
  return answers.map(({ text }) => text.replaceAll(sandbox.url, ""));
};

/** A sandbox that has been filled, and what it shows. */
const startFilled = async (): Promise<{ harness: Harness; id: string; before: string[] }> => {
  const harness = await start({ statePath });
  const id = await fill(harness);
  return { harness, id, before: await seen(harness, id) };
};

test("all is there after a restart, to the byte", async () => {
  const { harness, id, before } = await startFilled();
  await harness.sandbox.close();
  expect(await seen(await start({ statePath }), id)).toEqual(before);
});

test("a file from before there was any of it is opened", async () => {
  const { harness, id } = await startFilled();
  await harness.sandbox.close();
  const { resources, ...rest } = JSON.parse(readFileSync(statePath, "utf8"));
  const { projects, clusters, users, accessList } = resources;
  const old = { ...rest, resources: { projects, clusters, users, accessList } };
  writeFileSync(statePath, JSON.stringify(old));
  const { api } = await start({ statePath });
  expect((await api("GET", `/groups/${id}`)).at("name")).toBe("shop");
  expect((await api("GET", `/groups/${id}/teams`)).at("results")).toEqual([]);
  expect((await api("GET", `/groups/${id}/settings`)).at("isDataExplorerEnabled")).toBe(true);
});

test("another id for the organization takes all that it has along", async () => {
  const { harness } = await startFilled();
  await harness.sandbox.close();
  const orgId = "a0123456789abcdef0123451";
  const { api } = await start({ statePath, orgId });
  expect((await api("GET", `/orgs/${orgId}/teams`)).at("results.0.name")).toBe("ops");
  expect((await api("GET", `/orgs/${orgId}/serviceAccounts`)).at("totalCount")).toBe(2);
  expect((await api("GET", `/orgs/${orgId}/apiKeys`)).at("totalCount")).toBe(2);
  expect((await api("GET", `/orgs/${orgId}/settings`)).at("securityContact")).toBe(
    "sec@example.com",
  );
});

test("nothing of a project is left after its deletion, and nothing at all after a reset", async () => {
  const { harness, id } = await startFilled();
  const text = () => readFileSync(statePath, "utf8");
  expect(text()).toContain(id);
  await harness.api("DELETE", `/groups/${id}`);
  expect(text()).not.toContain(id);
  expect(text()).toContain("sec@example.com");
  expect((await harness.control("POST", "/reset")).status).toBe(200);
  expect(Object.values(JSON.parse(text()).resources).flat()).toEqual([]);
});
