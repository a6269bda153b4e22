import { execFileSync } from "node:child_process";
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { checkStateFile, createSandbox, StateFileError } from "@atlas-provision-mcp/sandbox";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { until } from "../../support/until.ts";
import { create, type Harness, projectNames, start } from "../harness.ts";

let folder: string;
let statePath: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sandbox-state-"));
  statePath = join(folder, `${basename(folder)}.json`);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

/** Why a sandbox does not start on a file, which a check says in the same words. */
const problemWith = async (path: string): Promise<string> => {
  const started = createSandbox({ statePath: path });
  const problem = await started.then(
    (sandbox) => sandbox.close().then(() => "none"),
    (error: unknown) => error,
  );
  if (!(problem instanceof StateFileError)) throw new Error(`It was ${problem}.`);
  await expect(checkStateFile(path)).rejects.toEqual(problem);
  return problem.message;
};

/** The text of a file with one project in it. */
const savedText = async (): Promise<string> => {
  const harness = await start({ statePath });
  await create(harness);
  await harness.sandbox.close();
  return readFileSync(statePath, "utf8");
};

test.each([
  ["an empty file", () => ""],
  ["half a file", (text: string) => text.slice(0, text.length / 2)],
  ["a file of something else", () => '{"name":"left-pad","version":1}'],
  ["a project without a name", (text: string) => text.replace('"name":"shop",', "")],
  ["a number where a name should be", (text: string) => text.replace('"shop"', "7")],
  ["a member that nobody knows", (text: string) => text.replace('"name":"shop"', '$&,"x":1')],
])("%s is refused as damaged, and left as it is", async (_what, damage) => {
  const text = damage(await savedText());
  writeFileSync(statePath, text);
  expect(await problemWith(statePath)).toMatch(/^The state file \S+\.json is damaged[^\n]*\.$/);
  expect(readFileSync(statePath, "utf8")).toBe(text);
});

test("damage is located, not quoted: the file holds secrets", async () => {
  const text = await savedText();
  const { clientSecret } = JSON.parse(text).credentials;
  writeFileSync(statePath, text.replace(`"${clientSecret}"`, `["${clientSecret}"]`));
  const problem = await problemWith(statePath);
  expect(problem).toContain("(credentials.clientSecret)");
  expect(problem).not.toContain(clientSecret);
});

test("a file of a later version is refused, and left as it is", async () => {
  const text = (await savedText()).replace('"version":1', '"version":2');
  writeFileSync(statePath, text);
  expect(await problemWith(statePath)).toContain("has format version 2");
  expect(readFileSync(statePath, "utf8")).toBe(text);
});

test("a folder that does not exist is refused, and not made", async () => {
  expect(await problemWith(join(folder, "none", "state.json"))).toContain("folder does not exist");
  expect(readdirSync(folder)).toEqual([]);
});

test("a folder, a device and a pipe are no files", async () => {
  expect(await problemWith(folder)).toContain("is a folder, not a file");
  expect(await problemWith("/dev/zero")).toContain("is a device or a pipe, not a file");
  const pipe = join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  expect(await problemWith(pipe)).toContain("is a device or a pipe, not a file");
});

test("a path below a file is refused", async () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  expect(await problemWith(join(file, "state.json"))).toMatch(/cannot be|does not exist|is not a/);
});

test("a check finds nothing wrong with a file that is free or not there, and leaves all as it is", async () => {
  await checkStateFile(statePath);
  expect(readdirSync(folder)).toEqual([]);
  const text = await savedText();
  const { ino, mtimeMs } = statSync(statePath);
  await checkStateFile(statePath);
  expect(readdirSync(folder)).toEqual([basename(statePath)]);
  expect(readFileSync(statePath, "utf8")).toBe(text);
  expect(statSync(statePath)).toMatchObject({ ino, mtimeMs });
});

test("a check keeps no sandbox from starting", async () => {
  await Promise.all([checkStateFile(statePath), start({ statePath })]);
});

test("a file belongs to one sandbox at a time, and is free when that one ends", async () => {
  const { sandbox } = await start({ statePath });
  expect(await problemWith(statePath)).toContain("is in use by another sandbox");
  await sandbox.close();
  await (await start({ statePath })).sandbox.close();
});

test("another name for the same file does not get around that", async () => {
  await start({ statePath });
  const link = join(folder, "link.json");
  symlinkSync(statePath, link);
  expect(await problemWith(link)).toContain("is in use by another sandbox");
  expect(await problemWith(join(folder, ".", basename(statePath)))).toContain("is in use");
});

