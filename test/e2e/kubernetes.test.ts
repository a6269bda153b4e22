import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { settings } from "../../src/config/settings.ts";
import { type Served, serveBundle } from "../support/bundle.ts";
import { modern, post } from "../support/http.ts";
import { bearer, mint } from "../support/token-file.ts";
import { until } from "../support/until.ts";

const file = fileURLToPath(new URL("../../examples/kubernetes.yaml", import.meta.url));
const documents = parseAllDocuments(readFileSync(file, "utf8")).map((one) => one.toJS());
const of = (kind: string) => documents.find((one) => one.kind === kind);
const [container] = of("Deployment").spec.template.spec.containers;

type Variable = { name: string; value: string };
const variable = (wanted: string): string | undefined =>
  container.env.find(({ name }: Variable) => name === wanted)?.value;

describe("the Kubernetes manifest", () => {
  let folder: string;
  let server: Served;
  let token: string;
  let at: (path: string) => string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "kubernetes-"));
    const minted = await mint("ci");
    token = minted.token;
    const secrets = {
      "tokens.json": JSON.stringify({ tokens: [minted.entry] }),
      secret: "a".repeat(64),
      "client-id": "mdb_sa_id_1\n",
      "client-secret": "mdb_sa_sk_1\n",
    };
    for (const [name, text] of Object.entries(secrets)) writeFileSync(join(folder, name), text);
    const withoutStore = container.env.filter(
      ({ name }: Variable) => name !== "ATLAS_MCP_STORE_FILE",
    );
    const env = Object.fromEntries(
      withoutStore.map(({ name, value }: Variable) => [
        name,
        value.replace(/^\/etc\/atlas-provision-mcp|^\/var\/lib\/atlas-provision-mcp/, folder),
      ]),
    );
    const [, , ...args] = container.command;
    server = await serveBundle(
      args.map((one: string) => (one === "3000" ? "0" : one)),
      { ...env, ATLAS_MCP_METRICS_PORT: "0" },
    );
    at = (path) => new URL(path, server.line.url).href;
  });
  afterAll(async () => {
    await server?.end("SIGTERM");
    rmSync(folder, { recursive: true });
  });

  it("shows its metrics without a token on the port that its annotations and its policy name", async () => {
    const { annotations } = of("Deployment").spec.template.metadata;
    const { port, path } = {
      port: Number(annotations["prometheus.io/port"]),
      path: annotations["prometheus.io/path"],
    };
    expect(container.ports).toContainEqual({ name: "metrics", containerPort: port });
    expect(variable("ATLAS_MCP_METRICS_PORT")).toBe(String(port));
    const text = await (await fetch(new URL(path, server.line.metricsUrl))).text();
    expect(text).toContain("atlas_mcp_calls_total");
    const named = container.ports.map(({ name }: { name: string }) => name);
    const opened = of("NetworkPolicy").spec.ingress.flatMap(({ ports }: any) =>
      ports.map((one: { port: string }) => one.port),
    );
    expect(opened.sort()).toEqual(named.sort());
  });

  it("starts the program with its own command and variables", async () => {
    expect(server.line.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
    await until(() => server.stderr().includes("\n"), "a line of the log");
    const [started, ...more] = server.stderr().trim().split("\n");
    expect(JSON.parse(started ?? "")).toMatchObject({ msg: "started", backend: "atlas" });
    expect(more).toEqual([]);
  });

  it.each(["readinessProbe", "livenessProbe"])("asks what is answered: %s", async (probe) => {
    expect((await fetch(at(container[probe].httpGet.path))).status).toBe(200);
  });

  it("lets in who has a token of its file, and no one else", async () => {
    const list = modern("tools/list");
    expect((await post(at("/mcp"), list)).status).toBe(401);
    expect((await post(at("/mcp"), list, bearer(token))).status).toBe(200);
  });

  it("sets no variable that the program does not know", () => {
    const known: string[] = settings.flatMap(({ env }) => [...env]);
    const names = container.env.map(({ name }: Variable) => name.replace(/_FILE$/, ""));
    expect(names.filter((name: string) => !known.includes(name))).toEqual([]);
  });

  it("waits longer for the end than the program takes for it", () => {
    const { terminationGracePeriodSeconds } = of("Deployment").spec.template.spec;
    expect(terminationGracePeriodSeconds).toBeGreaterThan(5 + 10);
  });

  it("sends calls to the port that is listened on", () => {
    const [port] = of("Service").spec.ports;
    expect(container.ports).toContainEqual({ name: port.targetPort, containerPort: 3000 });
    expect(of("Service").spec.selector).toEqual(of("Deployment").spec.selector.matchLabels);
  });
});
