import { expect, it } from "vitest";
import { createAudit } from "../../src/audit/log.ts";
import { secret } from "../../src/common/secret.ts";
import { auditEntry as entry } from "../support/audit-entry.ts";
import { auditFile } from "../support/consent.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { run } from "../support/program.ts";

const key = "a key that nobody knows";

it("a record of 100,000 lines is checked in a few seconds", async () => {
  const file = auditFile();
  const audit = createAudit(file.path, secret(key), createFakeClock());
  const ids = Array.from({ length: 50_000 }, (_, index) => `${index}`);
  await Promise.all(
    ids.flatMap((id) => [audit.write(entry("intent", id)), audit.write(entry("outcome", id))]),
  );
  await audit.close();
  const startedAt = performance.now();
  const { code, stdout } = await run(["audit", "verify", file.path], { ATLAS_MCP_SECRET: key });
  console.log(`100,000 lines in ${Math.round(performance.now() - startedAt)} ms`);
  expect([code, stdout]).toEqual([0, expect.stringContaining("100000 lines, 50000 changes")]);
}, 60_000);
