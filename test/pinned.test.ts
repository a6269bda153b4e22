import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const root = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const read = (name: string) => readFileSync(root(name), "utf8");

const workflows = [
  ...readdirSync(root(".github/workflows")).map((name) => `.github/workflows/${name}`),
  "examples/github-actions.yml",
];

describe.each(workflows)("%s", (name) => {
  const uses = read(name)
    .split("\n")
    .filter((line) => /\buses:/.test(line));

  it("pins every action by its commit, and says which version that is", () => {
    expect(uses).not.toEqual([]);
    for (const line of uses)
      expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("fetches no program that nothing checks", () => {
    expect(read(name)).not.toMatch(/releases\/latest|curl[^\n]*\|\s*(tar|sh|bash)|@latest/);
  });

  it("gives its jobs no more rights than they need", () => {
    const { permissions, jobs } = parse(read(name));
    expect(permissions).toBeTypeOf("object");
    for (const [job, { permissions: own = permissions }] of Object.entries<any>(jobs))
      expect([job, Object.entries(own).filter(([, right]) => right === "write")]).toEqual([
        job,
        name.endsWith("release.yml") && job === "publish"
          ? [
              ["contents", "write"],
              ["id-token", "write"],
            ]
          : [],
      ]);
  });
});

it("starts every image from one that is pinned by its digest, or from a stage of its own", () => {
  const lines = read("Dockerfile").match(/^FROM .*$/gm) ?? [];
  expect(lines.length).toBeGreaterThan(1);
  const stages = lines.map((line) => / AS (\w+)$/.exec(line)?.[1]);
  for (const line of lines) {
    const [, from = ""] = line.split(" ");
    if (!stages.includes(from)) expect(from).toMatch(/^[\w.:-]+@sha256:[0-9a-f]{64}$/);
  }
});

it("takes the store of the examples by its digest, and says which version that is", () => {
  const images = ["compose.replicas.yaml", "kubernetes-store.yaml"].map(
    (name) => /^ *image: (valkey.*)$/m.exec(read(`examples/${name}`))?.[1],
  );
  expect(images[0]).toMatch(/^valkey\/valkey:\d+\.\d+\.\d+-alpine\d+\.\d+@sha256:[0-9a-f]{64}$/);
  expect(images[1]).toBe(images[0]);
});

describe("a release", () => {
  const { test, publish } = parse(read(".github/workflows/release.yml")).jobs;
  const scriptsOf = (job: { steps: { run?: string }[] }) =>
    job.steps.map(({ run = "" }) => run).join("\n");

  it("publishes what was tested, after it was tested, and checks that it is that", () => {
    expect(publish.needs).toBe("test");
    const scripts = scriptsOf(publish);
    expect(scripts.indexOf("sha256sum --check")).toBeGreaterThanOrEqual(0);
    expect(scripts.indexOf("sha256sum --check")).toBeLessThan(scripts.indexOf("npm publish"));
    expect(scripts).toMatch(/npm publish \.\/\S+\.tgz .*--ignore-scripts/);
  });

  it("runs nothing of this repository or its packages where it may publish", () => {
    const actions = publish.steps.map(({ uses = "" }: { uses?: string }) => uses).join("\n");
    expect(actions).not.toContain("actions/checkout");
    expect(scriptsOf(publish)).not.toMatch(/npm (ci|install|test|run|exec)|npx/);
    expect(scriptsOf(test)).not.toContain("npm publish");
  });
});
