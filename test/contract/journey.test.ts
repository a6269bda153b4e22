import { beforeAll, describe, expect, it } from "vitest";
import { alikeKinds, type Kind, kinds } from "../support/clients.ts";
import { schemaProblem, toolNames } from "../support/contract.ts";
import { fileClock } from "../support/fast-clock.ts";
import { type Journey, type Listed, travel } from "../support/journey.ts";

const clock = fileClock();
const journeys = new Map<Kind, Journey>();

beforeAll(async () => {
  await Promise.all(kinds.map(async (kind) => journeys.set(kind, await travel(kind, { clock }))));
}, 40_000);

const by = (kind: Kind) => {
  const journey = (): Journey => {
    const one = journeys.get(kind);
    if (one === undefined) throw new Error("The journey did not end.");
    return one;
  };
  const tool = (name: string): Listed => {
    const one = journey().tools.find((listed) => listed.name === name);
    if (one === undefined) throw new Error(`${name} is not listed.`);
    return one;
  };
  return { journey, tool };
};

/** What a client's own SDK, era or transport could lose on the way. */
describe.each(kinds)("the way from nothing to a working connection and back with %s", (kind) => {
  const { journey } = by(kind);

  it("gives instructions that no host cuts off", () => {
    const { instructions = "" } = journey();
    expect(instructions).toContain("create_flex_cluster");
    expect(Buffer.byteLength(instructions)).toBeLessThan(2048);
  });

  it("lists the tools in their order", () => {
    expect(journey().tools.map(({ name }) => name)).toEqual(toolNames);
  });

  it("tells of its progress more than once, always further on", () => {
    const told = journey().progress.map(({ progress }) => progress);
    expect(told.length).toBeGreaterThan(1);
    expect(told.every((value, index) => index === 0 || value > (told[index - 1] ?? 0))).toBe(true);
  });

  it("says how long it has waited in words, and no total: hosts draw that as a percentage", () => {
    for (const { total, message } of journey().progress) {
      expect(total).toBeUndefined();
      expect(message).toMatch(/^Flex cluster db is CREATING \(\d+ of 30 s\)\.$/);
    }
  });

  it("goes back to an empty organization", () => {
    const { clusterGone, projectGone, afterwards } = journey();
    for (const { structured } of [clusterGone, projectGone])
      expect(structured).toMatchObject({ status: "ok", outcome: "deleted" });
    expect(afterwards.structured).toMatchObject({ status: "ok", projects: [], totalCount: 0 });
  });

  it("gives each result twice: as structured content and as the same compact JSON", () => {
    for (const [, { structured, text }] of journey().results)
      expect(text).toBe(JSON.stringify(structured));
  });

  it("marks as errors exactly the results with status error", () => {
    for (const [, { structured, isError }] of journey().results)
      expect(isError).toBe(structured.status === "error");
  });
});

