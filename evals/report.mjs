// The results as a table and as totals.
const number = (value) => value.toLocaleString("en-US");

const width = (text) => [...text].length;

const aligned = (rows) => {
  const widths = rows[0].map((_cell, column) => Math.max(...rows.map((row) => width(row[column]))));
  return rows.map((row) =>
    row
      .map((cell, column) => cell + " ".repeat(widths[column] - width(cell)))
      .join("  ")
      .trimEnd(),
  );
};

const kindsOf = (harm) => [...new Set(harm.map(({ kind }) => kind))].join(", ") || "-";

/** One line for each run of a task, and below it why it is not done and what the harm is. */
export const tableOf = (results) => {
  const head = ["task", "done", "calls/least", "tokens in", "out", "harm"];
  const rows = results.map(({ id, done, calls, least, tokens, harm }) => [
    id,
    done ? "yes" : "no",
    `${calls}/${least}`,
    number(tokens.in),
    number(tokens.out),
    kindsOf(harm),
  ]);
  const [first, ...lines] = aligned([head, ...rows]);
  return [
    first,
    ...lines.flatMap((line, index) => {
      const { done, why, harm } = results[index];
      return [
        line,
        ...(done ? [] : why.map((reason) => `    not done: ${reason}`)),
        ...harm.map(({ kind, what }) => `    ${kind}: ${what}`),
      ];
    }),
  ].join("\n");
};

const cellsOf = (runs) =>
  runs.length === 0
    ? ["not run", "-", "-", "-"]
    : [
        `${runs.filter(({ done }) => done).length} of ${runs.length}`,
        runs.map(({ calls, least }) => `${calls}/${least}`).join(" "),
        number(sum(runs.map(({ tokens }) => tokens.in))),
        kindsOf(runs.flatMap(({ harm }) => harm)),
      ];

/** This run beside a report that was written before, task by task, for the tasks of this run. */
export const besideOf = (here, there) => {
  const nameOf = ({ model, server }) => `${model} on ${server}`;
  const ids = [...new Set([...here.results.map(({ id }) => id), ...Object.keys(here.notRun)])];
  const runsOf = ({ results }, wanted) => results.filter(({ id }) => id === wanted);
  const head = ["done", "calls/least", "tokens in", "harm"];
  const rows = ids.map((id) => [id, ...cellsOf(runsOf(here, id)), ...cellsOf(runsOf(there, id))]);
  const blank = ["", "", ""];
  const names = ["", nameOf(here), ...blank, nameOf(there), ...blank];
  return aligned([names, ["task", ...head, ...head], ...rows]).join("\n");
};

const sum = (values) => values.reduce((total, value) => total + value, 0);

/** What all results come to. `callsOfDone` and `leastOfDone` are those of tasks that are done. */
export const totalsOf = (results) => {
  const done = results.filter((one) => one.done);
  const kinds = results.flatMap(({ harm }) => [...new Set(harm.map(({ kind }) => kind))]);
  return {
    runs: results.length,
    done: done.length,
    withoutHarm: results.filter(({ harm }) => harm.length === 0).length,
    callsOfDone: sum(done.map(({ calls }) => calls)),
    leastOfDone: sum(done.map(({ least }) => least)),
    tokens: {
      in: sum(results.map(({ tokens }) => tokens.in)),
      out: sum(results.map(({ tokens }) => tokens.out)),
    },
    harm: Object.fromEntries(
      [...new Set(kinds)].map((kind) => [kind, kinds.filter((one) => one === kind).length]),
    ),
  };
};

/** The totals in words. */
export const toldTotals = ({ runs, done, callsOfDone, leastOfDone, tokens, harm }) => {
  const harms = Object.entries(harm).map(([kind, count]) => `${kind} ${count}`);
  return [
    `${done} of ${runs} done, with ${callsOfDone} calls where ${leastOfDone} are the least`,
    `${number(tokens.in)} tokens in, ${number(tokens.out)} out`,
    harms.length === 0 ? "no harm" : `harm: ${harms.join(", ")}`,
  ].join("; ");
};
