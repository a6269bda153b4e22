/** `create_database_user` with an Atlas of the test and any credential files. */
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

export type Cluster = { name: string; stateName: string; srv?: string };

/** What the Atlas of a test has, and how it answers. */
type Atlas = {
  /** Whether look-ups show the user. */
  isThere: boolean;
  clusters: Cluster[];
  /** The answers to the next POSTs: a status and a code, or no answer. All others are accepted. */
  answers: ({ status: number; errorCode: string } | "lost")[];
  sent: string[];
  hidesClusters?: boolean;
};

const listed = ({ name, stateName, srv }: Cluster) => ({
  id: "c".repeat(24),
  name,
  stateName,
  ...(srv === undefined ? {} : { connectionStrings: { standardSrv: srv } }),
});

const user = {
  groupId,
  username: "app",
  databaseName: "admin",
  roles: [{ roleName: "readWriteAnyDatabase", databaseName: "admin" }],
};

export const openTool = async () => {
  const folder = await mkdtemp(join(tmpdir(), "credentials-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const atlas: Atlas = { isThere: false, clusters: [], answers: [], sent: [] };
  const fake = await openFakeAtlas(({ method, path, body }, response) => {
    if (path.includes("/flexClusters"))
      return atlas.hidesClusters
        ? json(response, 403, { errorCode: "ACCESS_FORBIDDEN" })
        : json(response, 200, { results: atlas.clusters.map(listed) });
    if (method === "GET" && path.endsWith("/databaseUsers/admin/app"))
      return atlas.isThere
        ? json(response, 200, user)
        : json(response, 404, { error: 404, errorCode: "USERNAME_NOT_FOUND" });
    if (method !== "POST" || !path.endsWith("/databaseUsers")) return undefined;
    atlas.sent.push(JSON.parse(body).password);
    const answer = atlas.answers.shift();
    if (answer === undefined) return json(response, 201, user);
    if (answer === "lost") {
      response.destroy();
      return true;
    }
    return json(response, answer.status, { error: answer.status, ...answer });
  });
  const bench = benchFor(fake.url);
  const tool = toolNamed("create_database_user");
  if (tool.access === "read") throw new Error("The tool reads only.");
  const run = async (
    more: object = {},
    passwordFiles: PasswordFiles = createPasswordFiles(folder),
  ): Promise<Body> => {
    const input = tool.input.parse({ groupId, username: "app", ...more });
    const context = { ...bench.work(), passwordFiles } as unknown as ToolContext;
    const plan = await tool.plan(input, context);
    return "done" in plan ? plan.done : tool.apply(plan.pending, input, context);
  };
  return { atlas, clock: bench.clock, folder, path: join(folder, groupId, "app.env"), run };
};
