/** The projects that were made a moment ago: a list of Atlas may not show them yet (docs/atlas.md#consistency). */
import type { AtlasClient } from "../atlas/client.ts";
import { getGroup } from "../atlas/requests.ts";
import { isSame } from "../atlas/resources/fields.ts";
import type { Project } from "../atlas/resources/project.ts";
import type { Deadline } from "../common/deadline.ts";
import { rethrowFault } from "../common/failure.ts";
import type { MadeLists } from "../store/made.ts";
import type { Lookup } from "./lookup.ts";

/** A project that a server has made under a name; fresh if Atlas may not show it yet. */
export type MadeProject = { id: string; isFresh: boolean };

export type MadeProjects = {
  /** Whether other servers tell of theirs. */
  isShared: boolean;
  /** Tells the servers that share a store what this one has made under a name, before it looks for others. Never rejects. */
  announce(key: string, id: string): Promise<void>;
  /** Tells them that it stays: nobody takes it back any more. */
  keep(key: string, id: string): void;
  /** Tells them that it is deleted. */
  forget(key: string, id: string): void;
  isKept(id: string): boolean;
  /** Those that were made under a name; none where the store does not answer. Never rejects. */
  of(key: string): Promise<MadeProject[]>;
};

const mostKept = 1000;

// Milliseconds after which Atlas shows what was made.
const freshMs = 8000;

type Word = "made" | "kept" | "deleted";

/** Without a store, only what this process keeps is known. */
export const createMadeProjects = (made?: MadeLists): MadeProjects => {
  const kept = new Set<string>();
  const keepHere = (id: string) => {
    kept.add(id);
    const [oldest = ""] = kept;
    if (kept.size > mostKept) kept.delete(oldest);
  };
  const note = async (key: string, id: string, word: Word): Promise<void> =>
    made?.note(key, id, word).catch(() => {});
  return {
    isShared: made !== undefined,
    announce: (key, id) => note(key, id, "made"),
    keep: (key, id) => {
      keepHere(id);
      void note(key, id, "kept");
    },
    forget: (key, id) => void note(key, id, "deleted"),
    isKept: (id) => kept.has(id),
    of: async (key) => {
      const noted = (await made?.noted(key).catch(() => undefined)) ?? [];
      for (const { id, word } of noted) if (word === "kept") keepHere(id);
      return noted.flatMap(({ id, word, ageMs }) =>
        word === "deleted" ? [] : [{ id, isFresh: ageMs < freshMs }],
      );
    },
  };
};

/** A project by its id; undefined if Atlas does not show it. */
const readNow = (
  atlas: AtlasClient,
  id: string,
  deadline: Deadline,
): Promise<Project | undefined> =>
  atlas.read(getGroup(id), deadline).catch((error: unknown) => {
    rethrowFault(error);
    return undefined;
  });

/** A look-up by name, with those that servers have made and the list does not show; `isHidden` if Atlas shows one of them nowhere. */
export type LookupWithMade = { lookup: Lookup<Project>; isHidden: boolean };

export const withMade = async (
  looking: Promise<Lookup<Project>>,
  made: Promise<MadeProject[]>,
  { atlas, name, deadline }: { atlas: AtlasClient; name: string; deadline: Deadline },
): Promise<LookupWithMade> => {
  const [lookup, all] = await Promise.all([looking, made]);
  const listed = "found" in lookup ? lookup.found : [];
  const unlisted = all.filter(({ id }) => !listed.some((project) => project.id === id));
  const answers = await Promise.all(
    unlisted.map(async ({ id, isFresh }) => ({
      isFresh,
      project: await readNow(atlas, id, deadline),
    })),
  );
  const shown = answers.flatMap(({ project }) => (project === undefined ? [] : [project]));
  const found = [...listed, ...shown.filter((project) => isSame(project.name, name))];
  return {
    lookup: found.length === 0 ? lookup : { found },
    isHidden: answers.some(({ isFresh, project }) => isFresh && project === undefined),
  };
};
