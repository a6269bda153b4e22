import { describe, expect, it } from "vitest";
import type { Sent } from "../../src/atlas/client.ts";
import { AtlasToolError, failure } from "../../src/common/failure.ts";
import { createSingleFlight } from "../../src/operations/single-flight.ts";
import { updateResource } from "../../src/operations/update.ts";
import type { UpdateResult, UpdateSpec } from "../../src/operations/update-spec.ts";
import { failureOf, startSandboxBench } from "../support/atlas.ts";

type Thing = { id: string; value: string; stateName?: string; isRisky?: true };

const fresh: Thing = { id: "1", value: "old" };
const asked: Thing = { id: "1", value: "new" };
const unreadable = new AtlasToolError(failure("unavailable", "No answer."));

/** Updates a thing to "new": these are what each read shows and what each request meets; the last ones stay. */
const start = async (reads: (Thing | Error)[], answers: Sent<Thing>[], more = {}) => {
  const { work } = await startSandboxBench();
  const { clock } = work();
  let sent = 0;
  let read = 0;
  const spec: UpdateSpec<Thing> = {
    noun: "thing",
    key: "thing",
    fingerprint: "",
    id: "1",
    idOf: ({ id }) => id,
    stateOf: ({ stateName }) => stateName,
    read: async () => {
      const seen = reads[Math.min(read, reads.length - 1)];
      read += 1;
      if (seen === undefined || seen instanceof Error) throw seen;
      return seen;
    },
    differences: ({ value }) =>
      value === "new" ? [] : [{ field: "value", yours: "new", existing: value }],
    request: () => ({ method: "PATCH", path: "/", version: "2023-01-01", read: () => undefined }),
    send: async () => {
      const answer = answers[Math.min(sent, answers.length - 1)];
      sent += 1;
      if (answer === undefined) throw new Error("Nothing may be sent.");
      return answer;
    },
    refusal: ({ isRisky }) => (isRisky ? failure("conflict", "It is risky now.") : undefined),
    lookUp: { suggest: "repeat" },
    ...more,
  };
  const run = () => updateResource(spec, work(), createSingleFlight<UpdateResult<Thing>>(clock));
  return { run, sent: () => sent };
};

const accepted: Sent<Thing> = { fate: "accepted", value: asked };
const lost: Sent<Thing> = { fate: "unknown", failure: failure("unavailable", "Lost.") };
const refused = (errorCode: string): Sent<Thing> => ({
  fate: "refused",
  failure: failure("invalid_input", "No.", { atlas: { status: 400, errorCode } }),
});

describe("an update", () => {
  it("is written once more where another server has replaced it", async () => {
    const { run, sent } = await start([fresh, fresh, asked], [accepted]);
    expect(await run()).toMatchObject({ outcome: "updated", resource: asked });
    expect(sent()).toBe(2);
  });

  it("claims nothing where it is replaced again", async () => {
    const { run, sent } = await start([fresh], [accepted]);
    expect(await failureOf(run())).toMatchObject({
      code: "conflict",
      outcome: "unknown",
      differences: [{ field: "value" }],
    });
    expect(sent()).toBe(2);
  });

  it.each<[what: string, now: Thing]>([
    ["has a risk since that nobody has agreed to", { ...fresh, isRisky: true }],
    ["is being deleted since", { ...fresh, stateName: "DELETING" }],
  ])("is not written once more into what %s", async (_what, now) => {
    const replaced = await start([fresh, now], [accepted]);
    expect(await failureOf(replaced.run())).toMatchObject({ code: "conflict" });
    expect(replaced.sent()).toBe(1);
    const unanswered = await start([fresh, now], [lost]);
    expect(await failureOf(unanswered.run())).toMatchObject({ code: "outcome_unknown" });
    expect(unanswered.sent()).toBe(1);
  });

  it.each<[what: string, now: Thing]>([
    ["has another id", { ...fresh, id: "2" }],
    ["is being deleted", { ...fresh, stateName: "DELETING" }],
    ["has a risk that nobody has agreed to", { ...fresh, isRisky: true }],
  ])("of what %s is refused, and nothing is sent", async (_what, now) => {
    const { run, sent } = await start([now], []);
    expect(await failureOf(run())).toMatchObject({ code: "conflict" });
    expect(sent()).toBe(0);
  });

  it("that Atlas refuses with a 400 that may have acted is unknown where no look is answered", async () => {
    const blind = await start([fresh, unreadable], [refused("VALIDATION_ERROR")]);
    expect(await failureOf(blind.run())).toMatchObject({
      code: "invalid_input",
      outcome: "unknown",
    });
    const seen = await start([fresh], [refused("VALIDATION_ERROR")]);
    expect(await failureOf(seen.run())).toMatchObject({ outcome: "not_updated" });
    const late = await start([fresh, fresh, asked], [refused("VALIDATION_ERROR")]);
    expect(await late.run()).toMatchObject({ outcome: "updated", reconciled: true });
  });
});
