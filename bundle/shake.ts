// Lets the bundler drop the SDK's schemas that nothing uses: about 900 objects at every start. The bundler cannot know
// that creating a zod schema has no side effects, or that no code looks up one of the SDK's schemas by name.
type Node = { type: string; start: number; end: number };
type Declaration = Node & { declarations: { init: Node | null }[] };
type Parse = (code: string) => { body: readonly (Node | Declaration)[] };

const marked = /@__PURE__ \*\/ $/;

/** The calls that initialize a top-level constant. */
const initializersIn = (statement: Node | Declaration): readonly Node[] =>
  "declarations" in statement
    ? statement.declarations.flatMap(({ init }) => (init?.type === "CallExpression" ? [init] : []))
    : [];

/** Marks each top-level constant as droppable, and removes the loops that use all of them. */
const shaken = (code: string, parse: Parse): string => {
  const edits = parse(code).body.flatMap((statement) => {
    if (statement.type === "ForOfStatement") return [{ ...statement, text: "" }];
    return initializersIn(statement)
      .filter(({ start }) => !marked.test(code.slice(0, start)))
      .map(({ start, end }) => {
        const text = `/* @__PURE__ */ initializeSchema(() => ${code.slice(start, end)})`;
        return { start, end, text };
      });
  });
  const edited = edits.reduceRight(
    (all, { start, end, text }) => all.slice(0, start) + text + all.slice(end),
    code,
  );
  return `const initializeSchema = (make) => make();\n${edited}`;
};

/** A plugin for the three modules that declare the SDK's schemas. The build fails if one of them is not found. */
export const shake = () => {
  let found = 0;
  return {
    name: "shake",
    transform: {
      filter: { id: /@modelcontextprotocol.(core|server).dist.(schemas|auth|src)-/ },
      handler(this: { parse: Parse }, code: string) {
        found += 1;
        return shaken(code, this.parse);
      },
    },
    buildEnd() {
      if (found < 3) throw new Error(`shake: found ${found} of the SDK's three modules`);
    },
  };
};
