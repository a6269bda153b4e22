// What is measured. Each returns rows: a name, our figure, what it is held against, and the ratio of the two in this run.
import { execFileSync } from "node:child_process";
import { interleaved, median, throughput } from "./figures.mjs";
import { cli, readers, startHttp } from "./http.mjs";
import { startServer } from "./stdio.mjs";

const node = process.execPath;

const startOurs = (env, flags = []) => startServer(node, [cli, ...flags], env);

const untilList = async (server) => {
  await server.initialize();
  await server.request("tools/list", {});
  const ms = performance.now() - server.startedAt;
  await server.close();
  return ms;
};

const bareNode = () => {
  const at = performance.now();
  execFileSync(node, ["-e", "0"]);
  return performance.now() - at;
};

const row = (what, ours, unit, others = {}) => ({
  what,
  ours,
  unit,
  against: Object.fromEntries(
    Object.entries(others).map(([name, value]) => [name, { value, ratio: ours / value }]),
  ),
});

/** From the start of the process to the answer to `tools/list`. */
export const start = async (rounds, peer) => {
  const all = await interleaved(rounds, {
    bare: bareNode,
    ours: () => untilList(startOurs({})),
    ...(peer ? { official: () => untilList(peer.start()) } : {}),
  });
  const { bare, ours, official } = Object.fromEntries(
    Object.entries(all).map(([name, values]) => [name, median(values)]),
  );
  return [
    row("start to tools/list", ours, "ms", {
      "node -e 0": bare,
      ...(official ? { official } : {}),
    }),
  ];
};

/** Memory when idle, and after many calls. */
export const memory = async (calls, atlas, peer) => {
  await atlas.reset();
  const ours = startOurs(atlas.env);
  await ours.initialize();
  await ours.request("tools/list", {});
  await ours.call("get_account", {});
  const idle = ours.rss();
  for (let done = 0; done < calls; done += 16)
    await Promise.all(Array.from({ length: 16 }, () => ours.call("get_account", {})));
  const later = ours.rss();
  await ours.close();
  const official = peer && (await peer.idle());
  return [
    row("memory, idle", idle, "MB", official ? { official } : {}),
    row(`memory after ${calls} calls`, later, "MB", { idle }),
  ];
};

const uniqueName = () => `p-${Math.random().toString(36).slice(2, 12)}`;

const providerSettings = { backingProviderName: "AWS", regionName: "US_EAST_1" };

// A project holds 25 clusters, an organization 250 projects.
const perProject = 20;
const perWorld = perProject * 200;

/** Gives the id of a project with room for one more cluster, in an Atlas that is emptied before it is full. */
const roomIn = (atlas) => {
  let used = 0;
  let project;
  const make = async () =>
    (await atlas.api("POST", "/groups", { name: uniqueName(), orgId: atlas.orgId })).json.id;
  return () => {
    if (used % perWorld === 0) project = atlas.reset().then(make);
    else if (used % perProject === 0) project = make();
    used += 1;
    return project;
  };
};

/** The requests that the create of a cluster makes: a look and the post. */
const bareCreate = async (atlas, groupId) => {
  const name = uniqueName();
  await atlas.api("GET", `/groups/${groupId}/flexClusters/${name}`);
  await atlas.api("POST", `/groups/${groupId}/flexClusters`, { name, providerSettings });
};

const createCluster = (server, groupId) =>
  server.call("create_flex_cluster", { groupId, name: uniqueName(), providerSettings });

const created = (result) => {
  if (result.structuredContent?.outcome !== "created")
    throw new Error(`not created: ${JSON.stringify(result).slice(0, 300)}`);
};

const timed = async (work) => {
  const at = performance.now();
  await work();
  return performance.now() - at;
};

// The first hundreds of creates are slower, bare ones by half: V8 compiles what is hot, here and in the sandbox.
const warmUp = 180;

/** A server's creates beside the bare requests of one, in turns: the median of each once both are warm. */
const besideBare = async (rounds, atlas, server) => {
  const room = roomIn(atlas);
  const measurements = {
    bare: async () => {
      const groupId = await room();
      return timed(() => bareCreate(atlas, groupId));
    },
    call: async () => {
      const groupId = await room();
      return timed(async () => created(await createCluster(server, groupId)));
    },
  };
  const all = { bare: [], call: [] };
  for (let done = 0; done < warmUp + rounds; done += 60) {
    const more = await interleaved(60, measurements);
    if (done < warmUp) continue;
    for (const name of Object.keys(all)) all[name].push(...more[name]);
  }
  await server.close();
  return { bare: median(all.bare), call: median(all.call) };
};

