/** What a host's file says about this server. */
import type { Host } from "./hosts.ts";
import { type Added, addEntry, addInputs } from "./json-entry.ts";

/** The entry, and what the host asks its user for because of it. */
type Entry = { entry: Record<string, unknown>; inputs: Host["inputs"] };

/** The entry of a host. It names the files with secrets, if there are any; else it refers to the user's own. */
export const entryOf = (
  { shape, inputs }: Host,
  [command, ...args]: readonly string[],
  files: Record<string, string>,
): Entry => {
  const hasFiles = Object.keys(files).length > 0;
  return {
    entry: {
      ...shape.first,
      ...(shape.joined ? { command: [command, ...args] } : { command, args }),
      ...shape.last,
      ...(hasFiles ? { [shape.env]: files } : shape.references),
    },
    inputs: hasFiles ? undefined : inputs,
  };
};

/** Adds an entry to the text of a host's file, which may be empty. Rejects with `SetupError`. */
export const addTo = async (
  { format, key }: Host,
  before: string,
  name: string,
  { entry, inputs = [] }: Entry,
): Promise<Added> => {
  if (format === "toml")
    return (await import("./toml-entry.ts")).addTable(before, key, name, entry);
  const added = addEntry(before, key, name, entry);
  if (added.kind !== "added") return added;
  const asked = addInputs(added.text, inputs);
  return asked.kind === "added"
    ? { kind: "added", text: asked.text, lines: [...added.lines, ...asked.lines] }
    : added;
};
