/** An Atlas with many projects, each with clusters of its own or with a refusal, for what the sandbox never has. */
import { benchFor, openFakeAtlas, orgId } from "../support/atlas.ts";
import { json } from "../support/fake-atlas.ts";

type Refusal = { status: number; errorCode?: string };

type List = string[] | Refusal;

export type FakeProject = {
  name: string;
  /** Missing: the usual one. Empty: Atlas does not say, and lists it anywhere. */
  orgId?: string;
  /** Missing: Atlas does not say. */
  clusterCount?: number;
  flex?: List;
  others?: List;
  /** What a read of the project alone is answered with; the lists show it all the same. */
  self?: Refusal;
};

export const idOf = (at: number): string => `${at + 1}`.padStart(24, "0");

/** Answers a list as Atlas does. */
const answerList = (response: Parameters<typeof json>[0], path: string, list: unknown[]) => {
  const { searchParams } = new URL(path, "http://x");
  const size = Number(searchParams.get("itemsPerPage") ?? 100);
  const page = Number(searchParams.get("pageNum") ?? 1);
  const results = list.slice((page - 1) * size, page * size);
  return json(response, 200, { results, totalCount: list.length });
};

const refuse = (response: Parameters<typeof json>[0], { status, errorCode }: Refusal) =>
  json(response, status, errorCode === undefined ? "" : { error: status, errorCode });

/** Starts it; `late` answers every request only after so many milliseconds, `onList` runs before each list of clusters. */
export const atlasWith = async (
  projects: FakeProject[],
  { late = 0, onList }: { late?: number; onList?: (() => void) | undefined } = {},
) => {
  const shown = projects.map(
    ({ flex: _, others: __, self: ___, orgId: home = orgId, ...rest }, at) => ({
      id: idOf(at),
      ...(home === "" ? {} : { orgId: home }),
      ...rest,
    }),
  );
  let [running, most] = [0, 0];
  const fakeAtlas = await openFakeAtlas((seen, response) => {
    const { pathname } = new URL(seen.path, "http://x");
    const [, org, all, groupId, kind] =
      /^\/api\/atlas\/v2(?:\/orgs\/(\w+))?\/(groups)(?:\/(\w+)(?:\/(\w+))?)?$/.exec(pathname) ?? [];
    if (all === undefined) return undefined;
    running += 1;
    most = Math.max(most, running);
    const answer = () => {
      running -= 1;
      if (groupId === undefined) {
        const inOrg = shown.filter((one) => org === undefined || (one.orgId ?? org) === org);
        return answerList(response, seen.path, inOrg);
      }
      const at = shown.findIndex(({ id }) => id === groupId);
      const project = projects[at];
      if (project === undefined) return json(response, 404, { errorCode: "GROUP_NOT_FOUND" });
      if (kind === undefined)
        return project.self === undefined
          ? json(response, 200, shown[at])
          : refuse(response, project.self);
      onList?.();
      const list = (kind === "flexClusters" ? project.flex : project.others) ?? [];
      if (!Array.isArray(list)) return refuse(response, list);
      const clusters = list.map((name, index) => ({
        id: idOf(index),
        groupId,
        name,
        stateName: "IDLE",
        providerSettings: { backingProviderName: "AWS", regionName: "US_EAST_1" },
      }));
      return answerList(response, seen.path, clusters);
    };
    if (late === 0) return answer();
    setTimeout(answer, late);
    return true;
  });
  const bench = benchFor(fakeAtlas.url);
  return {
    bench,
    url: fakeAtlas.url,
    work: bench.work(),
    /** The paths that were asked for. */
    asked: () => fakeAtlas.api().map((one) => new URL(one.path, "http://x").pathname),
    mostAtOnce: () => most,
  };
};
