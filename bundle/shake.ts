// Lets the bundler drop the SDK's schemas that nothing here uses, nine hundred objects at every start. It cannot know
// that making a zod schema has no effect, and that nobody asks the SDK for one by its name.
type Node = { type: string; start: number; end: number };
type Declaration = Node & { declarations: { init: Node | null }[] };
type Parse = (code: string) => { body: readonly (Node | Declaration)[] };

const marked = /@__PURE__ \*\/ $/;

/** The calls that make a constant of the module. */
const makingIn = (statement: Node | Declaration): readonly Node[] =>
  "declarations" in statement
    ? statement.declarations.flatMap(({ init }) => (init?.type === "CallExpression" ? [init] : []))
    : [];

/** The code where each constant may be dropped that nothing uses, without the loops that would use them all. */
const shaken = (code: string, parse: Parse): string => {
  const edits = parse(code).body.flatMap((statement) => {
    if (statement.type === "ForOfStatement") return [{ ...statement, text: "" }];
    return makingIn(statement)
      .filter(({ start }) => !marked.test(code.slice(0, start)))
      .map(({ start, end }) => {
        const text = `/* @__PURE__ */ making(() => ${code.slice(start, end)})`;
        return { start, end, text };
      });
  });
  const edited = edits.reduceRight(
    (all, { start, end, text }) => all.slice(0, start) + text + all.slice(end),
    code,
  );
  return `const making = (make) => make();\n${edited}`;
};

/** A plugin for the modules in which the SDK declares its schemas. Fails where none of them is found any more. */
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
      if (found < 3) throw new Error(`shake: ${found} of the SDK's three modules were found`);
    },
  };
};
