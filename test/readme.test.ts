/** The README: short, and with answers as the server gives them (npm run docs writes them). */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { connect } from "./support/clients.ts";
import { expectWritten } from "./support/written.ts";

const readme = fileURLToPath(new URL("../README.md", import.meta.url));

it("is read in five minutes", () => {
  expect(readFileSync(readme, "utf8").trimEnd().split("\n").length).toBeLessThanOrEqual(150);
});

/** Ids and times of a run become those of the page. Equal ids stay equal. */
const asPrinted = (text: string, ids: Map<string, string>): string => {
  const stable = (id: string): string => {
    const known = ids.get(id) ?? `6b09e4e608fc1e14e16006${String(70 + ids.size)}`;
    ids.set(id, known);
    return known;
  };
  return text
    .replace(/\b[0-9a-f]{24}\b/g, stable)
    .replace(/"auditId": "[0-9a-f]{16}"/g, '"auditId": "758ed3c7323245eb"')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "2026-11-27T09:30:00Z")
    .replace(/\(created \d+ s ago\)/g, "(created 2 s ago)")
    .replace(/\.[0-9a-z]{7}\.mongodb\.invalid/g, ".64ea42y.mongodb.invalid");
};

const onOneLine = (value: unknown): string =>
  JSON.stringify(value, undefined, 1)
    .replace(/\n */g, " ")
    .replace(/\[ /g, "[")
    .replace(/ \]/g, "]");

/** One line for each member; those of an error, and each next action, have lines of their own. */
const print = (value: unknown, indent = ""): string => {
  const inner = `${indent}  `;
  const lines = Object.entries(value as object).map(([name, member]) => {
    if (name === "error") return `${inner}"${name}": ${print(member, inner)}`;
    const actions = name === "nextActions" ? (member as unknown[]) : [];
    if (actions.length === 0) return `${inner}"${name}": ${onOneLine(member)}`;
    const each = actions.map((one) => `${inner}  ${onOneLine(one)}`);
    return `${inner}"${name}": [\n${each.join(",\n")}\n${inner}]`;
  });
  return `{\n${lines.join(",\n")}\n${indent}}`;
};

it("shows a success and an error as they are", async () => {
  const driver = await connect("v2 modern", { env: { ATLAS_MCP_CONFIRM: "auto" } });
  const call = async (tool: string, args: Record<string, unknown>): Promise<any> =>
    (await driver.call(tool, args)).structured;
  const account = await call("get_account", {});
  const [{ id: orgId }] = account.organizations;
  const { project } = await call("create_project", { name: "shop", orgId });
  const groupId = project.id;
  const success = await call("create_flex_cluster", {
    groupId,
    name: "orders",
    providerSettings: { backingProviderName: "AWS", regionName: "US_EAST_1" },
    waitSeconds: 30,
  });
  const error = await call("create_project", {
    name: "shop",
    orgId,
    tags: [{ key: "team", value: "web" }],
  });
  await driver.close();
  const { id, name, stateName, connectionStrings } = success.cluster;
  const { standardSrv } = connectionStrings;
  const shown = { id, name, stateName, connectionStrings: { standardSrv } };
  const shortened = { ...success, cluster: shown };
  const ids = new Map<string, string>();
  const printed = (result: unknown): string =>
    `\`\`\`json\n${asPrinted(print(result), ids)}\n\`\`\``;
  expectWritten(readme, { success: printed(shortened), error: printed(error) });
});
