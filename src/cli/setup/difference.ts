/** Shows what is written, without what stands beside it: other entries may have secrets. */
import { isRecord } from "../../common/json.ts";
import { visible } from "../../common/visible.ts";

const marked = (mark: string, lines: readonly string[]): string[] =>
  lines.map((line) => `${mark} ${visible(line)}`);

/** The lines that a file gets. */
export const additions = (path: string, isNew: boolean, lines: readonly string[]): string =>
  [`--- ${isNew ? "(no file)" : path}`, `+++ ${path}`, ...marked("+", lines)].join("\n");

const hidden = "...";

const own = (record: Record<string, unknown>, name: string): unknown =>
  Object.hasOwn(record, name) ? record[name] : undefined;

/** A value without what may be secret: the texts and numbers that the other one does not have. */
const masked = (value: unknown, same: unknown): unknown => {
  if (Array.isArray(value)) {
    const known = Array.isArray(same) ? same : [];
    return value.map((one) => (known.includes(one) ? one : masked(one, undefined)));
  }
  if (isRecord(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [
        name,
        masked(one, isRecord(same) ? own(same, name) : undefined),
      ]),
    );
  const isSecret = typeof value === "string" || typeof value === "number";
  return isSecret && value !== same ? hidden : value;
};

const linesOf = (value: unknown): string[] => JSON.stringify(value, null, 2).split("\n");

/** The entry that a file has or had, and the other one, which it does not get unless `isWritten`. */
export const conflict = (
  path: string,
  existing: unknown,
  entry: unknown,
  isWritten = false,
): string => {
  const [before, after] = [linesOf(masked(existing, entry)), linesOf(entry)];
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return [
    `--- ${path}`,
    `+++ ${isWritten ? path : "(not written)"}`,
    ...marked(" ", before.slice(0, head)),
    ...marked("-", before.slice(head, before.length - tail)),
    ...marked("+", after.slice(head, after.length - tail)),
    ...marked(" ", before.slice(before.length - tail)),
  ].join("\n");
};
