import { describe, it } from "vitest";
import { apiError, type Imitation, type Portal } from "../support/imitation.ts";
import { blue, deletedAtOnce, race, raced, red } from "./race-calls.ts";
import { clock, pick, playRounds, type Round, type Rounds, rounds } from "./race-rounds.ts";
import { endOf, type Told } from "./race-servers.ts";
import { liesOfRace } from "./race-truth.ts";

const timeout = 60_000 + rounds * 1000;

const playing = (title: string, more: Omit<Rounds, "title">) => () =>
  playRounds({ title, ...more });

const forbidden = apiError(
  403,
  "ACCESS_FORBIDDEN",
  "Access to this resource is forbidden for current user.",
);

/** Refuses the DELETE of these clients, or of all. */
const refusing =
  (...clients: string[]): Portal =>
  ({ operation, client }, phase) =>
    operation === "deleteGroup" && phase === "before" && clients.includes(client)
      ? forbidden
      : undefined;

/** Answers that name both projects and the one that their server could not take back. */
const saysBoth = ({ answer: { error } }: Told): boolean =>
  error?.leftOver === undefined ||
  (error.code === "name_conflict" && error.retry === "never" && error.existing.length === 2);

/** Servers that make so many requests after their POST and then no more; with none, they never read its answer. */
const createDying = () => {
  const left = new Map<string, number>();
  const posted = new Set<string>();
  const portal: Portal = ({ client, operation }, phase) => {
    const requests = left.get(client);
    if (requests === undefined) return undefined;
    if (phase === "after" && operation === "createGroup") posted.add(client);
    if (!posted.has(client)) return undefined;
    if (phase === "before") left.set(client, requests - 1);
    return requests <= 0 ? "reset" : undefined;
  };
  return { portal, doom: (client: string, requests: number) => left.set(client, requests) };
};

describe.concurrent("servers that create one project at once, where Atlas does not keep its name unique", () => {
  it.each([
    [2, "equal", 0],
    [2, "different", 0],
    [3, "equal", 0],
    [3, "different", 0],
    [2, "equal", 500],
    [3, "different", 500],
  ] as const)(
    "leave one at most and tell the truth: %i with %s calls, and lists up to %i ms behind",
    (servers, alike, lagMs) => {
      const title = `${servers} servers, ${alike} calls, lists up to ${lagMs} ms behind`;
      return playRounds({ title, servers, options: { lagMs }, play: raced(alike) });
    },
    timeout,
  );

  it(
    "leave one at most and tell the truth where Atlas notices a taken name after 300 ms",
    playing("2 servers, a check of names that is 300 ms behind", {
      servers: 2,
      options: { nameCheck: 300 },
      play: raced("different"),
    }),
    timeout,
  );

  it(
    "leave one at most and tell the truth beside somebody who makes it with a plain POST",
    playing("2 servers, and a plain POST of somebody else", {
      servers: 2,
      play: raced("equal", async ({ field: { atlas }, name, random }) => {
        await clock.sleep(random() * 600);
        const tags = pick(random, [red, blue]);
        atlas.direct("createGroup", {}, { name, orgId: atlas.orgId, tags });
      }),
    }),
    timeout,
  );

  it(
    "leave one at most and tell the truth beside one that dies after its POST",
    () => {
      const { portal, doom } = createDying();
      const play = async (round: Round) => {
        const dying = round.field.server();
        doom(dying.client, Math.floor(round.random() * 6));
        const all = await race({ ...round, servers: [...round.servers, dying] }, "different");
        const told = all.filter(({ server }) => server !== dying);
        return { told, lies: await liesOfRace(round.field, round.name, told) };
      };
      const title = "a server beside one that dies after its POST";
      return playRounds({ title, servers: 1, options: { portal }, play });
    },
    timeout,
  );

  it(
    "name both projects where Atlas lets neither server take its own back",
    playing("2 servers that may not delete", {
      servers: 2,
      options: { portal: refusing("client-0", "client-1") },
      play: async (round) => {
        const told = await race(round, "different");
        const lies = await liesOfRace(round.field, round.name, told, 2);
        return { told, lies: told.every(saysBoth) ? lies : [...lies, "both are not named"] };
      },
    }),
    timeout,
  );

  it(
    "tell the truth where Atlas lets only one server take its own back",
    playing("2 servers, of which one may not delete", {
      servers: 2,
      options: { portal: refusing("client-0") },
      play: raced("different"),
    }),
    timeout,
  );

  it(
    "leave a project alone that somebody already uses",
    () => {
      let atlas: Imitation | undefined;
      const readWrite = { roleName: "readWriteAnyDatabase", databaseName: "admin" };
      const user = { username: "app", databaseName: "admin", roles: [readWrite] };
      const portal: Portal = ({ client, operation }, phase, reply) => {
        if (phase === "after" && operation === "createGroup" && client === "client-0")
          atlas?.direct("createGroupDatabaseUser", { groupId: reply?.made ?? "" }, user);
        return undefined;
      };
      const play = async (round: Round) => {
        atlas = round.field.atlas;
        const told = await race(round, "different");
        const lies = await liesOfRace(round.field, round.name, told);
        const used = atlas.done.filter(({ made, client, body }) => {
          return made && client === "client-0" && body.name === round.name;
        });
        const isLost = used.some(({ made }) => atlas?.done.some(({ removed }) => removed === made));
        return { told, lies: isLost ? [...lies, "a project in use was deleted"] : lies };
      };
      const title = "2 servers, of which one makes a project that somebody uses at once";
      return playRounds({ title, servers: 2, options: { portal }, play });
    },
    timeout,
  );

  it(
    "make one in one process: the other call is told of it",
    playing("2 different calls in one process", {
      servers: 1,
      play: async (round) => {
        const [one] = round.servers;
        const servers = one === undefined ? [] : [one, one];
        const told = await race({ ...round, servers }, "different");
        const lies = await liesOfRace(round.field, round.name, told);
        const ends = told.map(({ answer }) => endOf(answer)).sort();
        const isPlain = String(ends) === String(["created", "name_conflict exists"]);
        return { told, lies: isPlain ? lies : [...lies, String(ends)] };
      },
    }),
    timeout,
  );
});

describe.concurrent("servers that delete one thing at once", () => {
  it.each([
    [2, "cluster", 0],
    [3, "cluster", 500],
    [2, "project", 0],
    [3, "project", 500],
  ] as const)(
    "all say that it is deleted or absent: %i with one %s, and lists up to %i ms behind",
    (servers, kind, lagMs) => {
      const title = `${servers} servers that delete one ${kind}, lists up to ${lagMs} ms behind`;
      const options = { lagMs, deletionMs: kind === "cluster" ? 6000 : 0 };
      return playRounds({ title, servers, options, play: deletedAtOnce(kind) });
    },
    timeout,
  );
});
