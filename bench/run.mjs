// npm run bench: prints a table and JSON, and with --write makes BENCHMARKS.md. Every figure is a ratio within this run.
//   --no-peer leaves the official server out (it is 400 MB, installed once into node_modules/.cache)
//   --quick takes fewer rounds
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { startAtlas } from "./atlas.mjs";
import { median, throughput } from "./figures.mjs";
import * as measures from "./measures.mjs";
import { certificate, installPeer, peerEnv, peerVersion } from "./peer.mjs";
import { startServer } from "./stdio.mjs";

const flags = new Set(process.argv.slice(2));
const quick = flags.has("--quick");

/** The official server against an Atlas of its own, with TLS, on which it insists. */
const openPeer = async () => {
  const installed = installPeer();
  const cert = certificate();
  const atlas = await startAtlas(["--tls-key", cert.key, "--tls-cert", cert.cert]);
  const [command, ...args] = installed.command;
  const start = () => startServer(command, args, peerEnv(atlas));
  const ready = async () => {
    const server = start();
    await server.initialize();
    await server.request("tools/list", {});
    return server;
  };
  const call = async (server) => {
    const projectName = `p-${Math.random().toString(36).slice(2, 12)}`;
    const result = await server.call("atlas-create-project", { projectName, orgId: atlas.orgId });
    if (result.isError) throw new Error(JSON.stringify(result).slice(0, 300));
  };
  const timed = async (work) => {
    const at = performance.now();
    await work();
    return performance.now() - at;
  };
  return {
    ...installed,
    start,
    idle: async () => {
      const server = await ready();
      const rss = server.rss();
      await server.close();
      return rss;
    },
    create: async (rounds) => {
      const server = await ready();
      const [calls, bare] = [[], []];
      for (let round = 0; round < rounds; round += 1) {
        calls.push(await timed(() => call(server)));
        // It makes the one request.
        const body = { name: `b-${round}-${Date.now()}`, orgId: atlas.orgId };
        bare.push(await timed(() => atlas.api("POST", "/groups", body)));
      }
      await server.close();
      await atlas.reset();
      return { call: median(calls), added: median(calls) - median(bare) };
    },
    load: async (callers, ms) => {
      const server = await ready();
      const { perSecond } = await throughput(callers, ms, () => call(server));
      await server.close();
      await atlas.reset();
      return perSecond;
    },
    close: atlas.close,
  };
};

const shown = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

const table = (rows) =>
  [
    "| what | here | against |",
    "|---|---|---|",
    ...rows.map(({ what, ours, unit, against }) => {
      const others = Object.entries(against).map(
        ([name, { value, ratio }]) => `${name} ${shown(value)} ${unit}: ${shown(ratio)} times`,
      );
      return `| ${what} | ${shown(ours)} ${unit} | ${others.join("; ")} |`;
    }),
  ].join("\n");

const peer = flags.has("--no-peer") ? undefined : await openPeer();
const atlas = await startAtlas();
const rows = [
  ...(await measures.start(quick ? 5 : 15, peer)),
  ...(await measures.memory(quick ? 1000 : 10_000, atlas, peer)),
  ...measures.size(peer),
  ...(await measures.create(quick ? 60 : 600, atlas, peer)),
  ...(await measures.load(quick ? 1000 : 4000, atlas, peer)),
  ...(await measures.http(quick ? 2000 : 30_000, atlas)),
  ...(await measures.growth(atlas)),
];
await atlas.close();
await peer?.close();

const machine = `Node ${process.versions.node}, ${cpus().length} cores (${cpus()[0]?.model.trim()}), ${new Date().toISOString().slice(0, 10)}; official: mongodb-mcp-server ${peerVersion}`;
console.log(`${machine}\n\n${table(rows)}\n\n${JSON.stringify({ machine, rows })}`);
if (flags.has("--write"))
  writeFileSync(
    new URL("../BENCHMARKS.md", import.meta.url),
    `# Benchmarks\n\nThe output of \`npm run bench -- --write\`: ${machine}.\nThe machine is shared and noisy: read the ratios, each of two figures of the same run.\n\n${table(rows)}\n`,
  );
process.exit(0);
