/** Who agrees to costs and deletes on Atlas, asked through the official Python SDK. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Answering, ToolResult } from "../support/clients.ts";
import { userWho } from "../support/consent.ts";
import { aws, type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";
import { openClient, prepare, type Way, ways } from "./python/ways.ts";

let prepared: Awaited<ReturnType<typeof prepare>>;
let sandbox: LiveSandbox;
beforeAll(async () => {
  prepared = await prepare();
  sandbox = await startSandbox({ rateLimits: false });
});
afterAll(async () => {
  prepared?.tokens.remove();
  await sandbox?.close();
});

const clustersIn = async (groupId: string) =>
  (await sandbox.state()).clusters.filter((one) => one.groupId === groupId).length;

let projects = 0;

/** A client on a project of its own. */
const onAtlas = async (way: Way, answers?: Answering) => {
  const env = { ...sandbox.env, ATLAS_MCP_CONFIRM: "auto", ATLAS_MCP_ALLOW_DELETE: "1" };
  const client = await openClient(way, prepared, { env, answers });
  projects += 1;
  const project = { name: `home-${projects}`, orgId: sandbox.orgId };
  const { structured } = await client.call("create_project", project);
  const groupId: string = structured.project.id;
  return { client, groupId, args: { groupId, name: "db", providerSettings: aws } };
};

/** What a client was told whose user declines a cluster, agrees to it, and agrees to the end of it. */
type Talk = {
  asked: number;
  declined: ToolResult;
  none: number;
  made: ToolResult;
  gone: ToolResult;
};

const talk = async (way: Way): Promise<Talk> => {
  // A person takes longer than a host that answers by itself.
  const no = userWho("decline", 700);
  const yes = userWho("accept");
  let user = no;
  const { client, groupId, args } = await onAtlas(way, (question) =>
    (user.answers as Answering)(question),
  );
  const declined = await client.call("create_flex_cluster", args);
  const none = await clustersIn(groupId);
  user = yes;
  const made = await client.call("create_flex_cluster", args);
  const gone = await client.call("delete_flex_cluster", { groupId, name: "db" });
  await client.close();
  return { asked: no.asked.length + yes.asked.length, declined, none, made, gone };
};

describe("with a user to ask", () => {
  const talks = new Map<Way, Talk>();
  beforeAll(async () => {
    await Promise.all(ways.map(async ([, way]) => talks.set(way, await talk(way))));
  });

  it.each(ways)("%s asks, and the user declines", (_name, way) => {
    const { declined, none } = talks.get(way) as Talk;
    expect(declined.isError).toBe(true);
    expect(declined.structured.error).toMatchObject({ code: "declined", outcome: "not_created" });
    expect(none).toBe(0);
  });

  it.each(ways)("%s asks, and the user agrees to the cluster and to its end", (_name, way) => {
    const { made, gone, asked } = talks.get(way) as Talk;
    const receipt = { approver: "user" };
    expect(made.structured).toMatchObject({ outcome: "created", receipt });
    expect(gone.structured).toMatchObject({ outcome: "deleted", receipt });
    expect(asked).toBe(3);
  });
});

describe.concurrent("without a user to ask", () => {
  it.each(ways)("%s gets a token, and makes the cluster with it", async (_name, way) => {
    const { client, args, groupId } = await onAtlas(way);
    const { structured } = await client.call("create_flex_cluster", args);
    expect(structured.status).toBe("needs_confirmation");
    expect(await clustersIn(groupId)).toBe(0);
    const [action] = structured.nextActions;
    const made = await client.call(action.tool, action.arguments);
    expect(made.structured).toMatchObject({ outcome: "created", receipt: { approver: "agent" } });
    await client.close();
  });
});
