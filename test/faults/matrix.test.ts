import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { passwordsIn } from "../support/passwords-in.ts";
import { type Ending, type Repeat, type Row, repeats, rows } from "./expected.ts";
import { deleteRows } from "./expected-deletes.ts";
import { updateRows } from "./expected-updates.ts";
import { type Harness, openHarness } from "./harness.ts";
import { changes, creates, deletes, type Subject, updates } from "./subjects.ts";
import type { WireFault } from "./tcp-proxy.ts";

const step = 50;

type Case = { row: Row; subject: Subject; repeat: Repeat; ending: Ending };

const cases: Case[] = [...rows, ...updateRows, ...deleteRows].flatMap((row: Row) =>
  [...creates, ...updates, ...deletes].flatMap((subject) =>
    repeats.flatMap((repeat) => {
      const ending = row.endings[subject]?.[repeat];
      return ending === undefined ? [] : [{ row, subject, repeat, ending }];
    }),
  ),
);

const titled = cases.map((one): [title: string, one: Case] => [
  `${one.row.fault} ${one.repeat}, on a ${one.subject}`,
  one,
]);

/** The sandbox's own delay is real time; the table has that of the server's clock. */
const real = (fault: string): string =>
  fault.replace(/^delay:(\d+)/, (_all, ms) => `delay:${Number(ms) / step}`);

const script = async (harness: Harness, { row, repeat, subject }: Case) => {
  const { operation, method, path } = changes[subject];
  if (row.by === "sandbox")
    return harness.script(operation, real(row.fault), repeat === "once" ? 1 : 99);
  const on = repeat === "once" ? 1 : "always";
  harness.proxy.script({ method, path, fault: row.fault as WireFault, on });
};

/** Runs one case on a harness of its own and says what came of it. */
const endingOf = async (one: Case): Promise<{ ending: Ending; files: number }> => {
  const { operation, method, path, prepare, call, there } = changes[one.subject];
  const harness = await openHarness(step);
  try {
    if (one.row.before) await harness.script("*", real(one.row.fault), 2);
    const groupId = await prepare(harness);
    if (!one.row.before) await script(harness, one);
    const before = (await harness.state()).requests.length;
    const answer = await call(harness.process(), groupId, harness);
    const state = await harness.state();
    const { code, retry } = answer.error ?? {};
    const isSent = (seen: { method: string; path: string }) =>
      seen.method === method && path.test(seen.path);
    const ending: Ending = {
      status: answer.status,
      outcome: answer.outcome ?? answer.error?.outcome,
      ...(answer.reconciled === undefined ? {} : { reconciled: answer.reconciled }),
      ...(code === undefined ? {} : { code }),
      ...(retry === undefined ? {} : { retry }),
      sent: harness.proxy.passed.filter(isSent).length,
      arrived: state.requests.slice(before).filter((seen) => seen.operation === operation).length,
      resources: there(state).length,
    };
    return { ending, files: passwordsIn(harness.passwords).length };
  } finally {
    await harness.close();
  }
};

let ran = 0;
const unexplained = /error:400:(VALIDATION_ERROR)?$/;

describe.concurrent("a change under a fault", () => {
  it.each(titled)("%s, answers and leaves what the table says", async (_title, one) => {
    const { ending, files } = await endingOf(one);
    ran += 1;
    expect(ending).toEqual(one.ending);
    // A password is kept wherever its user may exist, so also after a 400 that no errorCode explains.
    const mayExist = ending.outcome !== "not_created" || unexplained.test(one.row.fault);
    expect(files).toBe(one.subject === "database user" && mayExist ? 1 : 0);
  });
});

afterAll(() => {
  const faults = rows.length + updateRows.length + deleteRows.length;
  console.log(`matrix: ${ran} of ${cases.length} cases run, ${faults} faults`);
});

const counted = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? "" : what.endsWith("ch") ? "es" : "s"}`;

const told = ({ outcome, reconciled, code, retry, ...counts }: Ending, what: string): string => {
  const { sent, arrived, resources } = counts;
  const answer =
    code === undefined
      ? `\`${outcome}\`${reconciled ? ", reconciled" : ""}`
      : `\`${code}\`, \`${outcome}\`, retry \`${retry}\``;
  const requests = `${counted(sent, what)}${sent === arrived ? "" : ` (${arrived} arrived)`}`;
  return `${answer}; ${requests}, ${counted(resources, "resource")}`;
};

type Table = { by: Row["by"]; all: readonly Row[]; subjects: readonly Subject[]; what: string };

/** One line for all subjects that end in the same way. */
const linesOf = ({ fault, meaning, endings }: Row, { subjects, what }: Table): string[] => {
  const groups = new Map<string, Subject[]>();
  for (const subject of subjects) {
    const pair = endings[subject];
    if (pair === undefined) continue;
    const text = `${told(pair.once, what)} | ${told(pair.always, what)}`;
    groups.set(text, [...(groups.get(text) ?? []), subject]);
  }
  return [...groups].map(([text, who]) => {
    const names = who.length === subjects.length ? "all" : who.join(", ");
    return `| \`${fault}\` | ${meaning} | ${names} | ${text} |`;
  });
};

const tableOf = (table: Table): string[] => [
  "| fault | what happens | of what | once | always |",
  "|---|---|---|---|---|",
  ...table.all.filter((row) => row.by === table.by).flatMap((row) => linesOf(row, table)),
];

const createTable = { all: rows, subjects: creates, what: "post" };
const updateTable = { all: updateRows, subjects: updates, what: "patch" };
const deleteTable = { all: deleteRows, subjects: deletes, what: "delete" };

const page = `${[
  "# Faults",
  "",
  "What a create, an update or a delete answers when its request meets a fault, how often it sends it, and what there is afterwards:",
  "from [the rules for lost answers](architecture.md#lost-answers), and run line by line through the tools against the sandbox by `test/faults/matrix.test.ts`, which writes",
  "this page from `test/faults/expected.ts`, `expected-updates.ts` and `expected-deletes.ts` when `UPDATE_DOCS` is set.",
  "",
  "One attempt has 10 s, one call 45 s. Reads pass; resources are counted when the answer is given; of an update those that are as asked. *Once* strikes the first",
  "request, *always* each of them.",
  "",
  "## Creates, in Atlas",
  "",
  ...tableOf({ ...createTable, by: "sandbox" }),
  "",
  "## Creates, on the way",
  "",
  ...tableOf({ ...createTable, by: "wire" }),
  "",
  "## Updates, in Atlas",
  "",
  ...tableOf({ ...updateTable, by: "sandbox" }),
  "",
  "## Updates, on the way",
  "",
  ...tableOf({ ...updateTable, by: "wire" }),
  "",
  "## Deletes, in Atlas",
  "",
  ...tableOf({ ...deleteTable, by: "sandbox" }),
  "",
  "## Deletes, on the way",
  "",
  ...tableOf({ ...deleteTable, by: "wire" }),
  "",
].join("\n")}`;

it("is told by docs/faults.md as it is run (UPDATE_DOCS=1 writes it)", () => {
  const file = fileURLToPath(new URL("../../docs/faults.md", import.meta.url));
  if (process.env.UPDATE_DOCS) writeFileSync(file, page);
  expect(readFileSync(file, "utf8")).toBe(page);
});
