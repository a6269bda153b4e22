import { describe, expect, it } from "vitest";
import { toolNames } from "./support/contract.ts";
import { travel } from "./support/journey.ts";

describe("the built program", () => {
  it.concurrent.each(["v2 modern", "v1 over http"] as const)(
    "takes %s from nothing to a working connection and back",
    async (kind) => {
      const journey = await travel(kind, { bundle: true });
      expect(journey.tools.map(({ name }) => name)).toEqual(toolNames);
      expect(journey.cluster.structured).toMatchObject({ outcome: "created", ready: true });
      expect(journey.credentials.MONGODB_URI).toMatch(/^mongodb\+srv:\/\/app:\w{32}@db\./);
      expect(journey.projectGone.structured).toMatchObject({ status: "ok", outcome: "deleted" });
      expect(journey.afterwards.structured).toMatchObject({ projects: [], totalCount: 0 });
    },
  );
});
