import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listed } from "../../src/mcp/server.ts";
import { tools } from "../../src/tools/index.ts";
import { bundle } from "../support/bundle.ts";
import { type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";
import { type Era, eras, startRawBundle } from "../support/raw.ts";

/** Text that is in the code of each part, and in no other. */
const markers = {
  undici: "UND_ERR_INVALID_ARG",
  hono: "Context is not finalized",
  pino: "unable to determine transport target",
  "the sandbox": "commit_then_",
  jose: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
  "prom-client": "openmetrics-text",
  "schemas of the SDK that nothing uses": "revocation_endpoint_auth",
} as const;

type Part = keyof typeof markers;

const compiled = "code that is made of text";

/** Loaded before the program: notes the file of every module that is loaded, and code that is made at run time. */
const hook = `
const Module = require("node:module");
const { appendFileSync } = require("node:fs");
const load = Module._load;
Module._load = function (request, parent, ...rest) {
  const file = Module._resolveFilename(request, parent);
  if (file.startsWith("/")) appendFileSync(process.env.LOADED_FILES, file + "\\n");
  return load.call(this, request, parent, ...rest);
};
const note = (make) => (...args) => {
  appendFileSync(process.env.LOADED_FILES, "${compiled}\\n");
  return make(...args);
};
globalThis.Function = new Proxy(Function, {
  apply: note(Reflect.apply),
  construct: note(Reflect.construct),
});
`;

let folder: string;
let sandbox: LiveSandbox;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "atlas-start-"));
  writeFileSync(join(folder, "hook.cjs"), hook);
  sandbox = await startSandbox();
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

type RawProcess = ReturnType<typeof startRawBundle>;

/** The files that a server has loaded after this use of it. */
const loadedBy = async (
  era: Era,
  use: (raw: RawProcess) => Promise<unknown>,
  env: Record<string, string> = {},
): Promise<string[]> => {
  const list = join(folder, `${performance.now()}.txt`);
  const raw = startRawBundle(era, {
    env: { ...env, NODE_OPTIONS: `--require=${join(folder, "hook.cjs")}`, LOADED_FILES: list },
  });
  try {
    await use(raw);
    return [...new Set(readFileSync(list, "utf8").trim().split("\n"))];
  } finally {
    await raw.close();
  }
};

const partsIn = (files: string[]): Part[] => {
  const code = files
    .filter((file) => file !== compiled)
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
  return (Object.keys(markers) as Part[]).filter((part) => code.includes(markers[part]));
};

const list = async (raw: RawProcess) => {
  await raw.hello();
  const { result } = await raw.ask("tools/list");
  expect(result.tools.length).toBeGreaterThan(0);
};

describe.each(eras)("until tools/list is answered, in the era of %s,", (era) => {
  let files: string[];
  beforeAll(async () => {
    files = await loadedBy(era, list);
  });

  it("the program is loaded from several chunks", () => {
    expect(files).toContain(bundle);
    expect(files.length).toBeGreaterThan(3);
  });

  it("nothing that can wait is loaded", () => {
    expect(partsIn(files)).toEqual([]);
  });

  it("nothing is loaded from outside the bundle, and no code is made of text", () => {
    const strays = files.filter((file) => !file.startsWith(dirname(bundle)));
    expect(strays).toEqual([]);
  });

  it("the tools are shown as their sources declare them", async () => {
    const raw = startRawBundle(era);
    await raw.hello();
    const { result } = await raw.ask("tools/list");
    await raw.close();
    expect(result.tools).toEqual(tools.map((tool) => listed(tool, [])));
  });
});

describe("what is loaded only when it is needed", () => {
  const call = (raw: RawProcess) => raw.call("get_account", {});

  it("is undici, hono, the sandbox and the log, which says where to watch it, at the first call without credentials", async () => {
    const parts = partsIn(await loadedBy("2026", call));
    expect(parts).toEqual(["undici", "hono", "pino", "the sandbox"]);
  });

  it("is undici alone at the first call with credentials", async () => {
    expect(partsIn(await loadedBy("2026", call, sandbox.env))).toEqual(["undici"]);
  });

  it("is nothing at a call whose arguments are wrong", async () => {
    const wrong = (raw: RawProcess) => raw.call("create_project", {});
    expect(partsIn(await loadedBy("2026", wrong))).toEqual([]);
  });

  it("is pino at the first line of the log", async () => {
    const parts = partsIn(
      await loadedBy("2026", (raw) => call(raw).then(() => raw.close()), {
        ...sandbox.env,
        ATLAS_MCP_LOG_LEVEL: "debug",
      }),
    );
    expect(parts).toEqual(["undici", "pino"]);
  });
});
