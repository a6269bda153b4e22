import { describe, expect, it } from "vitest";
import * as requests from "../../src/atlas/requests.ts";
import { clientFor, groupId, imitate, orgId } from "../support/atlas.ts";
import { deadlineOf } from "../support/fake-clock.ts";
import { json } from "../support/imitation.ts";

const flex = { backingProviderName: "AWS", regionName: "US_EAST_1" } as const;

const flags = { envelope: true, pretty: true };

describe("the wire flags", () => {
  it.each([
    ["listOrgs", requests.listOrgs(flags)],
    ["getOrg", requests.getOrg(orgId, flags)],
    ["getOrgGroups", requests.getOrgGroups(orgId, flags)],
    ["listGroups", requests.listGroups(flags)],
    ["getGroup", requests.getGroup(groupId, flags)],
    ["createGroup", requests.createGroup({ name: "shop", orgId }, flags)],
    ["listGroupFlexClusters", requests.listGroupFlexClusters(groupId, flags)],
    ["getGroupFlexCluster", requests.getGroupFlexCluster(groupId, "c-0", flags)],
    [
      "createGroupFlexCluster",
      requests.createGroupFlexCluster(groupId, { name: "c-0", providerSettings: flex }, flags),
    ],
  ])("are query parameters of %s", (operation, request) => {
    const query = new URL(request.path, "http://x").searchParams;
    expect(Object.fromEntries(query)).toEqual({ envelope: "true", pretty: "true" });
    expect(request.operation).toBe(operation);
  });

  it("are not in the query where they are false, which is the documented default", () => {
    expect(requests.getGroup(groupId, { envelope: false, pretty: false }).path).not.toContain("?");
  });
});

/** What becomes of an enveloped create that is answered with HTTP 200 and this body. */
const enveloped = async (body: unknown, count = 1) => {
  const imitation = await imitate((seen, response) =>
    seen.path.startsWith("/api/atlas/") ? json(response, 200, body) : undefined,
  );
  const { atlas, clock } = clientFor(imitation.url);
  const request = requests.createGroup({ name: "shop", orgId }, { envelope: true });
  const sent = await atlas.createProject(deadlineOf(clock), request);
  expect(imitation.api()).toHaveLength(count);
  return sent;
};

describe("an envelope", () => {
  it("is unwrapped", async () => {
    const sent = await enveloped({ status: 201, content: { id: groupId, name: "shop" } });
    expect(sent).toMatchObject({ fate: "accepted", status: 201, value: { name: "shop" } });
  });

  it("has the true status: a 200 may wrap a conflict", async () => {
    const content = { error: 409, errorCode: "GROUP_ALREADY_EXISTS", detail: "It exists." };
    const sent = await enveloped({ status: 409, content });
    expect(sent).toMatchObject({
      fate: "refused",
      failure: { code: "name_conflict", atlas: { status: 409 } },
    });
  });

  it("may wrap a failure of Atlas, after which a create is unknown and not repeated", async () => {
    const sent = await enveloped({ status: 500, content: { errorCode: "UNEXPECTED_ERROR" } });
    expect(sent.fate).toBe("unknown");
  });

  it("may wrap a limit, after which a create is repeated", async () => {
    const content = { error: 429, errorCode: "RATE_LIMITED" };
    expect((await enveloped({ status: 429, content }, 3)).fate).toBe("refused");
  });

  it("around a list is the list itself, with a status", async () => {
    const sent = await enveloped({ status: 202, results: [], id: groupId });
    expect(sent).toMatchObject({ fate: "accepted", status: 202, value: { id: groupId } });
  });

  it.each([[{ id: groupId }], [{ id: groupId, status: "201" }]])(
    "that is missing leaves the answer as it is: %j",
    async (body) => {
      const sent = await enveloped(body);
      expect(sent).toMatchObject({ fate: "accepted", status: 200, value: { id: groupId } });
    },
  );

  it.each(["null", "7", "<html></html>"])("that is %s cannot be read", async (body) => {
    expect((await enveloped(body)).fate).toBe("unknown");
  });

  it("that was not asked for is no envelope: a status in a resource is a field", async () => {
    const imitation = await imitate((seen, response) =>
      seen.path.startsWith("/api/atlas/")
        ? json(response, 200, { id: groupId, status: 409 })
        : undefined,
    );
    const { atlas, clock } = clientFor(imitation.url);
    expect(await atlas.getProject(deadlineOf(clock), groupId)).toMatchObject({ status: 409 });
  });
});
