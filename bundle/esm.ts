// The package as an ES module: names for `import`, in front of the same chunks. So a program that reaches it both by
// `import` and by `require` has one copy of each error class, and the package is not twice as large.
type Emit = { emitFile(file: { type: "asset"; fileName: string; source: string }): unknown };
type Chunk = { type: string; exports?: string[] };

export const esm = () => ({
  name: "esm",
  generateBundle(this: Emit, _options: unknown, bundle: Record<string, Chunk>) {
    const names = bundle["index.cjs"]?.exports;
    // The types are built apart.
    if (names === undefined) return;
    const emit = (fileName: string, source: string) =>
      this.emitFile({ type: "asset", fileName, source });
    emit("index.mjs", `export { ${names.toSorted().join(", ")} } from "./index.cjs";\n`);
    emit("index.d.mts", 'export * from "./index.cjs";\n');
  },
});
