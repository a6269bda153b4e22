import { describe, expect, it } from "vitest";
import type { Project } from "../../src/atlas/resources/project.ts";
import { create, lookBefore } from "../../src/operations/create.ts";
import type { CreateResult } from "../../src/operations/create-spec.ts";
import { projectCreateSpec } from "../../src/operations/project.ts";
import { benchFor, failureOf, openFakeAtlas, orgId } from "../support/atlas.ts";
import { json, type Responder } from "../support/fake-atlas.ts";
import { createFakeClock } from "../support/fake-clock.ts";

const small = `6a${"0".repeat(21)}1`;
const large = `6a${"0".repeat(21)}2`;
const gone = { errorCode: "GROUP_NOT_FOUND" };

/** What an Atlas with these projects answers; a create makes the one of the larger id, beside another one of the name. */
const start = async (answers: {
  /** Answers a list of projects; counts from 1. */
  list?: (response: Parameters<Responder>[1], count: number) => true | undefined;
  byId?: (response: Parameters<Responder>[1], id: string, deleted: boolean) => true | undefined;
  delete?: (response: Parameters<Responder>[1]) => true;
  isAlone?: boolean;
}) => {
  const clock = createFakeClock();
  // Nobody sets Atlas's clock.
  const atlasTime = clock.monotonic;
  const project = (id: string) => ({
    id,
    name: "shop",
    orgId,
    clusterCount: 0,
    created: new Date(atlasTime()).toISOString(),
  });
  const seen = { lists: 0, posts: 0, requests: 0, deleted: false };
  const fakeAtlas = await openFakeAtlas(({ method, path }, response) => {
    if (!path.startsWith("/api/atlas/")) return undefined;
    seen.requests += 1;
    response.setHeader("date", new Date(atlasTime()).toUTCString());
    if (method === "POST") {
      seen.posts += 1;
      return json(response, 201, project(large));
    }
    if (method === "DELETE") {
      seen.deleted = true;
      return answers.delete?.(response) ?? json(response, 202, {});
    }
    if (path.includes("/orgs/")) {
      seen.lists += 1;
      const there = answers.isAlone ? [large] : [small, ...(seen.deleted ? [] : [large])];
      const results = seen.posts === 0 ? [] : there.map(project);
      return answers.list?.(response, seen.lists) ?? json(response, 200, { results });
    }
    if (/databaseUsers|accessList/.test(path)) return json(response, 200, { results: [] });
    const id = path.split("/").at(-1) ?? "";
    const own = answers.byId?.(response, id, seen.deleted);
    if (own !== undefined) return own;
    return id === large && seen.deleted
      ? json(response, 404, gone)
      : json(response, 200, project(id));
  });
  const bench = benchFor(fakeAtlas.url, { clock });
  const caller = new AbortController();
  const specOf = () => {
    const work = bench.work({ caller: caller.signal });
    return { work, spec: projectCreateSpec(work, { name: "shop", orgId }).spec };
  };
  return {
    seen,
    clock,
    caller,
    project,
    look: () => {
      const { work, spec } = specOf();
      return lookBefore(spec, "return", work, work.singleFlights.projects);
    },
    create: (): Promise<CreateResult<Project>> => {
      const { work, spec } = specOf();
      const before = { absent: true as const, mark: { at: clock.monotonic() } };
      return create(spec, before, "error", work, work.singleFlights.projects);
    },
  };
};

