import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { constants } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { bundle, programEnv, runBundle, runCommand, startBundle } from "../support/bundle.ts";
import { type StoredUser, storeUser } from "../support/stored-user.ts";
import { until, within } from "../support/until.ts";
import { childrenOf, isAlive } from "./processes.ts";

const node = process.execPath;

/** The words that start a program of one line. */
const words = (user: StoredUser, code: string, ...args: string[]) => [
  "run",
  ...user.args,
  "--",
  node,
  "-e",
  code,
  ...args,
];

/** A program that says so when it is ready, and what signals it gets. */
const listening = `
  const say = (text) => process.stdout.write(text + "\\n");
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"])
    process.on(signal, () => say(signal));
  process.stdin.on("data", (text) => process.exit(Number(text)));
  say("ready");
`;

const start = async (user: StoredUser, code: string, ready = "ready") => {
  const started = startBundle(words(user, code), user.env);
  await until(() => started.stdout().includes(ready), "the program", 10_000);
  return started;
};

const idle = 'setInterval(() => {}, 1000); console.log("ready");';

describe("the program that run starts", () => {
  it.each(["app", "a b", "o'hara", 'say "hi" $HOME'])(
    "has the variables of the user %s beside all others, and its arguments as they are",
    async (name) => {
      const user = await storeUser(name);
      // A digest, because what tests print is searched for secrets.
      const code = `
        const hash = (text) => require("node:crypto").createHash("sha256").update(text).digest("hex");
        const { MONGODB_URI, MONGODB_USERNAME, MONGODB_PASSWORD, OTHER } = process.env;
        console.log(JSON.stringify({ uri: hash(MONGODB_URI), name: MONGODB_USERNAME,
          password: hash(MONGODB_PASSWORD), OTHER, args: process.argv.slice(1) }));`;
      const args = ["--help", "--user", "x", "--", "a  b", "$HOME", "*", "it's", ""];
      const ran = await runBundle(words(user, code, "--", ...args), {
        ...user.env,
        OTHER: "kept",
        MONGODB_URI: "mongodb://elsewhere",
      });
      expect([ran.code, ran.stderr]).toEqual([0, ""]);
      const hash = (text = "") => createHash("sha256").update(text).digest("hex");
      expect(JSON.parse(ran.stdout)).toEqual({
        uri: hash(parseEnv(readFileSync(user.path, "utf8")).MONGODB_URI),
        name,
        password: hash(user.password),
        OTHER: "kept",
        args,
      });
    },
  );

  it("reads what this program reads", async () => {
    const user = await storeUser();
    const code = "process.stdin.pipe(process.stdout)";
    const started = startBundle(words(user, code), user.env);
    started.child.stdin.end("some\ntext");
    expect(await within(8000, started.exited, "the end")).toEqual({ code: 0, signal: null });
    expect(started.stdout()).toBe("some\ntext");
  });

  it("has the password in no command line, and no file has it but the user's", async () => {
    const user = await storeUser();
    const code = `${listening} console.log(process.cwd());`;
    const before = readdirSync(user.home, { recursive: true }).sort();
    const started = startBundle(words(user, code), { ...user.env, HOME: user.home }, user.app);
    await until(() => started.stdout().includes(user.app), "the program", 10_000);
    const [child = 0] = childrenOf(started.pid);
    for (const pid of [started.pid, child]) {
      const line = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      expect(line).toContain(listening.slice(0, 20));
      expect(line).not.toContain(user.password);
    }
    expect(readFileSync(`/proc/${child}/environ`, "utf8")).toContain(user.password);
    expect(readFileSync(`/proc/${started.pid}/environ`, "utf8")).not.toContain(user.password);
    started.child.stdin.write("0");
    expect((await within(8000, started.exited, "the end")).code).toBe(0);
    expect(readdirSync(user.home, { recursive: true }).sort()).toEqual(before);
  });

  it("gets no word on stdout or stderr from this program", async () => {
    const user = await storeUser();
    const ran = await runBundle(words(user, 'console.log("1"); console.error("2")'), user.env);
    expect(ran).toEqual({ code: 0, stdout: "1\n", stderr: "2\n" });
  });

  it("is started without an address, and what to do is said", async () => {
    const user = await storeUser("app", { address: "" });
    const code = "console.log(process.env.MONGODB_URI, process.env.MONGODB_USERNAME)";
    const ran = await runBundle(words(user, code), user.env);
    expect(ran).toMatchObject({ code: 0, stdout: "undefined app\n" });
    expect(ran.stderr).toMatch(/^[^\n]*No MONGODB_URI is known [^\n]*\n$/);
    const set = await runBundle(words(user, code), { ...user.env, MONGODB_URI: "mongodb://x" });
    expect(set).toMatchObject({ code: 0, stdout: "mongodb://x app\n" });
    expect(set.stderr).toContain("and the MONGODB_URI that is set already");
  });

  it("is started with a password that is in doubt, and that is said", async () => {
    const user = await storeUser("app", { confirmed: false });
    const ran = await runBundle(words(user, ""), user.env);
    expect(ran).toMatchObject({ code: 0, stdout: "" });
    expect(ran.stderr).toMatch(/has not confirmed this user yet/);
  });

  it("is not started for a user without a password", async () => {
    const user = await storeUser();
    const args = ["--project", user.groupId, "--user", "other"];
    const ran = await runBundle(words({ ...user, args }, "console.log(1)"), user.env);
    expect(ran).toMatchObject({ code: 1, stdout: "" });
    expect(ran.stderr).toMatch(/^[^\n]*no password of the user "other"[^\n]*\n$/);
  });
});

