/**
 * The checks of the Pod Security Standard "restricted", and of "baseline", which it includes
 * (https://kubernetes.io/docs/concepts/security/pod-security-standards/), on the pods of the examples.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";

const documents = (name: string): any[] =>
  parseAllDocuments(
    readFileSync(fileURLToPath(new URL(`../examples/${name}`, import.meta.url)), "utf8"),
  ).map((one) => one.toJS());

const podOf = (document: any): any =>
  document.spec?.jobTemplate?.spec.template.spec ?? document.spec?.template?.spec;

const volumeTypes = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

/** What a namespace with the label `pod-security.kubernetes.io/enforce: restricted` would refuse. */
const violations = (pod: any): string[] => {
  const found: string[] = [];
  const check = (holds: boolean, says: string) => holds || found.push(says);
  for (const name of ["hostNetwork", "hostPID", "hostIPC"]) check(!pod[name], `${name} is set`);
  for (const { name, ...source } of pod.volumes ?? [])
    check(
      Object.keys(source).every((type) => volumeTypes.includes(type)),
      `the volume ${name} is of another type`,
    );
  const ofPod = pod.securityContext ?? {};
  const containers = ["containers", "initContainers", "ephemeralContainers"].flatMap(
    (kind) => pod[kind] ?? [],
  );
  for (const { name, ports = [], securityContext: own = {}, ...rest } of containers) {
    // What a container sets wins over what its pod sets.
    const effective = { ...ofPod, ...own };
    check(own.privileged !== true, `${name} is privileged`);
    check(own.allowPrivilegeEscalation === false, `${name} may escalate`);
    check(own.procMount === undefined || own.procMount === "Default", `${name} has another /proc`);
    check(own.capabilities?.drop?.includes("ALL") === true, `${name} keeps capabilities`);
    const added: string[] = own.capabilities?.add ?? [];
    check(
      added.every((one) => one === "NET_BIND_SERVICE"),
      `${name} adds capabilities`,
    );
    check(effective.runAsNonRoot === true, `${name} may run as root`);
    check(effective.runAsUser !== 0, `${name} runs as root`);
    check(
      ["RuntimeDefault", "Localhost"].includes(effective.seccompProfile?.type),
      `${name} has no seccomp profile`,
    );
    check(
      ports.every((one: object) => !("hostPort" in one)),
      `${name} has a port of its host`,
    );
    for (const hook of ["preStop", "postStart"])
      check(rest.lifecycle?.[hook]?.httpGet?.host === undefined, `${name} calls another host`);
  }
  for (const one of [ofPod, ...containers.map(({ securityContext = {} }) => securityContext)])
    for (const forbidden of ["seLinuxOptions", "sysctls", "windowsOptions", "appArmorProfile"])
      check(one[forbidden] === undefined, `${forbidden} is set`);
  return found;
};

const pods = ["kubernetes.yaml", "kubernetes-store.yaml", "sweep-cronjob.yaml"].flatMap((name) =>
  documents(name).flatMap((document) => {
    const pod = podOf(document);
    return pod === undefined ? [] : [[`${document.kind} of ${name}`, pod] as const];
  }),
);

describe.each(pods)("the %s", (_name, pod) => {
  it("passes the Pod Security Standard restricted", () => {
    expect(violations(pod)).toEqual([]);
  });

  it("has a read-only root, no token of the cluster and no variables of other services", () => {
    expect([pod.automountServiceAccountToken, pod.enableServiceLinks]).toEqual([false, false]);
    for (const { securityContext } of pod.containers)
      expect(securityContext.readOnlyRootFilesystem).toBe(true);
  });
});

it("finds what is wrong", () => {
  const [[, pod] = ["", {}]] = pods;
  const spoilt = structuredClone(pod);
  spoilt.hostPID = true;
  spoilt.volumes.push({ name: "host", hostPath: { path: "/" } });
  spoilt.securityContext = {};
  spoilt.containers[0].securityContext = { capabilities: { add: ["SYS_ADMIN"] } };
  expect(violations(spoilt)).toEqual([
    "hostPID is set",
    "the volume host is of another type",
    "server may escalate",
    "server keeps capabilities",
    "server adds capabilities",
    "server may run as root",
    "server has no seccomp profile",
  ]);
});