test("nor does a hard link, whenever it was made", async () => {
  const harness = await start({ statePath });
  const link = (name: string) => {
    const path = join(folder, name);
    linkSync(statePath, path);
    return path;
  };
  const early = link("early.json");
  expect(await problemWith(early)).toContain("is in use by another sandbox");
  await create(harness);
  const late = link("late.json");
  await until(() => problemWith(late).then((problem) => problem.includes("is in use")), "the lock");
  // Saving has parted the two names: this one has another file now.
  const old = await start({ statePath: early });
  expect(await projectNames(old)).toEqual([]);
  await harness.sandbox.close();
  expect(await projectNames(await start({ statePath: late }))).toEqual(["shop"]);
});

test("two files in one folder are two sandboxes", async () => {
  const one = await start({ statePath });
  const two = await start({ statePath: join(folder, "other.json") });
  await create(one);
  expect(await projectNames(two)).toEqual([]);
});

test("a sandbox that cannot start gives its file back", async () => {
  const { sandbox } = await start();
  const port = Number(new URL(sandbox.url).port);
  await expect(createSandbox({ port, statePath })).rejects.toMatchObject({ code: "port_in_use" });
  await start({ statePath });
});

test("what a crash left beside the file does no harm", async () => {
  await savedText();
  writeFileSync(`${statePath}.tmp`, "half a sta");
  const harness = await start({ statePath });
  expect(await projectNames(harness)).toEqual(["shop"]);
  expect((await create(harness, "next")).status).toBe(201);
  expect(readdirSync(folder)).toEqual([basename(statePath)]);
});

/** A sandbox whose file cannot be written from now on, and what it says about it. */
const startFailing = async (): Promise<{ harness: Harness; said: string[]; text: string }> => {
  const said: string[] = [];
  const harness = await start({ statePath, warn: (problem) => said.push(problem) });
  await create(harness);
  mkdirSync(`${statePath}.tmp`);
  return { harness, said, text: readFileSync(statePath, "utf8") };
};

test("what cannot be written is not done: 500, and a word to whoever runs the sandbox", async () => {
  const { harness, said, text } = await startFailing();
  const response = await create(harness, "lost");
  expect([response.status, response.at("errorCode")]).toEqual([500, "UNEXPECTED_ERROR"]);
  expect(await projectNames(harness)).toEqual(["shop"]);
  expect(readFileSync(statePath, "utf8")).toBe(text);
  expect(said).toEqual([expect.stringMatching(/cannot be written \(\w+\); nothing was changed$/)]);
});

test("a change in place that cannot be written is taken back", async () => {
  const { harness } = await startFailing();
  const id = (await harness.api("GET", "/groups")).string("results.0.id");
  expect((await harness.api("PATCH", `/groups/${id}`, { body: { name: "new" } })).status).toBe(500);
  expect(await projectNames(harness)).toEqual(["shop"]);
});

test("a reset that cannot be written does nothing", async () => {
  const { harness } = await startFailing();
  const response = await harness.control("POST", "/reset");
  expect([response.status, response.string("error")]).toEqual([
    500,
    expect.stringContaining("cannot be written"),
  ]);
  expect(await projectNames(harness)).toEqual(["shop"]);
});

test("a refusal is a refusal, whether the file can be written or not", async () => {
  const { harness } = await startFailing();
  expect((await create(harness, "shop")).at("errorCode")).toBe("GROUP_ALREADY_EXISTS");
});

test("a disk that can be written again is used again", async () => {
  const { harness } = await startFailing();
  expect((await create(harness, "lost")).status).toBe(500);
  rmSync(`${statePath}.tmp`, { recursive: true });
  expect((await create(harness, "found")).status).toBe(201);
  await harness.sandbox.close();
  expect(await projectNames(await start({ statePath }))).toEqual(["shop", "found"]);
});

test("a file that somebody else put in its place is left alone", async () => {
  const said: string[] = [];
  const harness = await start({ statePath, warn: (problem) => said.push(problem) });
  const other = join(folder, "other.json");
  writeFileSync(other, "somebody else's");
  renameSync(other, statePath);
  expect((await create(harness)).status).toBe(500);
  expect(readFileSync(statePath, "utf8")).toBe("somebody else's");
  expect(said[0]).toContain("was replaced by another program");
});

test("what is wrong with a file has a code of its own", async () => {
  const codeWith = (path: string) =>
    createSandbox({ statePath: path }).catch(({ code }: StateFileError) => code);
  expect(await codeWith(folder)).toBe("state_file_unusable");
  writeFileSync(statePath, "{");
  expect(await codeWith(statePath)).toBe("state_file_damaged");
  rmSync(statePath);
  await start({ statePath });
  expect(await codeWith(statePath)).toBe("state_file_in_use");
});
