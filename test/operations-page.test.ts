/** docs/operations.md and the rules for Prometheus name what there is. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { createMetrics } from "../src/mcp/transports/http/metrics.ts";

const read = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../${name}`, import.meta.url)), "utf8");

const page = read("docs/operations.md");
const rendered = await (await createMetrics().render()).text();
const types = new Map(
  [...rendered.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = "", type = ""]) => [name, type]),
);
const isOurs = (name: string) => !/^atlas_mcp_(process|nodejs)_/.test(name);

/** The names of metrics in a text, without what the series of a histogram add. */
const namesIn = (text: string): string[] =>
  [...text.matchAll(/\batlas_mcp_\w+/g)]
    .map(([name]) => name.replace(/_(bucket|sum|count)$/, ""))
    .filter((name) => name !== "atlas_mcp_");

describe("the page of metrics", () => {
  it("has every metric of the program, with its type", () => {
    const [, table = ""] = /<!-- metrics -->\n([\s\S]*?)<!-- \/metrics -->/.exec(page) ?? [];
    const rows = [...table.matchAll(/^\| `(\w+)` \| (\w+) \| \S/gm)].map(([, name, type]) => [
      name,
      type,
    ]);
    expect(rows.sort()).toEqual([...types].filter(([name]) => isOurs(name)).sort());
  });

  it("names no other one", () => {
    expect(namesIn(page).filter((name) => !types.has(name))).toEqual([]);
  });
});

describe("the rules for Prometheus", () => {
  type Rule = Record<"alert" | "expr", string> & {
    for?: string;
    labels: Record<string, string>;
    annotations: Record<string, string>;
  };
  const { groups } = parse(read("examples/prometheus-rules.yaml"));
  const rules: Rule[] = groups.flatMap((group: { rules: Rule[] }) => group.rules);

  it("are the alerts that the page tells of", () => {
    const [, section = ""] = /\n## Alerts\n([\s\S]*?)\n## /.exec(page) ?? [];
    const told = [...section.matchAll(/^- `(\w+)`: /gm)].map(([, name]) => name);
    expect(rules.map(({ alert }) => alert)).toEqual(told);
    expect(told).toHaveLength(5);
  });

  it.each(rules.map((rule) => [rule.alert, rule] as const))("%s is whole", (_name, rule) => {
    const { alert, expr, for: time = "5m", labels, annotations, ...others } = rule;
    expect(others).toEqual({});
    expect(alert).toMatch(/^[A-Z]\w+$/);
    expect(time).toMatch(/^\d+m$/);
    expect(labels.severity).toMatch(/^(critical|warning)$/);
    expect(annotations).toEqual({ summary: expect.any(String), description: expect.any(String) });
    expect(namesIn(expr).length).toBeGreaterThan(0);
    expect(namesIn(expr).filter((name) => !types.has(name))).toEqual([]);
    for (const [open, close] of ["()", "{}", "[]"])
      expect(expr.split(open ?? "").length).toBe(expr.split(close ?? "").length);
  });

  it("select by labels that the metrics have", () => {
    const labels = new Set(["job", "instance", "status", "outcome", "code", "le"]);
    for (const { expr } of rules)
      for (const [, selector = ""] of expr.matchAll(/\{([^}]*)\}/g))
        for (const [, label = ""] of selector.matchAll(/(\w+)\s*[=!]/g))
          expect([label, labels.has(label)]).toEqual([label, true]);
  });

  it("have sentences in the page that its links reach", () => {
    const headings = [...page.matchAll(/^## (.+)$/gm)].map(([, title = ""]) =>
      title.toLowerCase().replaceAll(" ", "-"),
    );
    const all = `${read("examples/prometheus-rules.yaml")}${read("Dockerfile")}`;
    const anchors = [...all.matchAll(/docs\/operations\.md#([\w-]+)/g)].map(([, name]) => name);
    expect(anchors.length).toBeGreaterThan(2);
    for (const anchor of anchors) expect(headings).toContain(anchor);
  });
});