describe.each(alikeKinds)("what the server says on that way to %s", (kind) => {
  const { journey, tool } = by(kind);

  it.each(toolNames)("describes %s with a title and a description that no host refuses", (name) => {
    const { title, description = "" } = tool(name);
    expect(title).toMatch(/\S/);
    expect(description.length).toBeGreaterThan(20);
    expect(description.length).toBeLessThanOrEqual(1000);
  });

  it.each(toolNames)("says all four hints of %s", (name) => {
    const reads = /^(get|list|check)_/.test(name);
    expect(tool(name).annotations).toMatchObject({
      readOnlyHint: reads,
      destructiveHint: /^(update|delete)_/.test(name),
      // Each call sets another password.
      idempotentHint: name !== "update_database_user",
      openWorldHint: expect.any(Boolean),
    });
  });

  it.each(toolNames)("advertises an object as input and as output of %s", (name) => {
    const { inputSchema, outputSchema } = tool(name);
    expect(inputSchema).toMatchObject({ type: "object", properties: expect.any(Object) });
    expect(outputSchema).toMatchObject({ type: "object", properties: expect.any(Object) });
  });

  it.each(toolNames)("leaves the output schema of %s open for more members", (name) => {
    expect(JSON.stringify(tool(name).outputSchema)).not.toContain("additionalProperties");
  });

  it("shows an account in the sandbox with one organization", () => {
    expect(journey().account.structured).toMatchObject({
      status: "ok",
      backend: "sandbox",
      outcome: "found",
      organizations: [{ id: expect.stringMatching(/^[a-f0-9]{24}$/) }],
    });
  });

  it("creates a project in that organization", () => {
    const { account, project } = journey();
    expect(project.structured).toMatchObject({
      status: "ok",
      outcome: "created",
      project: {
        id: expect.stringMatching(/^[a-f0-9]{24}$/),
        name: "shop",
        orgId: account.structured.organizations[0].id,
      },
    });
  });

  it("creates a cluster and waits until it is ready", () => {
    const { cluster, project } = journey();
    expect(cluster.structured).toMatchObject({
      status: "ok",
      outcome: "created",
      ready: true,
      cluster: { name: "db", groupId: project.structured.project.id, stateName: "IDLE" },
    });
  });

  it("finds the ready cluster with both connection strings, to hosts that cannot exist", () => {
    const { cluster, ready } = journey().found.structured;
    expect(ready).toBe(true);
    const hosts = ({ standard, standardSrv }: Record<string, string>) =>
      [standard, standardSrv].map((one) => one?.replace(/^mongodb(\+srv)?:\/\//, "").split("/")[0]);
    const [members = "", srv = ""] = hosts(cluster.connectionStrings);
    const names = [...members.split(",").map((one) => one.split(":")[0]), srv];
    expect(names).toHaveLength(4);
    for (const name of names) expect(name).toMatch(/\.invalid$/);
  });

  it("says that a cluster is not there as an error", () => {
    const { isError, structured } = journey().missing;
    expect(isError).toBe(true);
    expect(structured).toMatchObject({
      status: "error",
      error: { code: "not_found", outcome: "no_change" },
    });
  });

  it("creates a user whose file has the whole connection string, and whose password it says nowhere", () => {
    const { user, found, credentials, results } = journey();
    expect(user.structured).toMatchObject({
      status: "ok",
      outcome: "created",
      databaseUser: { username: "app", databaseName: "admin" },
    });
    const { MONGODB_PASSWORD: password = "", MONGODB_URI } = credentials;
    const host = found.structured.cluster.connectionStrings.standardSrv.split("//")[1];
    expect(password).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(MONGODB_URI).toBe(`mongodb+srv://app:${password}@${host}/?retryWrites=true&w=majority`);
    expect(JSON.stringify(results)).not.toContain(password);
  });

  it("lets one address in, and shows the project with all that is in it", () => {
    const { entry, details } = journey();
    expect(entry.structured).toMatchObject({
      status: "ok",
      outcome: "created",
      accessListEntry: { cidrBlock: "203.0.113.7/32" },
    });
    expect(details.structured).toMatchObject({
      status: "ok",
      outcome: "found",
      project: { name: "shop" },
      clusters: [{ name: "db", stateName: "IDLE" }],
      databaseUsers: [{ username: "app" }],
      accessListEntries: [{ cidrBlock: "203.0.113.7/32" }],
      totals: { clusters: 1, databaseUsers: 1, accessListEntries: 1 },
    });
  });

  it("keeps to the output schemas that it advertises", () => {
    const problems = journey().results.map(([name, result]) =>
      schemaProblem(tool(name).outputSchema, result),
    );
    expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
  });

  it("advertises every member that a result has", () => {
    const strays = journey().results.flatMap(([name, { structured }]) =>
      Object.keys(structured).filter(
        (member) => !Object.hasOwn(tool(name).outputSchema?.properties ?? {}, member),
      ),
    );
    expect(strays).toEqual([]);
  });
});
