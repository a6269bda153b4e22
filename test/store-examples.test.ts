/** The store of the examples: the user of docs/store.md, and nobody but the servers who reach it. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { settings } from "../src/config/settings.ts";

const read = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../${name}`, import.meta.url)), "utf8");

const compose = parse(read("examples/compose.replicas.yaml"), { merge: true });
const { sandbox, store, ...replicas } = compose.services;
const documents = parseAllDocuments(read("examples/kubernetes-store.yaml")).map((one) =>
  one.toJS(),
);
const of = (kind: string) => documents.find((one) => one.kind === kind);
const pod = of("Deployment").spec.template.spec;
const servers = parseAllDocuments(read("examples/kubernetes.yaml"))
  .map((one) => one.toJS())
  .find(({ kind }) => kind === "Deployment").spec.template;

const password = "for_the_sandbox_only";

it("lets in the user of the page alone", () => {
  const [line = ""] = read("docs/store.md").match(/^ACL SETUSER provision .*$/m) ?? [];
  const user = line.replace("ACL SETUSER", "user").replace("PASSWORD", password);
  expect(read("examples/store-users.acl")).toBe(`user default off\n${user}\n`);
});

it("forgets nothing before time, and writes nothing, in both", () => {
  const args = ["--save", "", "--maxmemory", "64mb", "--maxmemory-policy", "noeviction"];
  for (const command of [store.command, pod.containers[0].args])
    expect(command.slice(0, -1)).toEqual(["valkey-server", ...args, "--aclfile"]);
  expect(store.command.at(-1)).toBe("/run/secrets/store-users");
  expect(compose.secrets["store-users"].file).toBe("./store-users.acl");
  expect(pod.containers[0].args.at(-1)).toBe("/etc/store/users.acl");
});

describe("the compose file", () => {
  it("gives no container more than it needs", () => {
    for (const service of Object.values(compose.services))
      expect(service).toMatchObject({
        read_only: true,
        cap_drop: ["ALL"],
        security_opt: ["no-new-privileges:true"],
      });
    expect(store.user).toBe("999:1000");
  });

  it("publishes the replicas on this machine only, and the store nowhere", () => {
    for (const port of sandbox.ports) expect(port).toMatch(/^127\.0\.0\.1:(\d+):\1$/);
    expect(store).not.toHaveProperty("ports");
    expect(store.networks).toEqual(["store"]);
    expect(compose.networks.store).toEqual({ internal: true });
    expect(sandbox.networks).toContain("store");
  });

  it("starts three replicas on the ports of examples/nginx.conf, with one store", () => {
    const published = sandbox.ports.map((port: string) => port.split(":").at(-1));
    const known: string[] = settings.flatMap(({ env }) => [...env]);
    const ports = Object.values<any>(replicas).map(({ command, environment, healthcheck }) => {
      expect(environment.ATLAS_MCP_STORE_FILE).toBe("/run/secrets/store-url");
      for (const name of Object.keys(environment))
        expect(known).toContain(name.replace(/_FILE$/, ""));
      const port = /--port=(\d+)/.exec(command.join(" "))?.[1];
      expect(healthcheck.test.at(-1)).toContain(`http://127.0.0.1:${port}/readyz`);
      return port;
    });
    expect(ports).toEqual(published);
    for (const port of ports) expect(read("examples/nginx.conf")).toContain(`127.0.0.1:${port}`);
    const { username, password: word, hostname } = new URL(read("examples/compose.store-url"));
    expect([username, word, hostname]).toEqual(["provision", password, "store"]);
  });
});

describe("the Kubernetes manifest", () => {
  it("lets only the servers reach the store, under the name that its secret has", () => {
    const { spec } = of("NetworkPolicy");
    expect(spec.policyTypes).toEqual(["Ingress", "Egress"]);
    expect(spec.egress).toBeUndefined();
    expect(spec.podSelector).toEqual(of("Deployment").spec.selector);
    const labels = servers.metadata.labels;
    expect(spec.ingress).toEqual([
      { from: [{ podSelector: { matchLabels: labels } }], ports: [{ port: "store" }] },
    ]);
    const { metadata, spec: service } = of("Service");
    expect(read("examples/kubernetes.yaml")).toContain(
      `store="redis://provision:$PASSWORD@${metadata.name}"`,
    );
    expect(service.ports).toEqual([{ name: "store", port: 6379, targetPort: "store" }]);
    expect(service.selector).toEqual(of("Deployment").spec.selector.matchLabels);
  });

  it("gives the servers its address from their secret", () => {
    const mounted = servers.spec.containers[0].volumeMounts[0].mountPath;
    expect(servers.spec.containers[0].env).toContainEqual({
      name: "ATLAS_MCP_STORE_FILE",
      value: `${mounted}/store`,
    });
  });

  it("never runs two stores", () => {
    expect(of("Deployment").spec).toMatchObject({ replicas: 1, strategy: { type: "Recreate" } });
  });
});
