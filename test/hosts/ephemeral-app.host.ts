import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { programEnv } from "../support/bundle.ts";
import { startEphemeralAtlas } from "../support/ephemeral-atlas.ts";
import { openDatabase, password, username } from "./connections/database.ts";

const example = (name: string) =>
  fileURLToPath(new URL(`../../examples/ephemeral/${name}`, import.meta.url));

const node = promisify(execFile).bind(undefined, process.execPath);

it("an application works with a cluster that was made without an account", async () => {
  const database = await openDatabase();
  onTestFinished(database.close);
  const atlas = await startEphemeralAtlas({
    status: "ACTIVE",
    password: () => password,
    uri: (secret) =>
      `mongodb://${username}:${secret}@127.0.0.1:${database.ferret.tcp}/?directConnection=true`,
  });
  onTestFinished(atlas.close);
  const home = mkdtempSync(join(tmpdir(), "ephemeral-app-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const env = programEnv({
    MONGODB_ATLAS_BASE_URL: atlas.url,
    ATLAS_MCP_CREDENTIALS_DIR: join(home, "credentials"),
    ATLAS_MCP_CONFIRM: "never",
  });
  const made = await node([example("make.mjs"), "shop", "--ephemeral"], { env });
  expect(made.stdout).toContain("shop (atlas) is ACTIVE");
  expect(made.stdout + made.stderr).not.toContain(password);
  const [, path = ""] = /^node --env-file="(.+)" examples/m.exec(made.stdout) ?? [];
  const visit = () => node([`--env-file=${path}`, example("app.mjs")], { env: { PATH: "" } });
  expect((await visit()).stdout).toBe("visits so far: 1\n");
  expect((await visit()).stdout).toBe("visits so far: 2\n");
}, 300_000);
