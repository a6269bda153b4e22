import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFastClock } from "../support/fast-clock.ts";
import { type Imitation, type Portal, startImitation } from "../support/imitation.ts";
import { runs, seed } from "../support/seed.ts";
import { bodies } from "./portal-bodies.ts";
import { calls, likenessOf, type Place, type PortalCall } from "./portal-calls.ts";
import { liesOf } from "./portal-truth.ts";
import { provision } from "./provision.ts";
import { endOf } from "./race-servers.ts";

// The gate plays every fourth body at each request, in one way; the slow tests play all of them in all ways.
const isAll = runs(1) > 1;
const share = 4;

// Calls of one test at the same time; with more of them, requests are late.
const lanes = 4;

const ways = [
  { phase: "before", times: Number.POSITIVE_INFINITY },
  { phase: "after", times: Number.POSITIVE_INFINITY },
  { phase: "before", times: 1 },
  { phase: "after", times: 1 },
] as const;

const clock = createFastClock(50);
let atlas: Imitation;
let passwords: string;
const portals = new Map<string, Portal>();
const counts: Record<string, number> = {};

beforeAll(async () => {
  const portal: Portal = (asked, phase, reply) => portals.get(asked.client)?.(asked, phase, reply);
  atlas = await startImitation({ clock, seed, nameCheck: "off", deletionMs: 2000, portal });
  passwords = await mkdtemp(join(tmpdir(), "portal-"));
});

afterAll(async () => {
  await atlas.close();
  await rm(passwords, { recursive: true });
  clock.stop();
  const told = Object.entries(counts).sort(([one], [other]) => one.localeCompare(other));
  console.log(told.map(([end, times]) => `  ${times} x ${end}`).join("\n"));
});

type Way = (typeof ways)[number];
type Run = { call: PortalCall; operation: string; body: (typeof bodies)[number]; way: Way };

/** Makes the call with a portal before or after one of its requests; returns what its answer claims that is not so. */
const play = async ({ call, operation, body, way }: Run): Promise<string[]> => {
  const orgId = atlas.newId();
  const { made: groupId = "" } = atlas.direct("createGroup", {}, { name: "home", orgId }, orgId);
  const place: Place = { atlas, orgId, groupId };
  call.prepare?.(place);
  const account = atlas.account(orgId);
  let left: number = way.times;
  let isTwin = call.twin === true;
  portals.set(account.clientId, (asked, phase) => {
    if (isTwin && phase === "after" && asked.operation === "createGroup") {
      isTwin = false;
      atlas.direct("createGroup", {}, { name: "shop", orgId }, orgId);
    }
    if (asked.operation !== operation || phase !== way.phase || left === 0) return undefined;
    left -= 1;
    return { status: 200, text: body.textFor(likenessOf(operation, place)) };
  });
  const one = provision({ baseUrl: atlas.url, account, clock, passwords });
  const answer = await one.call(call.tool, call.args(place));
  await one.close();
  portals.delete(account.clientId);
  const end = `${call.tool}: ${endOf(answer)}`;
  counts[end] = (counts[end] ?? 0) + 1;
  const times = way.times === 1 ? "once" : "always";
  const lies = liesOf(call, place, account.clientId, answer);
  return lies.map((lie) => `${body.title}, ${way.phase}, ${times}: ${lie} (${endOf(answer)})`);
};

/** The ways in which a request is answered: for a read it is the same before and after. */
const waysOf = (operation: string): readonly Way[] =>
  ways.filter(({ phase }) => phase === "before" || /^(create|delete)/.test(operation));

const requests = calls
  .flatMap((call) => call.operations.map((operation) => [call.title, operation, call] as const))
  .map((request, number) => [...request, number] as const);

/** All runs of one request; `number` is its place, so that each request of the gate has other bodies. */
const runsOf = (call: PortalCall, operation: string, number: number): Run[] =>
  bodies.flatMap((body, index) => {
    const all = waysOf(operation);
    const place = index + number;
    const chosen = isAll ? all : place % share > 0 ? [] : [all[(place / share) % all.length]];
    return chosen.flatMap((way) => (way === undefined ? [] : [{ call, operation, body, way }]));
  });

describe.concurrent("whatever a portal answers with a status of success in place of Atlas", () => {
  it("has forty forms and more", () => {
    expect(bodies.length).toBeGreaterThanOrEqual(40);
  });

  it.each(requests)(
    "%s claims nothing that is not so, if that is the answer to %s",
    async (_title, operation, call, number) => {
      const waiting = runsOf(call, operation, number);
      const lies: string[] = [];
      const lane = async () => {
        for (let run = waiting.pop(); run !== undefined; run = waiting.pop())
          lies.push(...(await play(run)));
      };
      await Promise.all(Array.from({ length: lanes }, lane));
      expect(lies).toEqual([]);
    },
    240_000,
  );
});
