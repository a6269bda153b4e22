import { beforeAll, describe, expect, it } from "vitest";
import { alikeKinds, type Kind } from "../support/clients.ts";
import { type Journey, travel } from "../support/journey.ts";
import { startSandbox } from "../support/live-sandbox.ts";

type State = Awaited<ReturnType<Awaited<ReturnType<typeof startSandbox>>["state"]>>;

/** What one client was told, and what was true in Atlas at the far end of its way and after it. */
type Trip = { journey: Journey; there: State; back: State };

const trips = new Map<Kind, Trip>();

const go = async (kind: Kind): Promise<Trip> => {
  const sandbox = await startSandbox();
  try {
    let there: State | undefined;
    const journey = await travel(kind, {
      env: { ...sandbox.env, ATLAS_MCP_ALLOW_DELETE: "true", ATLAS_MCP_EPHEMERAL: "true" },
      there: async () => {
        there = await sandbox.state();
      },
    });
    if (there === undefined) throw new Error("The journey did not get there.");
    return { journey, there, back: await sandbox.state() };
  } finally {
    await sandbox.close();
  }
};

beforeAll(async () => {
  await Promise.all(alikeKinds.map(async (kind) => trips.set(kind, await go(kind))));
}, 60_000);

describe.each(alikeKinds)("Atlas, when %s has gone the way there and back", (kind) => {
  const trip = (): Trip => {
    const one = trips.get(kind);
    if (one === undefined) throw new Error("The trip did not end.");
    return one;
  };
  const groupId = () => trip().journey.project.structured.project.id;

  it("has had the one project and the one cluster of the connection string", () => {
    const { there, journey } = trip();
    expect(there.projects.map(({ id }) => id)).toEqual([groupId()]);
    expect(there.clusters.map((one) => [one.groupId, one.stateName])).toEqual([
      [groupId(), "IDLE"],
    ]);
    const host = new URL(journey.credentials.MONGODB_URI ?? "").hostname;
    expect(there.clusters[0]?.connectionStrings.standardSrv).toBe(`mongodb+srv://${host}`);
  });

  it("has let in its user and its address, and nobody else", () => {
    const { there, journey } = trip();
    const { username } = new URL(journey.credentials.MONGODB_URI ?? "");
    expect(there.users).toMatchObject([
      {
        groupId: groupId(),
        username,
        databaseName: "admin",
        roles: [{ roleName: "readWriteAnyDatabase", databaseName: "admin" }],
      },
    ]);
    expect(there.accessList).toMatchObject([
      { groupId: groupId(), cidrBlock: "203.0.113.7/32", ipAddress: "203.0.113.7" },
    ]);
  });

  it("was asked once for each change", () => {
    const changes = trip().back.requests.filter(
      ({ operation, method }) =>
        method !== "GET" && /^(create|update|delete)(Group|Ephemeral)/.test(operation ?? ""),
    );
    expect(changes.map(({ operation }) => operation)).toEqual([
      "createGroup",
      "createGroupFlexCluster",
      "createGroupDatabaseUser",
      "createGroupAccessListEntry",
      "createEphemeralCluster",
      "updateGroup",
      "updateGroupFlexCluster",
      "updateGroupDatabaseUser",
      "updateGroupDatabaseUser",
      "deleteGroupAccessListEntry",
      "deleteGroupDatabaseUser",
      "deleteGroupFlexCluster",
      "deleteGroup",
    ]);
  });

  it("is empty again", () => {
    const { projects, clusters, users, accessList } = trip().back;
    expect({ projects, clusters, users, accessList }).toEqual({
      projects: [],
      clusters: [],
      users: [],
      accessList: [],
    });
  });
});
