import { syncBuiltinESMExports } from "node:module";
import os from "node:os";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { readConfig } from "../../src/config/config.ts";
import { homeFolder, homePath } from "../../src/config/home.ts";
import { createContainer } from "../../src/container.ts";
import { lineOf, read } from "../support/config.ts";
import { onPlatform } from "../support/platform.ts";

/** The system as it is for a uid that it does not know. */
const withoutHome = () => {
  const fail = () => {
    throw Object.assign(new Error("A system error occurred: uv_os_homedir returned ENOENT"), {
      code: "ERR_SYSTEM_ERROR",
    });
  };
  const spies = [vi.spyOn(os, "homedir"), vi.spyOn(os, "userInfo")];
  for (const spy of spies) spy.mockImplementation(fail);
  syncBuiltinESMExports();
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore();
    syncBuiltinESMExports();
  });
};

describe("the home", () => {
  it("is that of the environment, else the system's", () => {
    expect(homeFolder({ HOME: "/home/a" })).toBe("/home/a");
    expect(homeFolder({})).toBe(os.homedir());
  });

  it.each(["", "relative"])("is the system's where HOME is %j", (HOME) => {
    expect(homeFolder({ HOME })).toBe(os.homedir());
  });

  it("may be unknown", () => {
    withoutHome();
    expect(homeFolder({})).toBeUndefined();
    expect(homeFolder({ HOME: "/home/a" })).toBe("/home/a");
  });
});

describe("a path", () => {
  const env = { HOME: "/home/a" };

  it.each([
    ["~", "/home/a"],
    ["~/", "/home/a/"],
    ["~/x/y", "/home/a/x/y"],
    ["~\\x", "~\\x"],
    ["~b/x", "~b/x"],
    ["/x/~/y", "/x/~/y"],
  ])("%s is %s", (path, means) => {
    expect(homePath(path, "--state", env)).toBe(means);
  });

  it("may have \\ after ~ on Windows", () => {
    onPlatform("win32");
    const own = { USERPROFILE: "/home/a", HOME: "/other" };
    expect(homePath("~\\x", "--state", own)).toMatch(/^\/home\/a.*x$/);
    expect(homePath("~/x", "--state", own)).toBe("/home/a/x");
  });
});

describe("where no home is known", () => {
  it("a setting that needs it ends the start with a line that says so", () => {
    withoutHome();
    expect(lineOf({ ATLAS_MCP_AUDIT: "~/audit.jsonl" })).toMatch(
      /^ATLAS_MCP_AUDIT: the user that runs this program has no home folder[^\n]+$/,
    );
    expect(lineOf({}, { policy: "~" })).toMatch(/^--policy: /);
    expect(read({ ATLAS_MCP_AUDIT: "/a" }).audit?.path).toBe("/a");
  });

  it("the server starts, without the tool that writes passwords", async () => {
    withoutHome();
    const own = process.env;
    process.env = {};
    onTestFinished(() => {
      process.env = own;
    });
    const container = await createContainer(readConfig({}, {}));
    const reason = expect.stringMatching(/no home.*ATLAS_MCP_CREDENTIALS_DIR/);
    expect(container.setup.switchedOff).toEqual([
      { tool: "create_database_user", reason },
      { tool: "create_ephemeral_cluster", reason },
      { tool: "get_ephemeral_cluster", reason },
    ]);
    await container.close();
    const set = await createContainer(readConfig({ ATLAS_MCP_CREDENTIALS_DIR: "/data" }, {}));
    expect(set.setup.switchedOff).toEqual([]);
    await set.close();
  });
});
