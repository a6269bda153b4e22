/** Plays many rounds of a race side by side, and counts how the calls have ended. */
import { afterAll, expect } from "vitest";
import { createFastClock } from "../support/fast-clock.ts";
import { type ImitationOptions, randomFrom } from "../support/imitation.ts";
import { runs, seed } from "../support/seed.ts";
import { endOf, type Field, openField, type Server, storyOf, type Told } from "./race-servers.ts";

export const rounds = runs(20);

// Rounds at the same time: while one waits, another one works.
const lanes = 20;

export const clock = createFastClock(20);
afterAll(clock.stop);

const counts = new Map<string, Map<string, number>>();

const count = (title: string, end: string) => {
  const ends = counts.get(title) ?? new Map<string, number>();
  counts.set(title, ends.set(end, (ends.get(end) ?? 0) + 1));
};

afterAll(() => {
  const told = [...counts].map(([title, ends]) => {
    const sorted = [...ends].sort(([one], [other]) => one.localeCompare(other));
    return `${title}\n${sorted.map(([end, times]) => `  ${times} x ${end}`).join("\n")}`;
  });
  console.log(`${rounds} rounds each, TEST_SEED=${seed}\n${told.join("\n")}`);
});

export type Random = () => number;

export const pick = <T>(random: Random, choices: readonly T[]): T =>
  choices[Math.floor(random() * choices.length)] as T;

/** What a round needs: the servers, a name of its own, and numbers of its own. */
export type Round = { field: Field; servers: Server[]; name: string; random: Random };

/** What was answered in a round, and what of it is not true. */
export type Played = { told: Told[]; lies: string[] };

export type Rounds = {
  title: string;
  servers: number;
  options?: Partial<ImitationOptions>;
  play(round: Round): Promise<Played>;
};

/** Plays all rounds; fails with what was not true, and the requests of the first round in which something was not. */
export const playRounds = async ({ title, servers: number, options, play }: Rounds) => {
  const field = await openField({ clock, seed, delayMs: 300, nameCheck: "off", ...options });
  const servers = Array.from({ length: number }, field.server);
  const lies: string[] = [];
  let story = "";
  let next = 0;
  const lane = async () => {
    while (next < rounds) {
      const number = next;
      next += 1;
      const name = `shop-${number}`;
      const played = await play({ field, servers, name, random: randomFrom(seed * 1e6 + number) });
      for (const { answer } of played.told) count(title, endOf(answer));
      if (played.lies.length === 0) continue;
      lies.push(`${name}: ${played.lies.join("; ")}`);
      const answers = played.told.map(({ server, args, answer }) =>
        JSON.stringify([server.client, args, answer]),
      );
      story ||= `${name}\n${storyOf(field, name)}\n${answers.join("\n")}`;
    }
  };
  try {
    await Promise.all(Array.from({ length: lanes }, lane));
    expect(lies, story).toEqual([]);
  } finally {
    await field.close();
  }
};
