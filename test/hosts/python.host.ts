/** The official Python SDK, both releases and both eras, goes the way there and back, over stdio and over HTTP. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { childrenOf } from "../e2e/processes.ts";
import { connect, type ToolResult } from "../support/clients.ts";
import { toolNames } from "../support/contract.ts";
import { serveHttp } from "../support/http.ts";
import { type Journey, type Listed, travel } from "../support/journey.ts";
import { aws } from "../support/live-sandbox.ts";
import { connectPython, type PythonClient } from "./python/client.ts";
import { openClient, prepare, type Way, ways } from "./python/ways.ts";

/** The seconds after which the SDK ends a server that did not end by itself. */
const grace = 2;

/** A cluster whose region is misspelt at first, and whose client then does not wait for it. */
type Detour = { misspelt: ToolResult; impatience: Promise<ToolResult>; ready: ToolResult };

type Trip = {
  journey: Journey;
  detour: Detour;
  protocol: string;
  /** How many processes the client had started, and how many there were after it had closed. */
  started: number;
  left: number;
  /** The seconds that it took to close. */
  closing: number;
  stderr: string;
};

const makeDetour = async (client: PythonClient, groupId: string): Promise<Detour> => {
  const cluster = { groupId, name: "late" };
  const providerSettings = { ...aws, regionName: "us-east-1" };
  const wanted = { ...cluster, providerSettings, waitSeconds: 30 };
  const misspelt = await client.call("create_flex_cluster", wanted);
  const [mended] = misspelt.structured.error.nextActions;
  const impatience = client.call(mended.tool, mended.arguments, { timeout: 1 });
  await impatience.catch(() => {});
  const ready = await client.call("get_flex_cluster", { ...cluster, waitSeconds: 30 });
  await client.call("delete_flex_cluster", cluster);
  return { misspelt, impatience, ready };
};

let prepared: Awaited<ReturnType<typeof prepare>>;
let listed: Listed[];
const trips = new Map<Way, Trip>();

const go = async (way: Way): Promise<Trip> => {
  const client = await openClient(way, prepared);
  const { protocol, pid } = client;
  const started = childrenOf(pid).length;
  let closing = Number.NaN;
  const close = async () => {
    closing = await client.leave();
  };
  let detour: Detour | undefined;
  const there = async (groupId: string) => {
    detour = await makeDetour(client, groupId);
  };
  const journey = await travel({ ...client, close }, { there });
  if (detour === undefined) throw new Error("There was no detour.");
  const left = childrenOf(pid).length;
  await client.close();
  return { journey, detour, protocol, started, left, closing, stderr: client.stderr() };
};

beforeAll(async () => {
  prepared = await prepare();
  const driver = await connect("v2 modern");
  listed = await driver.listTools();
  await driver.close();
  await Promise.all(ways.map(async ([, way]) => trips.set(way, await go(way))));
});
afterAll(() => prepared?.tokens.remove());

describe.each(ways)("%s", (_name, way) => {
  const trip = (): Trip => {
    const one = trips.get(way);
    if (one === undefined) throw new Error("The journey did not end.");
    return one;
  };

  it(`speaks ${way.protocol}`, () => {
    expect(trip().protocol).toBe(way.protocol);
    expect(trip().journey.instructions).toContain("create_flex_cluster");
  });

  it("lists every tool with all that it says of itself", () => {
    const { tools } = trip().journey;
    expect(tools.map(({ name }) => name)).toEqual(toolNames);
    expect(tools).toEqual(listed);
  });

  it("makes everything and deletes it, and takes each result as its schema says", () => {
    const { cluster, user, clusterGone, projectGone, afterwards, results } = trip().journey;
    expect(cluster.structured).toMatchObject({ status: "ok", outcome: "created", ready: true });
    expect(user.structured).toMatchObject({ status: "ok", outcome: "created" });
    for (const { structured } of [clusterGone, projectGone])
      expect(structured).toMatchObject({ status: "ok", outcome: "deleted" });
    expect(afterwards.structured).toMatchObject({ status: "ok", projects: [] });
    for (const [, { structured, text, isError }] of results) {
      expect(text).toBe(JSON.stringify(structured));
      expect(isError).toBe(structured.status === "error");
    }
  });

  it("hears of the progress, always further on", () => {
    const { progress } = trip().journey;
    const told = progress.map((one) => one.progress);
    expect(told.length).toBeGreaterThan(1);
    expect(told).toEqual([...new Set(told)].sort((one, other) => one - other));
    expect(progress[0]?.message).toMatch(/^Flex cluster db is CREATING/);
  });

  it("reads what is wrong with a call, loses patience with the mended one, and finds what it made", async () => {
    const { misspelt, impatience, ready } = trip().detour;
    expect(misspelt.isError).toBe(true);
    expect(misspelt.structured.error).toMatchObject({ code: "invalid_input" });
    await expect(impatience).rejects.toThrow(/timed out/i);
    expect(ready.structured).toMatchObject({ status: "ok", ready: true });
  });

  it("ends by itself and leaves no process", () => {
    const { started, left, closing } = trip();
    expect({ started, left }).toEqual({ started: way.transport === "stdio" ? 1 : 0, left: 0 });
    expect(closing).toBeLessThan(grace);
  });

  it("reads nothing on stderr but the console's address, and that a call was cancelled", () => {
    const told =
      /^{.*("tool":"create_flex_cluster".*"cancelled":true|"msg":"Sandbox console: ).*}\n/gm;
    expect(trip().stderr.replace(told, "")).toBe("");
  });
});

describe.each(ways.filter(([, { transport }]) => transport === "HTTP"))("%s", (_name, way) => {
  it("says that its token is not let in", async () => {
    const server = await serveHttp(["--tokens", prepared.tokens.path]);
    const how = { server: { url: server.url, token: "of-nobody" } };
    // Release 1 says no more than the status.
    const said = way.speaker.release === 1 ? /401/ : /token is unknown.*Send the token/;
    await expect(connectPython(way.speaker, how)).rejects.toThrow(said);
    await server.end();
  });
});
