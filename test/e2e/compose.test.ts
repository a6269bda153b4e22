import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import { type Served, serveBundle } from "../support/bundle.ts";
import { liveNames } from "../support/contract.ts";
import { answerOf, callTool, modern, post } from "../support/http.ts";
import { bearer } from "../support/token-file.ts";

const root = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const text = readFileSync(root("compose.yaml"), "utf8");
const { services, secrets } = parseYaml(text, { merge: true });
const [, token = ""] = /Bearer (\w+)/.exec(text) ?? [];
const cmd = /^CMD (\[.*\])$/m.exec(readFileSync(root("Dockerfile"), "utf8"))?.[1] ?? "[]";

/** What the containers run, here: on free ports, and in a folder instead of their volumes. */
describe("the compose file", () => {
  const folder = mkdtempSync(join(tmpdir(), "compose-"));
  let sandbox: Served;
  let server: Served;
  beforeAll(async () => {
    const args: string[] = services.sandbox.command;
    sandbox = await serveBundle(
      args.map((one) => one.replace("--port=8080", "--port=0").replace("/state", folder)),
    );
    const env: Record<string, string> = {
      ...services.mcp.environment,
      MONGODB_ATLAS_BASE_URL: `http://127.0.0.1:${new URL(sandbox.line.url ?? "").port}`,
      ATLAS_MCP_TOKENS: root(secrets.tokens.file),
      ATLAS_MCP_CREDENTIALS_DIR: join(folder, "credentials"),
    };
    server = await serveBundle(
      JSON.parse(cmd).map((one: string) => (one === "3000" ? "0" : one)),
      env,
    );
  });
  afterAll(async () => {
    await server?.end("SIGTERM");
    await sandbox?.end("SIGTERM");
    rmSync(folder, { recursive: true, force: true });
  });

  const url = () => `http://127.0.0.1:${new URL(server.line.url ?? "").port}/mcp`;

  it("lets in who has the token of its first lines, with all tools, and no one else", async () => {
    const list = modern("tools/list");
    expect((await post(url(), list)).status).toBe(401);
    const { result } = await answerOf(await post(url(), list, bearer(token)));
    expect(result.tools).toHaveLength(liveNames.length);
  });

  it("has the credentials of its sandbox", async () => {
    const { result } = await callTool(url(), "2026", "get_account", {}, bearer(token));
    expect(result.structuredContent).toMatchObject({ status: "ok", organizations: [{}] });
  });

  it("gives its containers no more than they need", () => {
    for (const service of Object.values(services))
      expect(service).toMatchObject({
        build: ".",
        read_only: true,
        cap_drop: ["ALL"],
        security_opt: ["no-new-privileges:true"],
      });
  });

  it("publishes on this machine only", () => {
    for (const port of services.sandbox.ports) expect(port).toMatch(/^127\.0\.0\.1:(\d+):\1$/);
  });
});