it("run takes the credentials from a server, and its token goes to no program", async () => {
  const user = await storeUser();
  const { groupId, username, password } = user;
  const variables = { MONGODB_USERNAME: username, MONGODB_PASSWORD: password };
  const server = createServer((_request, response) =>
    response.end(JSON.stringify({ groupId, username, variables, unclear: true })),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const token = join(user.home, "token");
  writeFileSync(token, "atlas_mcp_of-a-person\n", { mode: 0o600 });
  const args = [...user.args, "--server", `http://127.0.0.1:${port}/mcp`, "--token-file", token];
  const code = `
    const all = JSON.stringify([process.argv, process.env]);
    console.log(process.env.MONGODB_PASSWORD.length, all.includes("of-a-person"));`;
  const ran = await runBundle(words({ ...user, args }, code), user.env);
  expect(ran).toMatchObject({ code: 0, stdout: "32 false\n" });
  expect(ran.stderr).toMatch(/has not confirmed this password.*\n.*No MONGODB_URI is known/);
});

describe("the end of the program is that of run:", () => {
  it.each([0, 1, 7, 255])("exit code %d", async (code) => {
    const user = await storeUser();
    const ran = await runBundle(words(user, `process.exit(${code})`), user.env);
    expect(ran).toEqual({ code, stdout: "", stderr: "" });
  });

  it.each(["SIGTERM", "SIGINT", "SIGHUP", "SIGKILL"] as const)("the signal %s", async (signal) => {
    const user = await storeUser();
    const { exited, stderr } = startBundle(
      words(user, `process.kill(process.pid, "${signal}"); ${idle}`),
      user.env,
    );
    expect(await within(8000, exited, "the end")).toEqual({ code: null, signal });
    expect(stderr()).toBe("");
  });

  it.each(["SIGABRT", "SIGSEGV", "SIGQUIT"] as const)(
    "128 and more for %s, which would leave the memory of this program on disk",
    async (signal) => {
      const user = await storeUser();
      const { exited } = startBundle(
        words(user, `process.kill(process.pid, "${signal}"); ${idle}`),
        user.env,
      );
      const code = 128 + constants.signals[signal];
      expect(await within(8000, exited, "the end")).toEqual({ code, signal: null });
    },
  );

  it.each([
    ["that is not there", () => "no-such-program", 127, /no-such-program was not found/],
    ["that is not there, by its path", () => "/nowhere/x", 127, /\/nowhere\/x was not found/],
    [
      "that is not executable",
      (folder: string) => {
        writeFileSync(join(folder, "plain"), "#!/bin/sh\n", { mode: 0o644 });
        return join(folder, "plain");
      },
      126,
      /plain cannot be run: it is not executable/,
    ],
    ["that is a folder", (folder: string) => folder, 126, /cannot be run: .* or a folder/],
  ])("a program %s", async (_what, make, code, says) => {
    const user = await storeUser();
    const command = make(user.app);
    const ran = await runBundle(["run", ...user.args, "--", command, "a"], user.env);
    expect(ran).toMatchObject({ code, stdout: "" });
    expect(ran.stderr).toMatch(/^atlas-provision-mcp: [^\n]+\n$/);
    expect(ran.stderr).toMatch(says);
  });

  it("a program is found by PATH, and not in a shell", async () => {
    const user = await storeUser();
    const bin = join(user.home, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "mine"), '#!/bin/sh\necho "$1 $MONGODB_USERNAME"\n');
    chmodSync(join(bin, "mine"), 0o755);
    const env = { ...user.env, PATH: `${bin}:${process.env.PATH}` };
    const ran = await runBundle(["run", ...user.args, "--", "mine", "$(id)"], env);
    expect(ran).toEqual({ code: 0, stdout: "$(id) app\n", stderr: "" });
    const shell = await runBundle(["run", ...user.args, "--", "mine; id"], env);
    expect(shell.code).toBe(127);
  });
});

