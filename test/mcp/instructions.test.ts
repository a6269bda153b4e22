import { describe, expect, it } from "vitest";
import { instructionsFor } from "../../src/mcp/instructions.ts";
import { tools } from "../../src/tools/index.ts";

const having = (...names: string[]) =>
  instructionsFor(tools.filter(({ name }) => names.includes(name)));

describe("the instructions", () => {
  it("of all tools are what no host cuts off", () => {
    expect(Buffer.byteLength(instructionsFor(tools))).toBeLessThan(2048);
  });

  it("have the order in which tools are called", () => {
    expect(instructionsFor(tools)).toContain(
      'Order: get_account (organization ids, projects, prices) -> create_project -> create_flex_cluster with waitSeconds -> get_flex_cluster until "ready" is true -> check_connection.',
    );
    expect(having("get_account", "create_project")).toContain("prices) -> create_project.\n");
    expect(having("get_account")).not.toContain("Order");
  });

  it("of tools that read speak of no change", () => {
    const text = having("get_account", "get_project");
    expect(text).toContain("has an outcome (found)");
    expect(text).not.toMatch(/needs_confirmation|dryRun|ifExists|create /);
    expect(text).toMatch(/^Works with MongoDB Atlas and tells the truth/);
  });

  it("of tools that delete speak of no create", () => {
    const text = having("delete_project");
    expect(text).toContain("(deleted, absent, would_delete)");
    expect(text).toContain("needs_confirmation");
    expect(text).not.toMatch(/ifExists|created|connectionStrings/);
  });

  it("warn of costs where something costs money", () => {
    expect(having("create_flex_cluster")).toContain("flex clusters cost money");
    expect(having("create_project")).not.toContain("flex clusters cost money");
    expect(having("create_project")).toMatch(/^Creates MongoDB Atlas projects and tells/);
  });

  it("have no paragraph that is empty", () => {
    for (const tool of tools) expect(having(tool.name)).not.toMatch(/\n{3}|^\n|\n$/);
  });
});
