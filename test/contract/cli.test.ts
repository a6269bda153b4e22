import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseArguments } from "../../src/cli/arguments.ts";
import { commands, stdio } from "../../src/cli/commands.ts";
import { connect } from "../support/clients.ts";
import { toolNames } from "../support/contract.ts";
import { run } from "../support/program.ts";

const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

const secretValue = "mdb_sa_sk_never-shown";
const account = {
  MONGODB_ATLAS_CLIENT_ID: "mdb_sa_id_1",
  MONGODB_ATLAS_CLIENT_SECRET: secretValue,
};

const settings = [
  "--base-url",
  "--org",
  "--project",
  "--backend",
  "--read-only",
  "--allow-delete",
  "--tools",
  "--deadline-ms",
  "--request-timeout-ms",
  "--log-level",
  "--tokens",
  "--issuer",
  "--audience",
  "--public-url",
  "--allowed-hosts",
  "--allowed-origins",
  "--rate-limit",
  "--metrics-port",
  "--metrics-host",
  "MONGODB_ATLAS_CLIENT_ID",
  "MONGODB_ATLAS_CLIENT_SECRET",
  "MONGODB_ATLAS_PUBLIC_API_KEY",
  "MONGODB_ATLAS_PRIVATE_API_KEY",
];

const pages: Record<string, { says: RegExp; flags: string[] }> = {
  setup: { says: /file of a host/, flags: ["--dry-run", "--scope", "--file", "--name", "--org"] },
  http: { says: /MCP over Streamable HTTP/, flags: settings.slice(0, 19) },
  sandbox: { says: /imitation of the Atlas Admin API/, flags: ["--tls-key", "--provision-ms"] },
  doctor: { says: /what to fix/, flags: ["--json", "--org"] },
  "doctor http": { says: /what `http` would start with/, flags: ["--json", "--tokens"] },
  tools: { says: /size of their descriptions/, flags: ["--json", "--read-only"] },
  sweep: { says: /whose lease is over/, flags: ["--apply", "--json", "--wait", "--audit"] },
  token: { says: /mints a bearer token/i, flags: ["--add", "--revoke", "--list", "--read-only"] },
  env: { says: /\.env file/, flags: ["--project", "--user", "--out", "--server"] },
  run: { says: /no\s+file\s+and\s+no\s+command\s+line/, flags: ["--user", "--token-file"] },
  audit: { says: /record of changes/, flags: ["--head", "ATLAS_MCP_SECRET"] },
};

const ways = (words: string[]): string[][] => [
  [...words, "--help"],
  [...words, "-h"],
  ["help", ...words],
  ["--help", ...words],
];

const widest = (text: string) => Math.max(...text.split("\n").map(({ length }) => length));

