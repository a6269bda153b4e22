// A model that plays from a list of moves. A move is a call, several calls at once, a text, or {next: n}: the nth next
// action of the last result. In its texts "{create_project.project.id}" is what the last result of that tool had there,
// "{list_projects.projects.name=shop.id}" picks from a list, and "{atlas-list-projects~[0-9a-f]{24}}" is the first match.

/** The JSON in the result of a tool, also inside the marks that the official server puts around data. */
const objectIn = (text) => {
  const [, marked] = /<untrusted-user-data-[^>]+>\n([\s\S]*?)\n<\/untrusted/.exec(text) ?? [];
  try {
    return JSON.parse(marked ?? text);
  } catch {
    return undefined;
  }
};

const member = (value, step) => {
  const [, name, wanted] = /^(\w+)=(.*)$/.exec(step) ?? [];
  return name === undefined ? value?.[step] : value?.find?.((one) => String(one[name]) === wanted);
};

/** What a placeholder stands for; results hold the texts by tool, the newest last. */
const lookUp = (path, results) => {
  const [, searched, pattern] = /^([\w-]+)~(.+)$/.exec(path) ?? [];
  const textOf = (tool) => results.findLast((one) => one.tool === tool)?.text;
  if (pattern !== undefined) return new RegExp(pattern).exec(textOf(searched) ?? "")?.[0];
  const [tool, ...steps] = path.split(".");
  const text = textOf(tool);
  return text === undefined ? undefined : steps.reduce(member, objectIn(text));
};

// Braces within a placeholder are those of a pattern, such as {24}.
const placeholder = /\{([\w-]+(?:[.~](?:[^{}]|\{\d+\})+)+)\}/;

/** As `lookUp`. Throws where there is nothing: a script that goes on then would prove nothing. */
const found = (path, results) => {
  const value = lookUp(path, results);
  if (value === undefined) throw new Error(`The results have nothing at {${path}}.`);
  return value;
};

const filledText = (text, results) => {
  const [whole, path] = placeholder.exec(text) ?? [];
  // Alone it keeps its type.
  if (whole === text) return found(path, results);
  return text.replace(new RegExp(placeholder, "g"), (_whole, inner) => found(inner, results));
};

const filled = (value, results) => {
  if (typeof value === "string") return filledText(value, results);
  if (Array.isArray(value)) return value.map((one) => filled(one, results));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, filled(one, results)]),
  );
};

const nextAction = (results, index) => {
  const { error, nextActions } = objectIn(results.at(-1)?.text ?? "") ?? {};
  const action = (error?.nextActions ?? nextActions)?.[index];
  if (action === undefined) throw new Error(`The last result has no next action ${index}.`);
  return { name: action.tool, args: action.arguments };
};

/** What the script says after so many own messages and these results: `{text}` or `{calls: [{name, args}]}`. */
export const nextMove = (moves, played, results) => {
  const move = moves[played] ?? "I have nothing more to say.\nOutcome: not done";
  if (typeof move === "string") return { text: filledText(move, results) };
  if (!Array.isArray(move)) return { calls: [nextAction(results, move.next)] };
  const calls = Array.isArray(move[0]) ? move : [move];
  return { calls: calls.map(([name, args]) => ({ name, args: filled(args, results) })) };
};
