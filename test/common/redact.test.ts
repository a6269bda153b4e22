import { describe, expect, it } from "vitest";
import { createLog } from "../../src/common/log.ts";
import { createRedactor } from "../../src/common/redact.ts";
import { until } from "../support/until.ts";

const secret = "mdb_sa_sk_canary";

const nested = (levels: number): unknown =>
  JSON.parse(`${'{"a":['.repeat(levels)}"${secret}"${"]}".repeat(levels)}`);

const redactor = createRedactor();
redactor.add(secret);

describe("what is redacted", () => {
  it("keeps its form, in names and values", () => {
    expect(redactor.clean({ [secret]: [{ a: `x ${secret} y`, b: 1, c: null }] })).toEqual({
      "[redacted]": [{ a: "x [redacted] y", b: 1, c: null }],
    });
  });

  it("keeps what is nested as deep as people nest things", () => {
    expect(JSON.stringify(redactor.clean(nested(10)))).toBe(
      `${'{"a":['.repeat(10)}"[redacted]"${"]}".repeat(10)}`,
    );
  });

  it("may be nested deeper than the stack: then its depth is left out, unread", () => {
    const clean = JSON.stringify(redactor.clean(nested(50_000)));
    expect(clean).toContain("[redacted]");
    expect(clean).not.toContain(secret);
  });
});

describe("a line of the log", () => {
  it("may have a field that is nested deeper than the stack", async () => {
    const lines: string[] = [];
    const log = createLog("info", redactor.clean, { write: (line) => lines.push(line) });
    log.info?.({ deep: nested(50_000) }, "first");
    log.info?.({}, "second");
    await until(() => (lines.length === 2 ? true : undefined), "two lines");
    expect(lines.join()).not.toContain(secret);
  });
});