describe("a signal to run", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const)(
    "%s reaches the program, which decides what it means, once",
    async (signal) => {
      const user = await storeUser();
      const started = await start(user, listening);
      started.child.kill(signal);
      await until(() => started.stdout().includes(signal), signal, 5000);
      started.child.stdin.write("5");
      expect(await within(8000, started.exited, "the end")).toEqual({ code: 5, signal: null });
      expect(started.stdout()).toBe(`ready\n${signal}\n`);
    },
  );

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "%s that ends the program ends run as well, and leaves none behind",
    async (signal) => {
      const user = await storeUser();
      const started = await start(user, idle);
      const [child = 0] = childrenOf(started.pid);
      started.child.kill(signal);
      expect(await within(8000, started.exited, "the end")).toEqual({ code: null, signal });
      expect(isAlive(child)).toBe(false);
    },
  );
});

/** Starts a command in a terminal, presses Ctrl-C once it is ready, and prints what it says and how it ends. */
const inTerminal = `
import json, os, pty, select, sys, time
args = json.loads(sys.argv[1])
pid, fd = pty.fork()
if pid == 0:
    os.execv(args[0], args)
said, pressed, end = b"", False, time.time() + 9
while time.time() < end:
    if select.select([fd], [], [], 0.1)[0]:
        try:
            text = os.read(fd, 4096)
        except OSError:
            break
        if not text:
            break
        said += text
    if b"ready" in said and not pressed:
        os.write(fd, b"\\x03")
        pressed = True
print(said.decode())
print("exit", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

describe("in a terminal", () => {
  it("Ctrl-C reaches the program once, and it has the terminal", async () => {
    const user = await storeUser();
    const code = `
      let count = 0;
      process.on("SIGINT", () => { count += 1; });
      console.log("ready", process.stdin.isTTY, process.stdout.isTTY);
      setTimeout(() => { console.log("count", count); process.exit(3); }, 1500);`;
    writeFileSync(join(user.app, "app.cjs"), code);
    const line = [node, bundle, "run", ...user.args, "--", node, join(user.app, "app.cjs")];
    const ran = await runCommand(
      "python3",
      ["-c", inTerminal, JSON.stringify(line)],
      programEnv(user.env),
    );
    expect(ran.stdout).toMatch(/ready true true/);
    expect(ran.stdout).toMatch(/count 1/);
    expect(ran.stdout).toMatch(/exit 3/);
  });
});

describe("env", () => {
  const written = "MONGODB_URI, MONGODB_USERNAME and MONGODB_PASSWORD are in .env";

  it("without --out writes .env where it is started, which node reads", async () => {
    const user = await storeUser();
    const started = startBundle(["env", ...user.args], user.env, user.app);
    expect((await within(8000, started.exited, "the end")).code).toBe(0);
    expect(started.stdout()).toBe(`${written}: node --env-file=.env\n`);
    expect(readdirSync(user.app)).toEqual([".env"]);
    const code = 'console.log(process.env.MONGODB_USERNAME, "MONGODB_URI" in process.env)';
    const args = ["-e", code];
    const file = `--env-file=${join(user.app, ".env")}`;
    expect((await runCommand(node, [file, ...args], {})).stdout).toBe("app true\n");
  });

  it("makes one whole file where several do it at once", async () => {
    const user = await storeUser();
    const all = Array.from({ length: 5 }, () =>
      startBundle(["env", ...user.args], user.env, user.app),
    );
    const ends = await Promise.all(all.map(({ exited }) => within(9000, exited, "the end")));
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
    for (const { stdout, stderr } of all)
      expect([stdout(), stderr()]).toEqual([expect.stringContaining(written), ""]);
    expect(readdirSync(user.app)).toEqual([".env"]);
    expect(readFileSync(join(user.app, ".env"), "utf8").split("\n")).toHaveLength(6);
  });

  /** Runs it where the system lets no file become longer than so many blocks of 512 bytes. */
  const onFullDisk = (user: StoredUser, blocks: number) => {
    const script = `ulimit -f ${blocks}; exec "$@"`;
    const line = [node, bundle, "env", ...user.args, "--out", join(user.app, ".env")];
    const env = { ...programEnv(user.env), NODE_DISABLE_COMPILE_CACHE: "1" };
    return runCommand("sh", ["-c", script, "sh", ...line], env);
  };

  it("leaves nothing of a new file that cannot be written whole", async () => {
    const user = await storeUser();
    const { code, stderr } = await onFullDisk(user, 0);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/cannot be written \(EFBIG\)/)]);
    expect(readdirSync(user.app)).toEqual([]);
  });

  it("leaves a file as it was to which it cannot add", async () => {
    const user = await storeUser("app", { address: "" });
    const out = join(user.app, ".env");
    await runBundle(["env", ...user.args, "--out", out], user.env);
    const text = readFileSync(out, "utf8");
    const long = `${text}#${"x".repeat(510 - text.length)}\n`;
    writeFileSync(out, long);
    await user.files.find(user, "mongodb+srv://later.mongodb.net");
    const { code, stderr } = await onFullDisk(user, 1);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/cannot be written \(EFBIG\)/)]);
    expect(readFileSync(out, "utf8")).toBe(long);
  });
});
