/** What is not true in the answers of servers that have raced for one project, once all have answered. */
import type { Resource } from "../support/imitation.ts";
import { deadlineMs, type Field, hasRecorded, hasTags, type Told } from "./race-servers.ts";

// A deadline is met by the ticks of a clock, each of some milliseconds.
const tickMs = 200;

const idsIn = (existing: any): string[] =>
  [existing ?? []].flat().map(({ id }: { id: string }) => id);

/** What is not true in one answer, where these projects have the name. */
const liesIn = ({ answer, args, server }: Told, there: Resource[]): string[] => {
  const lies: string[] = [];
  const claim = (isTrue: boolean, what: string) => isTrue || lies.push(what);
  const isThere = (id: string) => there.some((one) => one.id === id);
  const { undone, leftOver } = answer.error ?? answer;
  if (undone !== undefined) claim(!isThere(undone.id), "what was undone is there");
  if (leftOver !== undefined) claim(isThere(leftOver.id), "what was left over is not there");
  if (answer.status === "ok") {
    const one = there.find(({ id }) => id === answer.project.id);
    claim(one !== undefined, `${answer.outcome}, and it is not there`);
    claim(hasTags(one, args.tags), `${answer.outcome}, and it is not as asked`);
    claim(["created", "existing"].includes(answer.outcome), "it is neither created nor existing");
    if (answer.outcome === "created")
      claim(one?.by === server.client, "created by another, and called created");
    return lies;
  }
  const { code, outcome, retry, existing, identical } = answer.error;
  if (code === "name_conflict") {
    const ids = idsIn(existing);
    claim(outcome === "exists", "a conflict of names says that nothing exists");
    claim(ids.length > 0 && ids.every(isThere), `existing: ${ids}, and not all are there`);
    const [only] = ids.length === 1 ? there : [];
    if (only !== undefined) claim(identical === hasTags(only, args.tags), "identical is not true");
  } else if (code === "conflict") {
    claim(outcome === "not_created" && retry === "same_arguments", "it is another conflict");
    claim(there.length === 0, "not created, and the name is taken");
  } else claim(false, `${code} ${outcome}, which nothing here gives a reason for`);
  return lies;
};

/** What was deleted and is not in the audit of who deleted it, or was not its own. */
const unrecorded = async (field: Field, name: string, told: Told[]): Promise<string[]> => {
  const made = field.atlas.done.filter((one) => one.made && one.body.name === name);
  const lies: string[] = [];
  for (const { removed = "", client, doneAt } of field.atlas.done) {
    const maker = made.find((one) => one.made === removed)?.client;
    const server = told.find((one) => one.server.client === client)?.server;
    if (maker === undefined || server === undefined) continue;
    if (maker !== client) lies.push(`${client} deleted ${removed}, which ${maker} had made`);
    if (!(await hasRecorded(server, removed, doneAt)))
      lies.push(`${client} deleted ${removed}, and its audit does not say so`);
  }
  return lies;
};

/** All that is not true after a race for a name; `most` is how many projects may have it. */
export const liesOfRace = async (
  field: Field,
  name: string,
  told: Told[],
  most = 1,
): Promise<string[]> => {
  const there = field.atlas.there("project", field.atlas.orgId).filter((one) => one.name === name);
  const created = told.filter(({ answer }) => answer.outcome === "created");
  return [
    ...(there.length > most ? [`${there.length} projects have the name`] : []),
    ...(created.length > 1 ? [`${created.length} were told that they created it`] : []),
    ...told.flatMap((one) => liesIn(one, there).map((lie) => `${one.server.client}: ${lie}`)),
    ...told
      .filter(({ startedAt, endedAt }) => endedAt - startedAt > deadlineMs + tickMs)
      .map(({ server }) => `${server.client}: answered after its deadline`),
    ...(await unrecorded(field, name, told)),
  ];
};