describe("a project that was found a moment after its creation", () => {
  it("is asked about no more once the caller has gone", async () => {
    const world = await start({
      list: (response) => json(response, 200, { results: [world.project(small)] }),
    });
    world.caller.abort();
    await failureOf(world.look());
    expect(world.seen.requests).toBeLessThan(5);
  });

  it("leaves open whether the name is free, where it goes and the list fails", async () => {
    const world = await start({
      list: (response, count) =>
        count === 1
          ? json(response, 200, { results: [world.project(small)] })
          : json(response, 503, "down"),
      byId: (response) => json(response, 404, gone),
    });
    expect((await failureOf(world.look())).code).toBe("unavailable");
  });

  it("is believed at once where Atlas's own date says that it is old", async () => {
    const world = await start({
      list: (response) => {
        response.setHeader("date", new Date(world.clock.now() + 60_000).toUTCString());
        return json(response, 200, { results: [world.project(small)] });
      },
    });
    expect(await world.look()).toMatchObject({ existing: { id: small } });
    expect(world.clock.sleeps).toEqual([]);
  });

  it("is waited for, whatever time of day this machine has", async () => {
    const world = await start({
      list: (response) => json(response, 200, { results: [world.project(small)] }),
    });
    world.clock.set(-2 * 3_600_000);
    expect(await world.look()).toMatchObject({ existing: { id: small } });
    expect(world.clock.sleeps).toEqual([4000]);
  });

  it("is this server's own where it has kept it, and nothing is waited for", async () => {
    const world = await start({ isAlone: true });
    expect((await world.create()).outcome).toBe("created");
    const before = world.clock.now();
    await world.look();
    expect(world.clock.now()).toBe(before);
  });
});

describe("a project that was created beside another", () => {
  it("is taken back, and the other is told", async () => {
    const world = await start({});
    expect(await failureOf(world.create())).toMatchObject({
      code: "name_conflict",
      existing: { id: small },
      undone: { id: large },
    });
  });

  it("is undone once its delete has ended, whatever a read says of it afterwards", async () => {
    const world = await start({
      byId: (response, id, deleted) =>
        id === large && deleted ? json(response, 401, { errorCode: "NOT_IN_GROUP" }) : undefined,
    });
    const told = await failureOf(world.create());
    expect(told).toMatchObject({ undone: { id: large }, existing: { id: small } });
    expect(told).not.toHaveProperty("leftOver");
  });

  it("is kept where Atlas refuses to delete it and the other has gone", async () => {
    const world = await start({
      delete: (response) => json(response, 403, { errorCode: "ACCESS_FORBIDDEN" }),
      byId: (response, id, deleted) =>
        id === small && deleted
          ? json(response, 404, gone)
          : json(response, 200, world.project(id)),
      list: (response) => json(response, 200, { results: [small, large].map(world.project) }),
    });
    expect(await world.create()).toMatchObject({ outcome: "created", resource: { id: large } });
  });

  it("is deleted again at once where the answer to its delete is lost", async () => {
    let deletes = 0;
    const world = await start({
      delete: (response) => {
        deletes += 1;
        if (deletes > 1) return json(response, 202, {});
        response.destroy();
        return true;
      },
      byId: (response, id) =>
        id === large && deletes > 1
          ? json(response, 404, gone)
          : json(response, 200, world.project(id)),
    });
    expect(await failureOf(world.create())).toMatchObject({ undone: { id: large } });
    expect(deletes).toBe(2);
    expect(world.clock.sleeps[0]).toBe(500);
    // The next wait of a create would be 1 s.
    expect(world.clock.sleeps).not.toContain(4000);
  });

  it("is left alone where somebody has renamed it meanwhile", async () => {
    const world = await start({
      byId: (response, id) =>
        json(response, 200, { ...world.project(id), ...(id === large ? { name: "prod" } : {}) }),
    });
    expect(await failureOf(world.create())).toMatchObject({ leftOver: { id: large } });
    expect(world.seen.deleted).toBe(false);
  });

  it("is left over where Atlas refuses to delete it and the other stays", async () => {
    const world = await start({
      delete: (response) => json(response, 403, { errorCode: "ACCESS_FORBIDDEN" }),
      byId: (response, id) => json(response, 200, world.project(id)),
      list: (response) => json(response, 200, { results: [small, large].map(world.project) }),
    });
    expect(await failureOf(world.create())).toMatchObject({
      code: "name_conflict",
      leftOver: { id: large },
      existing: [{ id: large }, { id: small }],
    });
  });

  it("is looked for until two lists were answered", async () => {
    const world = await start({
      isAlone: true,
      list: (response, count) => (count < 7 ? json(response, 503, "down") : undefined),
    });
    expect((await world.create()).outcome).toBe("created");
    // Each look is three requests where they fail.
    expect(world.seen.lists).toBe(8);
  });
});
