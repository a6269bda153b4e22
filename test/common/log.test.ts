import { expect, it } from "vitest";
import { createLog } from "../../src/common/log.ts";
import { until } from "../support/until.ts";

it("shows no sign that changes the order of a line, and loses none", async () => {
  const lines: string[] = [];
  const log = createLog("info", undefined, { write: (line) => lines.push(line) });
  const path = "/\u202egnp.exe\u2066\u200f";
  log.info?.({ path }, "call");
  const line = await until(() => lines[0], "the line");
  expect(line).not.toMatch(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
  expect(JSON.parse(line)).toMatchObject({ path, msg: "call" });
});
