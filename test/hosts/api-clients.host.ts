/** mongodb-atlas-api-client: each of its functions runs against the sandbox, or docs/peers.md says that it cannot. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";
import { type Lifecycle, steps } from "./api-client/steps.ts";
import { operationOf, peerSection } from "./peer-pages.ts";
import { installed, loadApiClient, readJson } from "./tools.ts";

const { version } = readJson(installed("mongodb-atlas-api-client/package.json"));
const page = peerSection(`mongodb-atlas-api-client ${version}`);

let sandbox: LiveSandbox;
let lifecycle: Lifecycle;
const outcomes = new Map<string, string>();

/** Makes a call. Its status is that of the last request: the client gives an error's body as it gives any other, and `true` for a delete. */
const inShort = async (call: (it: Lifecycle) => Promise<any>): Promise<string> => {
  const answer = await call(lifecycle);
  const request = (await sandbox.state()).requests.at(-1);
  return request?.operation ? `${request.status} ${answer?.errorCode ?? ""}`.trim() : "missing";
};

beforeAll(async () => {
  sandbox = await startSandbox();
  const getClient = await loadApiClient();
  const { publicKey, privateKey, orgId } = sandbox;
  const baseUrl = `${sandbox.url}/api/atlas/v2`;
  const of = (projectId: string) => getClient({ publicKey, privateKey, baseUrl, projectId });
  lifecycle = { orgId, projectId: "none", userId: "none", of };
  for (const [name, call, , needed] of steps)
    if (needed === undefined || !page.isMissing(needed)) outcomes.set(name, await inShort(call));
});
afterAll(() => sandbox?.close());

it("has no function and no part that the steps leave out", () => {
  const parts: Record<string, object> = lifecycle.of("none");
  const functions = Object.entries(parts).flatMap(([part, its]) =>
    Object.keys(its).map((name) => `${part}.${name}`),
  );
  const called = new Set(steps.map(([name]) => operationOf(name)));
  expect([...called].toSorted()).toEqual(functions.toSorted());
  const known = [...functions, ...Object.keys(parts)];
  expect(page.missing.filter((name) => !known.includes(name))).toEqual([]);
});

it.each(steps)("%s", (name, _call, answer) => {
  const outcome = outcomes.get(name);
  if (outcome === undefined) expect(page.mayBeLeftOut(name)).toBe(true);
  else expect(outcome).toBe(page.isMissing(name) ? "missing" : answer);
});

it("deletes everything that it creates in a project", async () => {
  const { projects, clusters, users } = await sandbox.state();
  expect([projects, clusters, users]).toEqual([[], [], []]);
});