/** A create of a project: a second of it is the wait for projects that other servers create at the same time. */
const createProject = async (rounds, atlas) => {
  const ours = startOurs(atlas.env);
  await ours.initialize();
  await atlas.reset();
  const calls = [];
  for (let round = 0; round < rounds; round += 1)
    calls.push(
      await timed(async () =>
        created(await ours.call("create_project", { name: uniqueName(), orgId: atlas.orgId })),
      ),
    );
  await ours.close();
  return median(calls);
};

/** What a create call adds to the bare requests that it makes. */
export const create = async (rounds, atlas, peer) => {
  const project = await createProject(5, atlas);
  const ours = startOurs(atlas.env);
  await ours.initialize();
  const stdio = await besideBare(rounds, atlas, ours);
  const http = await besideBare(
    rounds,
    atlas,
    await startHttp([cli, "http", "--port", "0"], atlas.env),
  );
  const official = peer && (await peer.create(20));
  return [
    row(
      "create_project over stdio",
      project,
      "ms",
      official ? { "official, which does not look": official.call } : {},
    ),
    row("create_flex_cluster over stdio", stdio.call, "ms", { "its bare requests": stdio.bare }),
    row("create_flex_cluster over HTTP", http.call, "ms", { "its bare requests": http.bare }),
    row(
      "added by a call over stdio",
      stdio.call - stdio.bare,
      "ms",
      official ? { official: official.added } : {},
    ),
  ];
};

/** Creates of clusters a second with 1, 16 and 64 callers over stdio. */
export const load = async (ms, atlas, peer) => {
  const rows = [];
  for (const callers of [1, 16, 64]) {
    const ours = startOurs(atlas.env);
    await ours.initialize();
    const room = roomIn(atlas);
    // At a reset, what is under way may be gone: only the time counts here, and the next one is made again.
    const once = async () => createCluster(ours, await room());
    const { perSecond, p99 } = await throughput(callers, ms, once);
    await ours.close();
    const official = callers === 16 && peer ? await peer.load(callers, ms) : undefined;
    rows.push(
      row(
        `clusters created a second, ${callers} callers`,
        perSecond,
        "/s",
        official ? { official } : {},
      ),
    );
    rows.push(row(`99th percentile, ${callers} callers`, p99, "ms"));
  }
  return rows;
};

/** Reads over HTTP beside a tool that does nothing, on the same SDK. */
export const http = async (ms, atlas) => {
  await atlas.reset();
  const { perSecond, p99, half, end, bare } = await readers(ms, atlas);
  const sdk = "the SDK alone";
  return [
    row("reads a second over HTTP, 64 callers", perSecond, "/s", { [sdk]: bare.perSecond }),
    row("99th percentile over HTTP, 64 callers", p99, "ms", { [sdk]: bare.p99 }),
    row("memory over HTTP at the end", end, "MB", { "at half time": half }),
  ];
};

/** How the time of a look-up grows with what there is. */
export const growth = async (atlas) => {
  const rows = [];
  let first;
  for (const projects of [1, 10, 100, 240]) {
    await atlas.reset();
    for (let index = 0; index < projects; index += 1)
      await atlas.api("POST", "/groups", { name: `g-${index}`, orgId: atlas.orgId });
    const ours = startOurs(atlas.env);
    await ours.initialize();
    await ours.call("list_projects", {});
    const times = [];
    for (let round = 0; round < 40; round += 1)
      times.push(await timed(() => ours.call("list_projects", { itemsPerPage: 20 })));
    await ours.close();
    const ms = median(times);
    first ??= ms;
    rows.push(row(`list_projects, ${projects} projects`, ms, "ms", { "with 1 project": first }));
  }
  return rows;
};

/** What is installed. */
export const size = (peer) => {
  const [{ unpackedSize, entryCount }] = JSON.parse(
    execFileSync("npm", ["pack", "--dry-run", "--json"], { encoding: "utf8" }),
  );
  const [packages, megabytes] = peer ? [peer.packages, peer.megabytes] : [];
  return [
    row("packages", 1, "", packages ? { official: packages } : {}),
    row("unpacked size", unpackedSize / 1e6, "MB", megabytes ? { official: megabytes } : {}),
    row("files", entryCount, ""),
  ];
};
