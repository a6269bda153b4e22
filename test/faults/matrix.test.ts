import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it, vi } from "vitest";
import { aws, openStage, type Stage } from "../support/stage.ts";
import type { WireFault } from "../support/tcp-proxy.ts";
import {
  type Create,
  creates,
  type Ending,
  type Repeat,
  type Row,
  repeats,
  rows,
} from "./expected.ts";

// Rows mostly wait: many at once take little more than one.
vi.setConfig({ maxConcurrency: 16 });

const step = 20;

type Case = { row: Row; create: Create; repeat: Repeat; ending: Ending };

const cases: Case[] = rows.flatMap((row) =>
  creates.flatMap((create) =>
    repeats.flatMap((repeat) => {
      const ending = row.endings[create]?.[repeat];
      return ending === undefined ? [] : [{ row, create, repeat, ending }];
    }),
  ),
);

const titled = cases.map((one): [title: string, one: Case] => [
  `${one.row.fault} ${one.repeat}, on a ${one.create}`,
  one,
]);

const posted = { project: /\/groups$/, cluster: /\/flexClusters$/ };

/** The sandbox's own delay is real time; the table has that of the server's clock. */
const real = (fault: string): string =>
  fault.replace(/^delay:(\d+)/, (_all, ms) => `delay:${Number(ms) / step}`);

const script = async (stage: Stage, { row, repeat }: Case, kind: "project" | "cluster") => {
  const times = repeat === "once" ? 1 : 99;
  const operation = kind === "project" ? "createGroup" : "createGroupFlexCluster";
  if (row.by === "sandbox") return stage.script(operation, real(row.fault), times);
  const fault = row.fault as WireFault;
  const on = repeat === "once" ? 1 : "always";
  stage.proxy.script({ method: "POST", path: posted[kind], fault, on });
};

/** Runs one case on a stage of its own and says what came of it. */
const endingOf = async (one: Case): Promise<Ending> => {
  const kind = one.create.endsWith("project") ? "project" : "cluster";
  const stage = await openStage(step);
  try {
    const groupId = kind === "cluster" ? await stage.makeProject("home") : "";
    await script(stage, one, kind);
    const tags = one.create.startsWith("tagged") ? { tags: [{ key: "env", value: "test" }] } : {};
    const before = (await stage.state()).requests.length;
    const answer =
      kind === "project"
        ? await stage
            .process()
            .call("create_project", { name: "shop", orgId: stage.sandbox.orgId, ...tags })
        : await stage
            .process()
            .call("create_flex_cluster", { groupId, name: "shop", providerSettings: aws, ...tags });
    const { projects, clusters, requests } = await stage.state();
    const isPost = (seen: { method: string; path: string }) =>
      seen.method === "POST" && posted[kind].test(seen.path);
    const { code, retry } = answer.error ?? {};
    return {
      status: answer.status,
      outcome: answer.outcome ?? answer.error?.outcome,
      ...(answer.reconciled === undefined ? {} : { reconciled: answer.reconciled }),
      ...(code === undefined ? {} : { code }),
      ...(retry === undefined ? {} : { retry }),
      sent: stage.proxy.passed.filter(isPost).length,
      arrived: requests.slice(before).filter(isPost).length,
      resources: [...projects, ...clusters].filter(({ name }) => name === "shop").length,
    };
  } finally {
    await stage.close();
  }
};

let ran = 0;

describe.concurrent("a create under a fault", () => {
  it.each(titled)("%s, answers and leaves what the table says", async (_title, one) => {
    const ending = await endingOf(one);
    ran += 1;
    expect(ending).toEqual(one.ending);
  });
});

afterAll(() => {
  console.log(`matrix: ${ran} of ${cases.length} cases run, ${rows.length} faults`);
});

const told = ({ outcome, reconciled, code, retry, ...counts }: Ending): string => {
  const { sent, arrived, resources } = counts;
  const answer =
    code === undefined
      ? `\`${outcome}\`${reconciled ? ", reconciled" : ""}`
      : `\`${code}\`, \`${outcome}\`, retry \`${retry}\``;
  const posts = `${sent} ${sent === 1 ? "post" : "posts"}${sent === arrived ? "" : ` (${arrived} arrived)`}`;
  return `${answer}; ${posts}, ${resources} ${resources === 1 ? "resource" : "resources"}`;
};

/** One line for all creates that end in the same way. */
const linesOf = ({ fault, meaning, endings }: Row): string[] => {
  const groups = new Map<string, Create[]>();
  for (const create of creates) {
    const pair = endings[create];
    if (pair === undefined) continue;
    const text = `${told(pair.once)} | ${told(pair.always)}`;
    groups.set(text, [...(groups.get(text) ?? []), create]);
  }
  return [...groups].map(([text, who]) => {
    const names = who.length === creates.length ? "every create" : who.join(", ");
    return `| \`${fault}\` | ${meaning} | ${names} | ${text} |`;
  });
};

const tableOf = (by: Row["by"]): string[] => [
  "| fault | what happens | create | once | always |",
  "|---|---|---|---|---|",
  ...rows.filter((row) => row.by === by).flatMap(linesOf),
];

const page = `${[
  "# Faults",
  "",
  "What a create answers when its post meets a fault, how often it posts, and what there is afterwards: from the design,",
  "and run line by line against the sandbox by `test/faults/matrix.test.ts`, which writes this page from",
  "`test/faults/expected.ts` when `UPDATE_DOCS` is set.",
  "",
  "One attempt has 10 s, one call 45 s. Reads pass; resources are counted when the answer is given. *Once* strikes the first",
  "post, *always* each of them.",
  "",
  "## In Atlas",
  "",
  ...tableOf("sandbox"),
  "",
  "## On the way",
  "",
  ...tableOf("wire"),
  "",
].join("\n")}`;

it("is told by docs/faults.md as it is run (UPDATE_DOCS=1 writes it)", () => {
  const file = fileURLToPath(new URL("../../docs/faults.md", import.meta.url));
  if (process.env.UPDATE_DOCS) writeFileSync(file, page);
  expect(readFileSync(file, "utf8")).toBe(page);
});
