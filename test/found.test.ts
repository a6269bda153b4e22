import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { validate } from "dockerfile-utils";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { settings } from "../src/config/settings.ts";
import { connect } from "./support/clients.ts";

const read = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../${name}`, import.meta.url)), "utf8");
const json = (name: string) => JSON.parse(read(name));

const variables = settings.flatMap(({ env }) => env);

describe("the manifest of the .mcpb bundle", () => {
  const manifest = json("mcpb/manifest.json");

  it("runs the bundle", () => {
    expect(manifest.server.mcp_config.args[0]).toContain(manifest.server.entry_point);
  });

  it("fills variables that there are from fields that there are, credentials hidden and nothing required", () => {
    for (const [name, value] of Object.entries<string>(manifest.server.mcp_config.env)) {
      expect(variables).toContain(name);
      const [, field = ""] = /^\$\{user_config\.(\w+)\}$/.exec(value) ?? [];
      expect(manifest.user_config[field].required).toBe(false);
      expect(manifest.user_config[field].sensitive === true).toBe(name.includes("CLIENT"));
    }
  });
});

it("runs the sandbox, with all tools, where the form of the .mcpb bundle is left empty", async () => {
  const { server, user_config } = json("mcpb/manifest.json");
  const filled = Object.entries<string>(server.mcp_config.env).map(([name, value]) => [
    name,
    value.replace(/\$\{user_config\.(\w+)\}/, (_, field) => String(user_config[field].default)),
  ]);
  const driver = await connect("v1", { env: Object.fromEntries(filled) });
  const { structured } = await driver.call("get_account", {});
  expect(structured).toMatchObject({ status: "ok", backend: "sandbox", switchedOff: [] });
  await driver.close();
});

describe("the workflows", () => {
  it.each(["ci", "release"])("%s runs what there is", (name) => {
    const { scripts } = json("package.json");
    const text = read(`.github/workflows/${name}.yml`);
    const steps: { run?: string; uses?: string }[] = Object.values<any>(parse(text).jobs).flatMap(
      ({ steps }) => steps,
    );
    for (const step of steps) expect(Object.keys(step)).toContain("run" in step ? "run" : "uses");
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, script]) => script);
    for (const script of named) expect(Object.keys(scripts)).toContain(script);
    if (name === "ci") expect(steps.at(-1)?.run).toBe("bash .ci/run");
  });
});

it("says of a release what the changelog says of its version, and nothing of others", () => {
  const [line = "none"] =
    /awk .*(?= > release\/notes\.md)/.exec(read(".github/workflows/release.yml")) ?? [];
  const root = fileURLToPath(new URL("..", import.meta.url));
  const notes = execFileSync("sh", ["-c", line], { cwd: root, encoding: "utf8" });
  const [, newest = ""] = read("CHANGELOG.md").split(/^## .*\n/m);
  expect(newest.length).toBeGreaterThan(100);
  expect(notes).toBe(newest);
});

describe("the one-click links, which a page has once there is a release", () => {
  const wanted = { command: "npx", args: ["-y", "atlas-provision-mcp"] };
  const script = fileURLToPath(new URL("../scripts/links.mjs", import.meta.url));
  const printed = execFileSync(process.execPath, [script], { encoding: "utf8" });
  const linkFor = (editor: string) =>
    new URL(new RegExp(`^${editor}: (\\S+)$`, "m").exec(printed)?.[1] ?? "");
  const markdownIn = (folder: string) =>
    readdirSync(fileURLToPath(new URL(`../${folder}`, import.meta.url)))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `${folder}${name}`);

  it("install the published package in Cursor", () => {
    const { origin, pathname, searchParams } = linkFor("cursor");
    expect(origin + pathname).toBe("https://cursor.com/en/install-mcp");
    expect(searchParams.get("name")).toBe("atlas-provision");
    const config = Buffer.from(searchParams.get("config") ?? "", "base64").toString();
    expect(JSON.parse(config)).toEqual(wanted);
  });

  it("install the published package in VS Code", () => {
    const { origin, pathname, searchParams } = linkFor("vscode");
    expect(origin + pathname).toBe("https://insiders.vscode.dev/redirect");
    const inner = searchParams.get("url") ?? "";
    expect(inner).toMatch(/^vscode:mcp\/install\?/);
    const config = JSON.parse(decodeURIComponent(inner.slice(inner.indexOf("?") + 1)));
    expect(config).toEqual({ name: "atlas-provision", ...wanted });
  });

  it.each(["", "docs/", "plugin/"].flatMap(markdownIn))("are not in %s before", (page) => {
    const early =
      /install-mcp\?|vscode\.dev\/redirect|npmjs\.com\/package\/atlas-provision|registry\.modelcontextprotocol\.io|shields\.io/;
    const lines = read(page).split("\n");
    expect(lines.filter((line) => early.test(line))).toEqual([]);
  });
});

describe("the image", () => {
  const dockerfile = read("Dockerfile");

  it("is described without anything that a linter finds", () => {
    expect(validate(dockerfile)).toEqual([]);
  });

  it("runs the bundle as nobody special, and is asked for its health", () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf("\nFROM "));
    expect(last).toMatch(/^USER node$/m);
    expect(last).toMatch(/HEALTHCHECK[\s\S]*\/healthz/);
    expect(last).not.toMatch(/npm|devDependencies/);
    expect(last).toContain('ENTRYPOINT ["node", "dist/cli.cjs"]');
  });

  it("is composed with variables that there are", () => {
    const named = [...read("compose.yaml").matchAll(/^ {6}([A-Z][A-Z_]+):/gm)].map(
      ([, name]) => name,
    );
    expect(named.length).toBeGreaterThan(3);
    for (const name of named) expect(variables).toContain(name);
  });
});

it("shows at the top of the README a picture of a whole run of the demo, without a password", () => {
  expect(read("README.md").split("\n").slice(0, 6).join()).toContain("](docs/demo.svg)");
  const picture = read("docs/demo.svg");
  expect(picture.length).toBeLessThan(60_000);
  expect(picture).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[\s\S]*<\/svg>\n$/);
  expect(picture).toMatch(/1\. Connect[\s\S]*mongodb\+srv:\/\/app:\*{8}@[\s\S]*Done in/);
  expect(picture).not.toMatch(/[A-Za-z0-9]{32}/);
});
