import { describe, expect, it, vi } from "vitest";
import { toldBy } from "../support/ending.ts";
import { ensureEntry, ensureUser } from "../support/ensure.ts";
import { openStage, type Stage } from "../support/stage.ts";
import type { WireFault } from "../support/tcp-proxy.ts";
import { type Ending, type Repeat, type Row, repeats, rows } from "./expected.ts";

vi.setConfig({ maxConcurrency: 16 });

const step = 20;

const kinds = {
  user: {
    operation: "createGroupDatabaseUser",
    path: /\/databaseUsers$/,
    create: (stage: Stage, groupId: string) =>
      ensureUser(stage.process(), groupId, {
        username: "app",
        databaseName: "admin",
        roles: [{ roleName: "readWriteAnyDatabase", databaseName: "admin" }],
      }),
  },
  entry: {
    operation: "createGroupAccessListEntry",
    path: /\/accessList\?/,
    create: (stage: Stage, groupId: string) =>
      ensureEntry(stage.process(), groupId, { ipAddress: "203.0.113.7" }),
  },
};

type Kind = keyof typeof kinds;
type Case = { row: Row; kind: Kind; repeat: Repeat; ending: Ending };

/** Users and entries go as clusters do: Atlas keeps their names unique itself. A second entry takes the place of the first. */
const endingOf = ({ fault, endings }: Row, kind: Kind, repeat: Repeat): Ending | undefined => {
  if (fault === "stuck_creating") return undefined;
  const ending = endings.cluster?.[repeat];
  const unseen = kind === "entry" && fault.startsWith("stale_reads:20") && repeat === "once";
  return unseen ? { status: "ok", outcome: "created", sent: 2, arrived: 2, resources: 1 } : ending;
};

const cases: Case[] = rows.flatMap((row) =>
  (["user", "entry"] as const).flatMap((kind) =>
    repeats.flatMap((repeat) => {
      const ending = endingOf(row, kind, repeat);
      return ending === undefined ? [] : [{ row, kind, repeat, ending }];
    }),
  ),
);

const run = async ({ row, kind, repeat }: Case): Promise<Ending> => {
  const { operation, path, create } = kinds[kind];
  const stage = await openStage(step);
  try {
    const groupId = await stage.makeProject("home");
    // The sandbox's own delay is real time; the table has that of the server's clock.
    const fault = row.fault.replace(/^delay:(\d+)/, (_all, ms) => `delay:${Number(ms) / step}`);
    if (row.by === "sandbox") await stage.script(operation, fault, repeat === "once" ? 1 : 99);
    else
      stage.proxy.script({
        method: "POST",
        path,
        fault: row.fault as WireFault,
        on: repeat === "once" ? 1 : "always",
      });
    const told = await toldBy(create(stage, groupId));
    const { users, accessList, requests } = await stage.state();
    return {
      ...told,
      sent: stage.proxy.passed.filter((one) => one.method === "POST" && path.test(one.path)).length,
      arrived: requests.filter((one) => one.operation === operation).length,
      resources: [...users, ...accessList].length,
    };
  } finally {
    await stage.close();
  }
};

const titled = cases.map((one): [title: string, one: Case] => [
  `${one.row.fault} ${one.repeat}, on a database ${one.kind}`.replace(
    "database entry",
    "list entry",
  ),
  one,
]);

describe.concurrent("a create of what a connection needs, under a fault", () => {
  it.each(titled)(
    "%s, answers and leaves what the table says of a cluster",
    async (_title, one) => {
      expect(await run(one)).toEqual(one.ending);
    },
  );
});
