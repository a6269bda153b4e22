import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { withStateCopy } from "../../../src/cli/doctor/state.ts";
import { file } from "../../support/config.ts";

describe("the copy of a state file", () => {
  it("has its content, and is gone afterwards", async () => {
    const path = file("state");
    const copy = await withStateCopy({ path, from: "--state" }, async (one) => {
      expect(readFileSync(one?.path ?? "", "utf8")).toBe("state");
      return one?.path ?? "";
    });
    expect([copy === path, existsSync(copy)]).toEqual([false, false]);
  });

  it("is none where none can be made", async () => {
    const path = file("state");
    vi.stubEnv("TMPDIR", `${path}/none`);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await withStateCopy({ path, from: "--state" }, async (one) => one)).toBeUndefined();
  });
});
