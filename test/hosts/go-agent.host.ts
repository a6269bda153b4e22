/** The journey there and back in Go: the official SDK calls the tools, over stdio and over HTTP with a token. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { programEnv, runCommand } from "../support/bundle.ts";
import { connect } from "../support/clients.ts";
import { type HttpServed, serveHttp } from "../support/http.ts";
import { mint, type TokenFile, tokenFile } from "../support/token-file.ts";
import { expectJourney, expectTools, type Heard, quiet } from "./agent-journey.ts";
import { buildGo } from "./go.ts";
import { load, repository } from "./tools.ts";

const agents = join(repository, "examples/agents");
const source = join(agents, "go");

let folder: string;
let home: string;
let program: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "go-agent-"));
  home = join(folder, "home");
  mkdirSync(home);
  program = join(folder, "agent");
  await buildGo(source, program);
});
afterAll(() => {
  const left = readdirSync(home, { recursive: true });
  rmSync(folder, { recursive: true });
  expect(left).toEqual([]);
});

/** Runs it in its folder, as `go run .` does. */
const runAgent = (flags: string[], env: Record<string, string>) => {
  const node = [dirname(process.execPath), process.env.PATH].join(delimiter);
  // The agent chooses where its passwords go: not into the home of whoever runs it.
  const { ATLAS_MCP_CREDENTIALS_DIR: _, ...own } = programEnv({ HOME: home, TMPDIR: folder });
  const all = { ...own, ...quiet, PATH: node, ...env };
  return runCommand("env", ["-C", source, program, ...flags], all, 50_000);
};

describe("the agent in Go", () => {
  it("goes from an empty organization to a connection string, and back to empty", async () => {
    const { code, stdout, stderr } = await runAgent([], {});
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expectJourney(stdout);
  });

  it("gives the tools as they are to the model that OPENAI_MODEL names", async () => {
    const driver = await connect("v2 modern", {});
    const listed = await driver.listTools();
    await driver.close();
    const { startScriptedModel } = await load(join(agents, "scripted-model.mjs"));
    const heard: Heard[] = [];
    const model = await startScriptedModel((body: Heard) => heard.push(body));
    try {
      const env = { OPENAI_MODEL: "another", OPENAI_BASE_URL: model.baseURL };
      expect(await runAgent([], env)).toMatchObject({ code: 0, stderr: "" });
    } finally {
      model.close();
    }
    expect(new Set(heard.map((body) => body.model))).toEqual(new Set(["another"]));
    expectTools(heard, listed);
  });

  it("says what is missing where a model is named and no key is there", async () => {
    const { code, stdout, stderr } = await runAgent([], { OPENAI_MODEL: "another" });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toBe(
      "OPENAI_MODEL needs OPENAI_API_KEY, or OPENAI_BASE_URL for your own endpoint\n",
    );
  });
});

describe("the agent in Go over HTTP", () => {
  let tokens: TokenFile;
  let server: HttpServed;
  let token: string;
  beforeAll(async () => {
    const minted = await mint("agent");
    token = minted.token;
    tokens = tokenFile(minted.entry);
    const args = ["--backend", "sandbox", "--tokens", tokens.path];
    server = await serveHttp([...args, "--credentials-dir", join(folder, "http")]);
  });
  afterAll(async () => {
    await server?.end();
    tokens?.remove();
  });

  it("goes the same way with its token", async () => {
    const env = { ATLAS_MCP_TOKEN: token };
    const { code, stdout, stderr } = await runAgent(["-url", server.url], env);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expectJourney(stdout);
  });

  it("says that another token is not let in", async () => {
    const { code, stdout, stderr } = await runAgent(["-url", server.url], {
      ATLAS_MCP_TOKEN: "another",
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/Unauthorized\n$/);
  });
});
