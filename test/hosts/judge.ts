/**
 * Prism between the sandbox suite and its sandboxes: every request goes suite, judge, Prism, judge, sandbox. What Prism
 * refuses reaches the suite as Prism's answer; where it finds nothing, the sandbox's own bytes do, broken connections
 * included, which no proxy that reads JSON could pass on.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { until } from "../support/until.ts";
import { deliver, exchange, type Got, read, type Sent } from "./wire.ts";

export type Refusal = {
  request: string;
  /** What Prism calls it, and where: `response body name pattern`. */
  type: string;
  violations: string[];
  /** What the sandbox answered, or would have. */
  status: number;
  /** The bodies of both. */
  sent: string;
  got: string;
};

export type Judge = {
  /** Give it a sandbox's address by POST, and it answers with the way there through Prism. */
  via: string;
  counts: { requests: number; unanswered: number };
  refusals: Refusal[];
  close(): Promise<void>;
};

type Handler = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

const listen = async (handle: Handler) => {
  const server = createServer((incoming, outgoing) => void handle(incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

const sentOf = async (incoming: IncomingMessage): Promise<Sent> => ({
  method: incoming.method ?? "",
  path: incoming.url ?? "",
  headers: incoming.rawHeaders,
  body: await read(incoming),
});

const startPrism = async (
  node: string,
  document: string,
  upstream: string,
): Promise<{ child: ChildProcess; url: string }> => {
  const cli = createRequire(import.meta.url).resolve("@stoplight/prism-cli/package.json");
  const program = cli.replace("package.json", "dist/index.js");
  const args = ["proxy", document, upstream, "--errors", "--port", "0", "--host", "127.0.0.1"];
  const child = spawn(node, [program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-5000);
    });
  const url = await until(
    () => {
      if (child.exitCode !== null) throw new Error(`Prism ended: ${said}`);
      return /Prism is listening on (http:\/\/[\d.:]+)/.exec(said)?.[1];
    },
    "Prism's start",
    60_000,
  );
  return { child, url };
};

// Prism takes a Digest header only where every part is quoted and none has a space: `qop=auth` alone, as RFC 7616 wants
// it, is too much for it. Who is let in is the sandbox's to judge, and it gets the real header.
const shown = (sent: Sent): Sent => ({
  ...sent,
  headers: sent.headers.map((value) => (/^Digest /.test(value) ? "Bearer of-a-digest" : value)),
});

const silence: Got = {
  status: 500,
  headers: ["content-type", "application/problem+json"],
  body: Buffer.from('{"type":"https://stoplight.io/prism/errors#NO_ANSWER"}'),
};

type Problem = { type?: string; validation?: { location?: string[]; code?: string }[] };

// Prism never answers a request whose JSON is broken.
const patienceMs = 5000;

/** Prism's own answer; undefined where it passes on another's. */
const problemOf = ({ body }: Got): Problem | undefined => {
  const text = body.toString("utf8");
  return text.includes("https://stoplight.io/prism/errors#") ? JSON.parse(text) : undefined;
};

/** `allowed` says of a refusal why it was to be expected; then the sandbox's own answer goes on. */
export const startJudge = async (
  node: string,
  document: string,
  allowed: (refusal: Refusal) => string | undefined,
): Promise<Judge> => {
  const counts = { requests: 0, unanswered: 0 };
  const refusals: Refusal[] = [];
  type Case = { ask: () => Promise<Got>; asked?: true; got?: Got; breaks: (got: Got) => void };
  const cases = new Map<string, Case>();

  const back = await listen(async (incoming, outgoing) => {
    await read(incoming);
    const one = cases.get(String(incoming.headers["x-case"]));
    if (one === undefined) return void outgoing.writeHead(500).end();
    one.asked = true;
    one.got = await one.ask();
    if (one.got.broken !== undefined) one.breaks(one.got);
    deliver(outgoing, one.got);
  });
  const prism = await startPrism(node, document, back.url);

  const fronts: Awaited<ReturnType<typeof listen>>[] = [back];
  const open = async (sandbox: string): Promise<string> => {
    const front = await listen(async (incoming, outgoing) => {
      counts.requests += 1;
      const id = `${counts.requests}`;
      const gone = new AbortController();
      outgoing.once("close", () => gone.abort());
      const sent = await sentOf(incoming);
      let breaks: Case["breaks"] = () => {};
      const broken = new Promise<Got>((resolve) => {
        breaks = resolve;
      });
      const one: Case = { ask: () => exchange(sandbox, sent, gone.signal), breaks };
      cases.set(id, one);
      const ignored = setTimeout(() => one.asked ?? breaks(silence), patienceMs);
      const asked = exchange(prism.url, shown(sent), gone.signal, ["x-case", id]);
      const verdict = await Promise.race([asked, broken]);
      clearTimeout(ignored);
      cases.delete(id);
      if (one.got?.broken !== undefined || gone.signal.aborted) {
        counts.unanswered += 1;
        return deliver(outgoing, one.got ?? verdict);
      }
      const problem = problemOf(verdict);
      if (problem === undefined) return deliver(outgoing, one.got ?? verdict);
      const got = one.got ?? (await one.ask());
      const refusal: Refusal = {
        request: `${sent.method} ${sent.path}`,
        type: problem.type?.split("#")[1] ?? "",
        violations: (problem.validation ?? []).map(({ location = [], code }) =>
          [...location, code].join(" "),
        ),
        status: got.status,
        sent: sent.body.toString("utf8"),
        got: got.body.toString("utf8"),
      };
      refusals.push(refusal);
      deliver(outgoing, allowed(refusal) === undefined ? verdict : got);
    });
    fronts.push(front);
    return front.url;
  };

  const door = await listen(async (incoming, outgoing) => {
    const sandbox = (await read(incoming)).toString("utf8");
    outgoing.end(await open(sandbox));
  });
  fronts.push(door);

  return {
    via: door.url,
    counts,
    refusals,
    close: async () => {
      for (const { server } of fronts) server.close().closeAllConnections();
      const ended = new Promise((resolve) => prism.child.once("close", resolve));
      prism.child.kill("SIGKILL");
      await ended;
    },
  };
};
