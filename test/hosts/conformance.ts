/** The conformance suite of the protocol, which needs Node 22, run against a server that is there. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../support/bundle.ts";
import { installed, node22, readJson } from "./tools.ts";

/** One check of one scenario: how it went, and why. */
export type Check = { scenario: string; id: string; status: string; why: string };

export type Verdict = { code: number | null; checks: Check[]; text: string };

const suite = () => installed("@modelcontextprotocol/conformance/dist/index.js");

const checksIn = (folder: string): Check[] =>
  readdirSync(folder).flatMap((name) => {
    const scenario = name.replace(/^server-/, "").replace(/-\d{4}-\d\d-\d\dT.*$/, "");
    return readJson(join(folder, name, "checks.json")).map((check: any) => ({
      scenario,
      id: check.id,
      status: check.status,
      why: check.errorMessage ?? check.description ?? "",
    }));
  });

/** `what` says which scenarios: `--scenario NAME`, or `--requirements REVISION`. */
export const judge = async (url: string, ...what: string[]): Promise<Verdict> => {
  const folder = mkdtempSync(join(tmpdir(), "conformance-"));
  try {
    const args = [suite(), "server", "--url", url, ...what, "-o", folder];
    const { PATH = "", HOME = "" } = process.env;
    const { code, stdout, stderr } = await runCommand(node22(), args, { PATH, HOME }, 240_000);
    return { code, checks: checksIn(folder), text: stdout + stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

export const failures = ({ checks }: Verdict) => checks.filter((one) => one.status === "FAILURE");
