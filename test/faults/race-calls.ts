/** Races for one project and races to delete, each of them one round. */
import { clock, type Played, pick, type Round } from "./race-rounds.ts";
import { endOf, hasRecorded, type Told, tell } from "./race-servers.ts";
import { liesOfRace } from "./race-truth.ts";

export const red = [{ key: "colour", value: "red" }];
export const blue = [{ key: "colour", value: "blue" }];

const tagsOf = { equal: () => red, different: (index: number) => (index === 0 ? red : blue) };

export type Alike = keyof typeof tagsOf;

/** One call of each server for the name, all within 300 ms. */
export const race = ({ field, servers, name, random }: Round, alike: Alike): Promise<Told[]> =>
  Promise.all(
    servers.map(async (server, index) => {
      const ifExists = pick(random, ["error", "return"]);
      await clock.sleep(random() * 300);
      const args = { name, orgId: field.atlas.orgId, tags: tagsOf[alike](index), ifExists };
      return tell(field, server, "create_project", args);
    }),
  );

/** A race, and what is not true after it; `beside` happens at the same time. */
export const raced =
  (alike: Alike, beside: (round: Round) => Promise<void> = async () => {}) =>
  async (round: Round): Promise<Played> => {
    const [told] = await Promise.all([race(round, alike), beside(round)]);
    return { told, lies: await liesOfRace(round.field, round.name, told) };
  };

/** Makes a project, or a cluster in one, and lets every server delete it within 300 ms. */
export const deletedAtOnce =
  (kind: "project" | "cluster") =>
  async ({ field, servers, name, random }: Round): Promise<Played> => {
    const { atlas } = field;
    const { orgId } = atlas;
    const { made: groupId = "" } = atlas.direct("createGroup", {}, { name, orgId });
    const providerSettings = { backingProviderName: "AWS", regionName: "US_EAST_1" };
    const { made: id = groupId } =
      kind === "project"
        ? {}
        : atlas.direct("createGroupFlexCluster", { groupId }, { name, providerSettings });
    // Every list shows it by then.
    await clock.sleep(1000);
    const told = await Promise.all(
      servers.map(async (server) => {
        await clock.sleep(random() * 300);
        const tool = kind === "project" ? "delete_project" : "delete_flex_cluster";
        return tell(field, server, tool, { groupId, name });
      }),
    );
    const lies = told
      .filter(({ answer }) => !["deleted", "absent"].includes(endOf(answer)))
      .map(({ server, answer }) => `${server.client}: ${JSON.stringify(answer)}`);
    const left = atlas.there(kind, kind === "project" ? orgId : groupId);
    if (left.some((one) => one.id === id)) lies.push("it is there");
    const removal = atlas.done.find(({ removed }) => removed === id);
    const remover = servers.find(({ client }) => client === removal?.client);
    if (removal === undefined || remover === undefined) lies.push("nobody has deleted it");
    else if (!(await hasRecorded(remover, id, removal.doneAt))) lies.push("it is not in the audit");
    return { told, lies };
  };
