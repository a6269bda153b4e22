/** Servers with an audit each, all on one imitation of Atlas, and what each of them has recorded. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAudit, type Line } from "../../src/audit/log.ts";
import type { Clock } from "../../src/common/deadline.ts";
import {
  type Imitation,
  type ImitationOptions,
  type Resource,
  startImitation,
} from "../support/imitation.ts";
import { type Answer, provision } from "./provision.ts";

export const deadlineMs = 45_000;

export type Server = {
  client: string;
  call(tool: string, args: object): Promise<Answer>;
  /** The lines of its audit that name this id or name. */
  recorded(text: string): Promise<Line[]>;
};

export type Field = {
  atlas: Imitation;
  clock: Clock;
  /** Starts one more server. */
  server(): Server;
  close(): Promise<void>;
};

/** One Atlas, and as many servers on it as are started. */
export const openField = async (options: ImitationOptions): Promise<Field> => {
  const atlas = await startImitation(options);
  const folder = await mkdtemp(join(tmpdir(), "race-"));
  const closing: (() => Promise<void>)[] = [];
  return {
    atlas,
    clock: options.clock,
    server: () => {
      const account = atlas.account();
      const path = join(folder, account.clientId);
      const audit = createAudit(path, undefined, options.clock);
      const { clock } = options;
      const one = provision({ baseUrl: atlas.url, account, clock, deadlineMs, audit });
      closing.push(one.close, audit.close);
      return {
        client: account.clientId,
        call: one.call,
        recorded: async (text) => {
          const lines = (await readFile(path, "utf8").catch(() => "")).split("\n");
          return lines.filter((line) => line.includes(text)).map((line) => JSON.parse(line));
        },
      };
    },
    close: async () => {
      await Promise.all(closing.map((end) => end()));
      await atlas.close();
      await rm(folder, { recursive: true });
    },
  };
};

/** A call that has been answered. */
export type Told = {
  server: Server;
  args: Record<string, any>;
  answer: Answer;
  startedAt: number;
  endedAt: number;
};

export const tell = async (
  { clock }: Field,
  server: Server,
  tool: string,
  args: Record<string, any>,
): Promise<Told> => {
  const startedAt = clock.now();
  const answer = await server.call(tool, args);
  return { server, args, answer, startedAt, endedAt: clock.now() };
};

/** How a call has ended, in a few words. */
export const endOf = ({ status, outcome, undone, error }: Answer): string => {
  if (status === "ok") return undone === undefined ? outcome : `${outcome} undone`;
  const { code, outcome: what, undone: taken, leftOver } = error;
  return [code, what, ...(taken ? ["undone"] : []), ...(leftOver ? ["leftOver"] : [])].join(" ");
};

/** Whether a server has recorded that it deleted this id at this time: an intent before, and the outcome after it. */
export const hasRecorded = async (server: Server, id: string, at: number): Promise<boolean> => {
  const lines = await server.recorded(id);
  const [intent, outcome, ...more] = lines.filter(({ resource }) => resource.id === id);
  return (
    intent?.kind === "intent" &&
    intent.request?.method === "DELETE" &&
    Date.parse(intent.at) <= at &&
    outcome?.kind === "outcome" &&
    outcome.id === intent.id &&
    outcome.result?.outcome === "deleted" &&
    Date.parse(outcome.at) >= at &&
    more.length === 0
  );
};

/** Whether a resource has the tags that were asked for. */
export const hasTags = (one: Resource | undefined, tags: object[] = []): boolean =>
  JSON.stringify(one?.body.tags ?? []) === JSON.stringify(tags);

/** The requests about a project of this name, in order, with the time since the first. */
export const storyOf = ({ atlas }: Field, name: string): string => {
  const ids = atlas.done.flatMap(({ body, made = "" }) => (body?.name === name ? [made] : []));
  const about = atlas.done.filter(
    ({ body, path, at: { groupId = "" } }) =>
      body?.name === name || path.includes(`name=${name}&`) || ids.includes(groupId),
  );
  const since = about[0]?.doneAt ?? 0;
  return about
    .map(({ client, operation, at, made, status, doneAt }) =>
      [doneAt - since, client, operation, at.groupId ?? "", made ?? "", status].join(" "),
    )
    .join("\n");
};
