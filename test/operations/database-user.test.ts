import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { DatabaseUserBody } from "../../src/atlas/resources/database-user.ts";
import { AtlasToolError, failure } from "../../src/common/failure.ts";
import { secret } from "../../src/common/secret.ts";
import { createPasswordFiles, type Kept } from "../../src/credential-files/files.ts";
import { create, lookBefore } from "../../src/operations/create.ts";
import { databaseUserCreateSpec } from "../../src/operations/database-user.ts";
import { groupId as anyGroup, benchFor, failureOf, openFakeAtlas } from "../support/atlas.ts";
import { json } from "../support/fake-atlas.ts";
import { ensureUser, password } from "./creating.ts";
import { openUser, readWrite, userBody } from "./in-project.ts";

const read = { roleName: "read", databaseName: "shop" };

describe("a database user that is not there", () => {
  it("is created, with what was asked for and without its password", async () => {
    const { ensure, truth } = await openUser();
    const more = {
      roles: [readWrite, read],
      scopes: [{ name: "c-0", type: "CLUSTER" as const }],
      description: "the shop",
      deleteAfterDate: "2026-08-12T00:00:00Z",
    };
    const made = await ensure(more);
    expect(made).toMatchObject({ outcome: "created", resource: { username: "app", ...more } });
    expect(JSON.stringify(made)).not.toContain(password);
    expect(await truth()).toEqual({ there: 1, posts: 1 });
  });

  it.each(["CN=Somebody, O=Some Body/é", "a/b", "100%", "a b+c@d"])(
    "may be called %s",
    async (username) => {
      const { sandboxBench, ensure } = await openUser();
      expect((await ensure({ username })).outcome).toBe("created");
      expect(await failureOf(ensure({ username }))).toMatchObject({ identical: true });
      expect((await sandboxBench.state()).users).toMatchObject([{ username }]);
    },
  );

  it.each([
    ["error:403:GROUP_USERS_LIMIT_EXCEEDED", "quota_exceeded"],
    ["error:400:ATLAS_INVALID_ROLE", "invalid_input"],
    ["error:400:ATLAS_INVALID_USERNAME", "invalid_input"],
    ["error:400:VALIDATION_ERROR", "invalid_input"],
    ["error:401:USER_UNAUTHORIZED", "forbidden"],
  ])("is not created after %s", async (fault, code) => {
    const { ensure, truth, script } = await openUser();
    await script(fault);
    expect(await failureOf(ensure())).toMatchObject({ code, outcome: "not_created" });
    expect(await truth()).toEqual({ there: 0, posts: 1 });
  });

  it("is not posted where its password cannot be had", async () => {
    const { sandboxBench, groupId, truth } = await openUser();
    const work = sandboxBench.work();
    const { spec } = databaseUserCreateSpec(work, groupId, userBody, async () => {
      throw new AtlasToolError(failure("forbidden", "The folder is not safe."));
    });
    const before = await lookBefore(spec, "error", work, work.singleFlights.databaseUsers);
    if ("existing" in before) throw new Error("There is one already.");
    const made = create(spec, before, "error", work, work.singleFlights.databaseUsers);
    expect((await failureOf(made)).message).toBe("The folder is not safe.");
    expect(await truth()).toEqual({ there: 0, posts: 0 });
  });
});

describe("a database user that is there already", () => {
  it.each<[what: string, more: Partial<DatabaseUserBody>]>([
    ["as it was asked for", {}],
    ["with its roles in another order", { roles: [read, readWrite] }],
    ["with the same date in another zone", { deleteAfterDate: "2026-08-12T02:00:00.400+02:00" }],
    ["without what was given then", { scopes: [{ name: "c-0", type: "CLUSTER" }] }],
  ])("%s is identical, and returned if asked for", async (_what, more) => {
    const { ensure, truth } = await openUser();
    const whole = {
      roles: [readWrite, read],
      scopes: [{ name: "c-0", type: "CLUSTER" as const }],
      deleteAfterDate: "2026-08-12T00:00:00Z",
    };
    await ensure(whole);
    const asked = { roles: whole.roles, ...more };
    expect(await failureOf(ensure(asked))).toMatchObject({
      code: "name_conflict",
      outcome: "exists",
      identical: true,
    });
    expect((await ensure(asked, { ifExists: "return" })).outcome).toBe("existing");
    expect(await truth()).toEqual({ there: 1, posts: 1 });
  });

  it("differs where it has no description and one was asked for", async () => {
    const { ensure } = await openUser();
    await ensure();
    const asked = { description: "the shop" };
    expect(await failureOf(ensure(asked, { ifExists: "return" }))).toMatchObject({
      identical: false,
      differences: [{ field: "description", yours: "the shop", existing: "" }],
    });
  });

  it("is a conflict that says all that differs", async () => {
    const { ensure, groupId } = await openUser();
    await ensure();
    const other = {
      roles: [read],
      scopes: [{ name: "c-0", type: "CLUSTER" as const }],
      deleteAfterDate: "2026-08-12T00:00:00Z",
    };
    const failure = await failureOf(ensure(other, { ifExists: "return" }));
    expect(failure).toMatchObject({
      code: "name_conflict",
      identical: false,
      existing: { username: "app" },
      differences: [
        { field: "roles", yours: [read], existing: [readWrite] },
        { field: "scopes", yours: other.scopes, existing: [] },
        { field: "deleteAfterDate", yours: other.deleteAfterDate, existing: null },
      ],
      suggestions: [{ suggest: "show_project", with: { groupId } }],
    });
    expect(failure.message).toContain("choose another name");
  });

  it("made meanwhile by somebody else is found when Atlas refuses the post", async () => {
    const { ensure, truth } = await openUser();
    const between = () => ensure();
    const told = await failureOf(ensure({}, { between }));
    expect(told).toMatchObject({ code: "name_conflict", identical: true, outcome: "exists" });
    expect(await truth()).toMatchObject({ there: 1 });
  });
});