describe("help and version", () => {
  it.each(ways([]))("%s %s prints the usage of all commands", async (...args) => {
    const { code, stdout, stderr } = await run(args.filter((one) => one !== undefined));
    expect([code, stderr]).toEqual([0, ""]);
    for (const name of Object.keys(pages).filter((one) => !one.includes(" ")))
      expect(stdout).toContain(`  atlas-provision-mcp ${name}`);
    expect(widest(stdout)).toBeLessThanOrEqual(80);
  });

  it("tells of every setting in the overview", async () => {
    const { stdout } = await run(["--help"]);
    const missing = settings.filter((setting) => !stdout.includes(setting));
    expect(missing).toEqual([]);
  });

  it("says what kind of value a flag takes", async () => {
    const { stdout } = await run(["http", "--help"]);
    for (const flag of ["policy FILE", "state FILE", "base-url URL", "org ID", "deadline-ms MS"])
      expect(stdout).toContain(`  --${flag} `);
    expect(stdout).toContain("--allowed-hosts HOSTS");
    expect(stdout).toMatch(/--allow-delete .*the\s+sandbox\s+always\s+does/);
  });

  it.each(Object.entries(pages))("has a page about %s", async (name, { says, flags }) => {
    const words = name.split(" ");
    const { code, stdout, stderr } = await run([...words, "--help"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(new RegExp(`^Usage\\n  atlas-provision-mcp ${name}`));
    expect(stdout).toMatch(says);
    expect(flags.filter((one) => !stdout.includes(one))).toEqual([]);
    expect(widest(stdout)).toBeLessThanOrEqual(80);
    const all = await Promise.all(ways(words).map((args) => run(args)));
    expect(new Set(all.map((one) => one.stdout))).toEqual(new Set([stdout]));
  });

  it.each(Object.entries(commands))("%s has examples that can be run", async (name, command) => {
    expect(command.examples.length).toBeGreaterThanOrEqual(2);
    const page = await run(["help", ...name.split(" ")]);
    for (const example of command.examples) {
      expect(page.stdout).toContain(`  atlas-provision-mcp ${example}\n`);
      const parsed = await parseArguments(example.split(" "));
      expect(parsed.name === name || parsed.name.startsWith(`${name} `)).toBe(true);
    }
    expect(page.stdout.replace(/\s+/g, " ")).toMatch(
      / Exit code: \S.+; 2 if the arguments or a setting are wrong\. Examples /,
    );
  });

  it("has examples of the server over stdio in the overview", async () => {
    const { stdout } = await run(["--help"]);
    for (const example of stdio.examples) {
      expect(stdout).toContain(`  atlas-provision-mcp ${example}\n`);
      expect((await parseArguments(example.split(" "))).name).toBe("");
    }
  });

  it.each(["http", "doctor http", "setup", "sweep"])(
    "shows the flags of %s by topic",
    async (name) => {
      const { stdout } = await run(["help", ...name.split(" ")]);
      const parts = stdout.split("\n\n");
      const topic = (title: string) => parts.find((part) => part.startsWith(`${title}\n`));
      expect(topic("Atlas")).toContain("--org ID");
      expect(topic("What is allowed")).toContain("--read-only");
      expect(topic("Help")).toContain("--help");
      expect(topic("Address")?.includes("--port N") ?? false).toBe(name.includes("http"));
    },
  );

  it.each([
    ["tools", "help"],
    ["audit", "help"],
    ["doctor", "help"],
  ])("%s %s is the page of the command", async (...args) => {
    const page = await run([args[0] ?? "", "--help"]);
    expect(await run(args)).toEqual(page);
  });

  it.each(["--version", "-v", "version"])(
    "%s prints the version of the package and nothing else",
    async (flag) => {
      expect(await run([flag])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: "" });
    },
  );

  it("--help needs no configuration that is right", async () => {
    expect((await run(["--help"], { ATLAS_MCP_BACKEND: "nonsense" })).code).toBe(0);
  });
});

describe("a switch with a value", () => {
  const toolsIn = async (args: string[], env: Record<string, string> = {}) =>
    (await run(["tools", ...args], env)).stdout;

  it("is on with true and off with false", async () => {
    expect(await toolsIn(["--read-only=true"])).toBe(await toolsIn(["--read-only"]));
    expect(await toolsIn(["--read-only=false"])).toBe(await toolsIn([]));
  });

  it("is off with false although its variable is set", async () => {
    const on = { ATLAS_MCP_READ_ONLY: "1" };
    expect(await toolsIn(["--read-only=FALSE"], on)).toBe(await toolsIn([]));
  });

  it("may be given twice, if it says the same", async () => {
    expect((await run(["tools", "--read-only", "--read-only=true"])).code).toBe(0);
  });
});

describe("tools", () => {
  it("prints one row a tool, in order, with its access and size", async () => {
    const { code, stdout, stderr } = await run(["tools"]);
    expect([code, stderr]).toEqual([0, ""]);
    const [head, ...rows] = stdout.trimEnd().split("\n");
    expect(head).toContain("tokens");
    expect(rows.map((row) => row.split(" ")[0])).toEqual(toolNames);
    for (const row of rows) expect(row).toMatch(/^\w+ +(read|create|update|delete) +\d+ +\d+ +\w/);
  });

  it.each([
    ["by default", {}],
    ["read-only", { ATLAS_MCP_READ_ONLY: "1" }],
    ["for one organization", { MONGODB_ATLAS_ORG_ID: "a".repeat(24) }],
    ["for one project", { MONGODB_ATLAS_PROJECT_ID: "b".repeat(24) }],
  ])("--json prints what tools/list answers, %s", async (_how, env) => {
    const driver = await connect("v2 modern", { env });
    try {
      const listed = await driver.listTools();
      const { stdout } = await run(["tools", "--json"], env);
      const { tools, tokens } = JSON.parse(stdout);
      expect(tools).toEqual(listed);
      expect(Object.keys(tokens)).toEqual(listed.map(({ name }) => name));
      for (const { input, output } of Object.values<any>(tokens)) {
        expect(input).toBeGreaterThan(50);
        expect(output).toBeGreaterThan(30);
      }
    } finally {
      await driver.close();
    }
  });

  it("reaches nothing, so that wrong credentials do not matter", async () => {
    const env = { ...account, MONGODB_ATLAS_BASE_URL: "http://127.0.0.1:1" };
    expect((await run(["tools"], env)).code).toBe(0);
  });
});

type Mistake = [what: string, args: string[], env: Record<string, string>, says: RegExp];

const mistakes: Mistake[] = [
  ["an unknown command", ["serve"], {}, /serve/],
  ["a command of every object", ["constructor"], {}, /constructor/],
  ["an unknown flag", ["--colour"], {}, /--colour/],
  ["a flag of every object", ["tools", "--constructor=x"], {}, /'--constructor'; see tools --help/],
  ["a switch of every object", ["tools", "--to-string"], {}, /'--to-string'; see tools --help/],
  ["the prototype as a flag", ["tools", "--__proto__=x"], {}, /'--__proto__'; see tools --help/],
  ["a stray word", ["tools", "extra"], {}, /extra/],
  ["a flag without its value", ["--base-url"], {}, /--base-url/],
  ["a value for a flag that takes none", ["--read-only=yes"], {}, /read-only/],
  ["an unknown backend", ["--backend", "cloud"], {}, /--backend.*atlas.*sandbox/],
  ["an unknown backend in a variable", [], { ATLAS_MCP_BACKEND: "cloud" }, /ATLAS_MCP_BACKEND/],
  ["an unknown log level", ["--log-level", "loud"], {}, /--log-level/],
  [
    "a switch that is neither on nor off",
    [],
    { ATLAS_MCP_READ_ONLY: "maybe" },
    /ATLAS_MCP_READ_ONLY/,
  ],
  ["a deadline that is no number", ["--deadline-ms", "soon"], {}, /--deadline-ms/],
  [
    "a time-out of nothing",
    [],
    { ATLAS_MCP_REQUEST_TIMEOUT_MS: "0" },
    /ATLAS_MCP_REQUEST_TIMEOUT_MS/,
  ],
  ["a tool that is not known", ["--tools", "read,conect"], {}, /--tools: .*did you mean connect\?/],
  [
    "a tool that http does not know",
    ["http", "--port", "0"],
    { ATLAS_MCP_TOOLS: "everything" },
    /ATLAS_MCP_TOOLS: "everything" is neither a tool nor one of the groups/,
  ],
  ["a tool that doctor does not know", ["doctor", "--tools", "x"], {}, /--tools: "x" is neither/],
  ["commas alone as tools", ["--tools", ", ,"], {}, /--tools must be names/],
  [
    "tools of which nothing is left",
    ["--tools", "create", "--read-only"],
    {},
    /--tools leaves no tool: the server is read-only \(ATLAS_MCP_READ_ONLY\)/,
  ],
  [
    "tools that live Atlas does not have",
    ["--tools", "delete_project"],
    account,
    /--tools leaves no tool: deletes are off on live Atlas/,
  ],
  ["an organization that is no id", ["--org", "shop"], {}, /--org/],
  ["a project that is no id", [], { MONGODB_ATLAS_PROJECT_ID: "shop" }, /MONGODB_ATLAS_PROJECT_ID/],
  [
    "a client id without its secret",
    [],
    { MONGODB_ATLAS_CLIENT_ID: "mdb_sa_id_1" },
    /MONGODB_ATLAS_CLIENT_SECRET/,
  ],
  [
    "a client secret without its id",
    [],
    { MONGODB_ATLAS_CLIENT_SECRET: secretValue },
    /MONGODB_ATLAS_CLIENT_ID/,
  ],
  [
    "a public key without its private key",
    [],
    { MONGODB_ATLAS_PUBLIC_API_KEY: "abcdefgh" },
    /MONGODB_ATLAS_PRIVATE_API_KEY/,
  ],
  [
    "a private key without its public key",
    [],
    { MONGODB_ATLAS_PRIVATE_API_KEY: secretValue },
    /MONGODB_ATLAS_PUBLIC_API_KEY/,
  ],
  [
    "a secret of two lines",
    [],
    { ...account, MONGODB_ATLAS_CLIENT_SECRET: `${secretValue}\nmore` },
    /MONGODB_ATLAS_CLIENT_SECRET/,
  ],
  [
    "a secret file that is not there",
    [],
    { MONGODB_ATLAS_CLIENT_SECRET_FILE: "/nowhere/secret" },
    /MONGODB_ATLAS_CLIENT_SECRET_FILE/,
  ],
  [
    "plain http to another host",
    ["--base-url", "http://atlas.example.com"],
    account,
    /--base-url.*https/,
  ],
  [
    "plain http to a host that begins like loopback",
    ["--base-url", "http://127.0.0.1.example.com"],
    account,
    /--base-url/,
  ],
  [
    "a base URL with a path",
    ["--base-url", "https://cloud.mongodb.com/api/atlas/v2"],
    account,
    /--base-url.*path/,
  ],
  [
    "a base URL with credentials",
    [],
    { ...account, MONGODB_ATLAS_BASE_URL: `https://me:${secretValue}@cloud.mongodb.com` },
    /MONGODB_ATLAS_BASE_URL/,
  ],
  ["a base URL that is none", ["--base-url", "cloud.mongodb.com"], account, /--base-url/],
  [
    "an issuer that is none",
    ["http", "--issuer", "x"],
    {},
    /a URL like https:\/\/login\.example\.com/,
  ],
  [
    "a public URL that is none",
    ["http", "--public-url", "x"],
    {},
    /a URL like https:\/\/mcp\.example\.com/,
  ],
  ["live Atlas without credentials", ["--backend", "atlas"], {}, /credentials/],
  ["a port that is no number", ["sandbox", "--port", "http"], {}, /--port/],
  ["a port beyond the last", ["sandbox", "--port", "65536"], {}, /--port/],
  ["a provisioning time below nothing", ["sandbox", "--provision-ms=-1"], {}, /--provision-ms/],
  ["an organization of the sandbox that is no id", ["sandbox", "--org-id", "x"], {}, /--org-id/],
  ["a TLS key without its certificate", ["sandbox", "--tls-key", "package.json"], {}, /--tls-cert/],
  ["a flag of another command", ["tools", "--port", "1"], {}, /'--port'; it belongs to http/],
  ["a command with a letter wrong", ["doctr"], {}, /'doctr'; did you mean 'doctor'\?/],
  ["a command in capitals", ["HTTP"], {}, /did you mean 'http'\?/],
  ["help with a letter wrong", ["hlep"], {}, /did you mean 'help'\?/],
  ["help about nothing", ["help", "serve"], {}, /Unknown command 'serve'/],
  ...["stdio", "serve", "server", "start"].map(
    (name): Mistake => [
      `the name of the default elsewhere, ${name}`,
      [name],
      {},
      /without a command .* over stdio, and 'http' .* over HTTP/,
    ],
  ),
  ["a command in one argument", ["http --port 1"], {}, /write it as several arguments/],
  ["the second word of a command", ["verify", "x"], {}, /did you mean 'audit verify'\?/],
  ["two words in the other order", ["http", "doctor"], {}, /did you mean 'doctor http'\?/],
  ["an audit without its verb", ["audit", "x.jsonl"], {}, /'x.jsonl'; use: audit verify FILE/],
  ["a command as a flag", ["--docter"], {}, /did you mean the command 'doctor'\?/],
  [
    "a flag and its value in one argument",
    [`--state ${secretValue}`],
    {},
    /'--state'; write the flag and its value as two arguments/,
  ],
  ["a word after the help", ["help", "http", "x"], {}, /Unexpected argument 'x'/],
  ["a word after the help of a command", ["http", "--help", "x"], {}, /Unexpected argument 'x'/],
  ["a word after the version", ["--version", "x"], {}, /Unexpected argument 'x'/],
  ["a part of the command with a letter wrong", ["audit", "verfy", "x"], {}, /'audit verify'\?/],
  ["a command of the doctor with a letter wrong", ["doctor", "htp"], {}, /'doctor http'\?/],
  ["a command of two lines", ["a\nb"], {}, /'a\\u\{a\}b'/],
  ["a flag with a letter more", ["--orgg", "x"], {}, /'--orgg'; did you mean '--org'\?/],
  ["a flag without its hyphen", ["--readonly"], {}, /did you mean '--read-only'\?/],
  ["a flag in capitals", ["--READ_ONLY"], {}, /did you mean '--read-only'\?/],
  ["a flag with one dash", ["-read-only"], {}, /did you mean '--read-only'\?/],
  ["the beginning of a flag", ["--deadline", "1"], {}, /did you mean '--deadline-ms'\?/],
  ["the name of a variable", ["--atlas-mcp-policy", "x"], {}, /did you mean '--policy'\?/],
  ["a flag turned off with no-", ["--no-read-only"], {}, /did you mean '--read-only=false'\?/],
  ["the version in a capital", ["-V"], {}, /did you mean '--version'\?/],
  ["a flag of http", ["--tokens", "x"], {}, /'--tokens'; it belongs to http/],
  ["a flag of http at the doctor", ["doctor", "--tokens", "x"], {}, /it belongs to doctor http/],
  ["a flag of others", ["--json"], {}, /it belongs to doctor, tools and sweep/],
  [
    "a flag like one of http",
    ["--isuer", "x"],
    {},
    /did you mean '--issuer', which belongs to http/,
  ],
  [
    "a secret as a flag",
    [`--client-secret=${secretValue}`],
    {},
    /'--client-secret'; set the variable MONGODB_ATLAS_CLIENT_SECRET/,
  ],
  ["a command after its flags", ["--read-only", "doctor"], {}, /the command comes first/],
  ["a word after a switch", ["--read-only", "true"], {}, /write --read-only=true/],
  ["a word that is a flag", ["tools", "json"], {}, /did you mean '--json'\?/],
  ["a second name", ["token", "alice", "bob"], {}, /Unexpected argument 'bob'/],
  ["no name", ["token"], {}, /use: token NAME/],
  ["no name for a file", ["token", "--add", "x"], {}, /use: token NAME/],
  ["a name for a list", ["token", "alice", "--list", "x"], {}, /--list takes no name/],
  ["two things at once", ["token", "a", "--add", "x", "--revoke", "x"], {}, /one at a time/],
  [
    "rights of a list",
    ["token", "--list", "x", "--read-only"],
    {},
    /rights are given to a new token/,
  ],
  ["a name with a blank", ["token", "a b"], {}, /must be 1 to 64 letters/],
  ["a number below nothing", ["http", "--port", "-1"], {}, /--port must be a whole number/],
  ["a flag in place of a value", ["--org", "--read-only"], {}, /--org needs a value/],
  ["a value with a dash", ["--policy", "-x"], {}, /--policy needs a value; .* --policy=VALUE/],
  ["a switch with a third value", ["--read-only=maybe"], {}, /--read-only must be true or false/],
  ["a flag twice", ["--org", "a", "--org", "b"], {}, /--org is given twice/],
  ["a switch on and off", ["--read-only", "--read-only=false"], {}, /--read-only is given twice/],
  ["a wrong head", ["audit", "verify", "x", "--head", "abc"], {}, /--head must be a head/],
  ["an audit file that is a folder", ["audit", "verify", "/"], {}, /\/ is a folder/],
  ["an audit file that is a device", ["audit", "verify", "/dev/zero"], {}, /is a device/],
  ["a host that nobody knows", ["sandbox", "--host", "no.invalid"], {}, /no\.invalid cannot be/],
  ["an address of others", ["sandbox", "--host", "192.0.2.1"], {}, /not an address of this/],
  ["a log level of the sandbox", ["sandbox", "--log-level", "loud"], {}, /--log-level must be/],
  [
    "a log level of the sandbox in its variable",
    ["sandbox"],
    { ATLAS_MCP_LOG_LEVEL: "loud" },
    /ATLAS_MCP_LOG_LEVEL must be/,
  ],
  [
    "a log level of the doctor's sandbox",
    ["doctor", "sandbox", "--log-level", "loud"],
    {},
    /--log-level must be/,
  ],
  ...[["sandbox"], ["doctor", "sandbox"]].flatMap((command): Mistake[] => [
    [
      `a misspelt log level of the ${command.join("'s ")}`,
      [...command, "--host", "no.invalid"],
      { ATLAS_MCP_LOGLEVEL: "debug" },
      /ATLAS_MCP_LOGLEVEL is not a setting; did you mean ATLAS_MCP_LOG_LEVEL\?/,
    ],
    [
      `a placeholder as the log level of the ${command.join("'s ")}`,
      [...command, "--host", "no.invalid"],
      { ATLAS_MCP_LOG_LEVEL: "{{level}}" },
      /ATLAS_MCP_LOG_LEVEL has the placeholder {{level}}/,
    ],
  ]),
  ["a wait of words", ["sweep", "--wait", "long"], {}, /--wait must be a whole number/],
  ["a wait of more than an hour", ["sweep", "--wait", "3601"], {}, /from 0 to 3600/],
  ["a flag of sweep", ["--apply"], {}, /'--apply'; it belongs to sweep/],
  [
    "a sweep that may only read",
    ["sweep", "--apply"],
    { ATLAS_MCP_READ_ONLY: "1" },
    /--apply deletes, and the settings allow only reads/,
  ],
  ["a project that env needs", ["env", "--user", "app"], {}, /--project ID is needed/],
  [
    "a project of env that is no id",
    ["env", "--project", "x", "--user", "a"],
    {},
    /--project must/,
  ],
  ["a user that env needs", ["env", "--project", "a".repeat(24)], {}, /--user NAME is needed/],
  ["an empty user", ["env", "--project", "a".repeat(24), "--user="], {}, /--user NAME is needed/],
  [
    "a user with a line break",
    ["env", "--project", "a".repeat(24), "--user", "a\nb"],
    {},
    /--user is not a name/,
  ],
  ["a word of env", ["env", ".env"], {}, /Unexpected argument '\.env'/],
  ["the word after -- of env", ["env", "--", "x"], {}, /Unexpected argument 'x'/],
  ["a flag of env with a letter more", ["env", "--usser", "a"], {}, /did you mean '--user'\?/],
  ["a flag of env and run", ["--user", "a"], {}, /'--user'; it belongs to env and run/],
  ["a flag of env at run", ["run", "--out", "x"], {}, /'--out'; it belongs to env/],
  ["run with a letter more", ["runn"], {}, /did you mean 'run'\?/],
  ["run for the server", ["run"], {}, /run --project ID .* over stdio, .* without a command/],
  [
    "a program without --",
    ["run", "--user", "a", "node", "x.js", "--help"],
    {},
    /'node'; what run starts comes after --: run -- COMMAND/,
  ],
  ["run without a program", ["run", "--user", "a"], {}, /-- and the command to start are missing/],
  ["run with -- alone", ["run", "--user", "a", "--"], {}, /missing after --/],
  ["run with an empty program", ["run", "--user", "a", "--", ""], {}, /missing after --/],
  [
    "a server without a token",
    ["env", "--project", "a".repeat(24), "--user", "a", "--server", "https://x.example"],
    {},
    /--server and --token-file are needed together/,
  ],
  ["a state in a file", ["sandbox", "--state", "package.json/x"], {}, /--state: .*ENOTDIR/],
];

describe.each(mistakes)("%s", (_what, args, env, says) => {
  it("ends the program with 2, one line on stderr that names it, and nothing on stdout", async () => {
    const { code, stdout, stderr } = await run(args, env);
    expect(stderr).toMatch(/^atlas-provision-mcp: [^\n]+\n$/);
    expect(stderr).toMatch(says);
    expect(stderr).not.toContain(secretValue);
    expect([code, stdout]).toEqual([2, ""]);
  });
});
