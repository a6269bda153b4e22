import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, kinds, type Progress } from "../support/clients.ts";
import { userWho } from "../support/consent.ts";
import { aws, type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";

// Longer than the minute that clients wait for an answer, and than the deadline of a call.
const answerMs = 120_000;

let sandbox: LiveSandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ rateLimits: false });
});
afterAll(() => sandbox.close());

describe("a user who agrees after two minutes", () => {
  it.concurrent.each(kinds)("is heard, with %s", async (kind) => {
    const env = { ...sandbox.env, ATLAS_MCP_CONFIRM: "human" };
    const { answers, asked } = userWho("accept", answerMs);
    const driver = await connect(kind, { env, answers });
    try {
      const home = { name: kind.replaceAll(" ", "-"), orgId: sandbox.orgId };
      const groupId = (await driver.call("create_project", home)).structured.project.id;
      const told: Progress[] = [];
      const startedAt = performance.now();
      const { structured } = await driver.call(
        "create_flex_cluster",
        { groupId, name: "db", providerSettings: aws },
        { onprogress: (one) => told.push(one), patient: true },
      );
      expect(performance.now() - startedAt).toBeGreaterThanOrEqual(answerMs - 100);
      expect(structured).toMatchObject({ outcome: "created", receipt: { approver: "user" } });
      expect(asked).toHaveLength(1);
      // In 2026-07-28 no call is open meanwhile.
      if (kind.startsWith("v2 modern")) return;
      expect(told.length).toBeGreaterThan(20);
      expect(told[0]?.message).toMatch(/^Waiting for the user to agree \(5 of \d+ s\)\.$/);
      expect(told.every(({ total }) => total === undefined)).toBe(true);
    } finally {
      await driver.close();
    }
  });
});
