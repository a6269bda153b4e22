import { expect, test } from "vitest";
import { start, thrownBy } from "./harness.ts";

test.each([
  ["rate_limits:55", "rate_limit:<seconds>"],
  ["delay", "delay:<ms>"],
  ["stale_read:2+commit_then_reset", "stale_reads:<n>"],
  ["stale_reads:2+comit_then_reset", "commit_then_reset"],
  ["HTML:502", undefined],
  ["reset+hang", undefined],
])("of the fault %s it is told what was probably meant", async (fault, meant) => {
  const { sandbox } = await start();
  const { message } = thrownBy(() =>
    sandbox.addFaults({ operation: "createGroup", fault: fault as never }),
  );
  expect(/did you mean "(.*?)"\?/.exec(message)?.[1]).toBe(meant);
});

test("of a misspelt operation it is told what was probably meant", async () => {
  const { sandbox } = await start();
  const operation = "createGroups" as never;
  const said = /'createGroups'; did you mean "createGroup"\? The operations are .*\.$/;
  expect(thrownBy(() => sandbox.addFaults({ operation, fault: "reset" })).message).toMatch(said);
  const error = thrownBy(() => sandbox.requests(operation));
  expect([error.code, error.message]).toEqual(["invalid_argument", expect.stringMatching(said)]);
});

test.each(["createProject", "", 5, "*", "toString"])("no request is for %j", async (operation) => {
  const { sandbox } = await start();
  const error = thrownBy(() => sandbox.requests(operation as never));
  expect(error.code).toBe("invalid_argument");
  expect(error.message).toContain("; the operations are ");
});
