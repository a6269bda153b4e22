/** `update_database_user` with an Atlas of the test that knows which password is right, and any credential files. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createPasswordFiles, type PasswordFiles } from "../../src/credential-files/files.ts";
import type { ToolContext } from "../../src/tools/define.ts";
import type { Body } from "../../src/tools/result.ts";
import { benchFor, groupId, openFakeAtlas } from "../support/atlas.ts";
import { json } from "../support/fake-atlas.ts";
import { toolNamed } from "./arguments.ts";

/** How Atlas answers a PATCH: it acts or not, and its answer may be lost. */
export type Answer = { status: number; errorCode: string } | "lost" | "done and lost";

export const openUpdating = async () => {
  const folder = await mkdtemp(join(tmpdir(), "credentials-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const atlas = {
    user: {
      groupId,
      username: "app",
      databaseName: "admin",
      roles: [{ roleName: "read", databaseName: "app" }],
    } as Record<string, unknown>,
    /** What another program makes of it at once. */
    madeOfIt: {} as Record<string, unknown>,
    /** The password with which the user can log in. */
    right: "made-elsewhere",
    answers: [] as Answer[],
    /** Called when a PATCH has arrived, before it has any effect. */
    onPatch: async () => {},
    bodies: [] as Record<string, unknown>[],
  };
  const patch = async (body: string): Promise<Answer | undefined> => {
    const { password, ...members } = JSON.parse(body);
    atlas.bodies.push(JSON.parse(body));
    await atlas.onPatch();
    const answer = atlas.answers.shift();
    if (answer !== undefined && answer !== "done and lost") return answer;
    if (password !== undefined) atlas.right = password;
    Object.assign(atlas.user, members);
    return answer;
  };
  const fake = await openFakeAtlas(({ method, path, body }, response) => {
    if (path.includes("/flexClusters")) return json(response, 200, { results: [] });
    if (!path.endsWith("/databaseUsers/admin/app")) return undefined;
    if (method === "GET") return json(response, 200, { ...atlas.user, ...atlas.madeOfIt });
    void patch(body).then((answer) => {
      if (answer === undefined) json(response, 200, atlas.user);
      else if (typeof answer === "string") response.destroy();
      else json(response, answer.status, { error: answer.status, ...answer });
    });
    return true;
  });
  const tool = toolNamed("update_database_user");
  if (tool.access === "read") throw new Error("The tool reads only.");

  /** A server of its own: with its turns, and with its files in the folder that all share. */
  const openServer = (passwordFiles: PasswordFiles = createPasswordFiles(folder)) => {
    const bench = benchFor(fake.url);
    return async (more: object = {}): Promise<Body> => {
      const input = tool.input.parse({ groupId, username: "app", rotatePassword: true, ...more });
      const context = { ...bench.work(), passwordFiles } as unknown as ToolContext;
      const plan = await tool.plan(input, context);
      return "done" in plan ? plan.done : tool.apply(plan.pending, input, context);
    };
  };

  const files = createPasswordFiles(folder);
  const user = { groupId, username: "app" };
  return {
    atlas,
    folder,
    files,
    user,
    path: join(folder, groupId, "app.env"),
    openServer,
    run: openServer(),
    /** The first password, which Atlas has accepted. */
    givePassword: async (): Promise<string> => {
      const kept = await files.keep(user);
      await files.confirm(kept);
      atlas.right = kept.password.reveal();
      return atlas.right;
    },
  };
};