describe("the password of a database user", () => {
  const answering = async (status: number) => {
    const fakeAtlas = await openFakeAtlas((seen, response) => {
      if (!seen.path.startsWith("/api/atlas/")) return undefined;
      if (seen.method === "GET")
        return json(response, 404, { error: 404, errorCode: "USERNAME_NOT_FOUND" });
      const detail = `The password ${password} is not liked.`;
      return json(response, status, {
        error: status,
        detail,
        username: "app",
        databaseName: "admin",
        password,
      });
    });
    return { fakeAtlas, made: () => ensureUser(benchFor(fakeAtlas.url), anyGroup, userBody) };
  };

  it("goes over the wire, and nowhere else", async () => {
    const { fakeAtlas, made } = await answering(201);
    expect(JSON.stringify(await made())).not.toContain(password);
    const [post] = fakeAtlas.api().filter((one) => one.method === "POST");
    expect(JSON.parse(post?.body ?? "")).toEqual({ ...userBody, groupId: anyGroup, password });
  });

  it("is on file when the request leaves, and the file goes with a plain refusal", async () => {
    const folder = await mkdtemp(join(tmpdir(), "credentials-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const files = createPasswordFiles(folder);
    const onFile: boolean[] = [];
    const fakeAtlas = await openFakeAtlas((seen, response) => {
      if (!seen.path.startsWith("/api/atlas/")) return undefined;
      if (seen.method === "GET")
        return json(response, 404, { error: 404, errorCode: "USERNAME_NOT_FOUND" });
      const text = readFileSync(join(folder, anyGroup, "app.env"), "utf8");
      onFile.push(text.includes(JSON.parse(seen.body).password));
      return json(response, 403, { error: 403, errorCode: "GROUP_USERS_LIMIT_EXCEEDED" });
    });
    const work = benchFor(fakeAtlas.url).work();
    const kept: Kept[] = [];
    const { spec } = databaseUserCreateSpec(work, anyGroup, userBody, async () => {
      const one = await files.keep({ groupId: anyGroup, username: userBody.username });
      kept.push(one);
      return one.password;
    });
    const { databaseUsers } = work.singleFlights;
    const made = create(spec, { absent: true, mark: { at: 0 } }, "error", work, databaseUsers);
    expect((await failureOf(made)).outcome).toBe("not_created");
    expect(onFile).toEqual([true]);
    for (const one of kept) await files.discard(one);
    expect(await files.find({ groupId: anyGroup, username: userBody.username })).toBeUndefined();
  });

  it("is taken out of what Atlas says of it", async () => {
    const failure = await failureOf((await answering(400)).made());
    expect(failure.atlas?.detail).toBe("The password [redacted] is not liked.");
    expect(JSON.stringify(failure)).not.toContain(password);
  });

  it("is no part of what makes two requests equal, and not in the request as data", async () => {
    const { sandboxBench, groupId } = await openUser();
    const [one, other] = ["first-password-of-all", "second-password"].map((text) =>
      databaseUserCreateSpec(sandboxBench.work(), groupId, userBody, async () => secret(text)),
    );
    expect(one?.spec.fingerprint).toBe(other?.spec.fingerprint);
    expect(one?.request.body).toMatchObject({ username: "app", password: "[generated]" });
    expect(JSON.stringify(one)).not.toContain("first-password");
  });
});

describe("a database user that cannot be looked up", () => {
  it("since that is not permitted is posted all the same", async () => {
    const { sandboxBench, ensure, truth } = await openUser();
    await sandboxBench.script("getGroupDatabaseUser", "error:401:USER_UNAUTHORIZED");
    expect((await ensure()).outcome).toBe("created");
    expect(await truth()).toEqual({ there: 1, posts: 1 });
  });

  it.each(["error:500:UNEXPECTED_ERROR", "error:404:SOMETHING_ELSE"])(
    "since Atlas fails (%s) is not posted at all",
    async (fault) => {
      const { sandboxBench, ensure, truth } = await openUser();
      await sandboxBench.script("getGroupDatabaseUser", fault, 3);
      expect((await failureOf(ensure())).code).toBe("unavailable");
      expect(await truth()).toEqual({ there: 0, posts: 0 });
    },
  );
});
