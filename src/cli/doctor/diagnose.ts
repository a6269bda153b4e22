/** What is configured, reachable and allowed, and what to fix: found out by reading, told in plain words. */
import { getGroup, listOrgs } from "../../atlas/requests.ts";
import { apiKeyRoles, serviceAccountRoles } from "../../atlas/roles.ts";

import { startDeadline, systemClock } from "../../common/deadline.ts";
import { type Failure, failureOf } from "../../common/failure.ts";
import { version } from "../../common/version.ts";
import type { Config } from "../../config/config.ts";
import type { Container } from "../../container.ts";
import { operator } from "../../policy/caller.ts";
import type { Check } from "./check.ts";
import { credentialsFolderCheck, policyCheck } from "./files.ts";

export type { Check } from "./check.ts";

const skewLimitSeconds = 120;

const who = (config: Config): string => {
  if (config.credentials === undefined) return "the sandbox's own service account";
  return config.credentials.kind === "api_key" ? "an API key" : "a service account";
};

const configuration = (config: Config): Check => {
  const { orgId, groupId } = config.scope;
  const scope = [
    ...(orgId ? [`organization ${orgId}`] : []),
    ...(groupId ? [`project ${groupId}`] : []),
  ];
  const address = config.backend === "sandbox" ? "embedded sandbox" : config.baseUrl;
  return {
    check: "configuration",
    result: "ok",
    says: `${address}, with ${who(config)}${scope.length > 0 ? `, only ${scope.join(" and ")}` : ""}${config.readOnly ? ", read-only" : ""}`,
  };
};

const problem = (check: string, { message, code, atlas }: Failure): Check => ({
  check,
  result: "failed",
  says: `${message}${atlas?.errorCode ? ` (${atlas.errorCode})` : ""}`,
  ...(code === "unauthenticated"
    ? {
        fix: "Check the credentials in Atlas under Organization, Access Manager; a secret is shown only once, so make a new one if in doubt.",
      }
    : {}),
});

const offered = ({ runner, switchedOff }: Container): Check => {
  const off = switchedOff.map(({ tool, reason }) => `; ${tool} is off: ${reason}`);
  const on = runner
    .forCaller(operator)
    .tools.map((tool) => tool.name)
    .join(", ");
  return { check: "tools", result: "ok", says: `${on}${off.join("")}` };
};

const note = (says: string): Check => ({ check: "configuration", result: "warning", says });

const roleCheck = async (config: Config, container: Container, orgId: string): Promise<Check> => {
  const { clientId } = await container.endpoint();
  const deadline = startDeadline(config.deadlineMs, new AbortController().signal, systemClock);
  const reading =
    clientId === undefined
      ? apiKeyRoles(container.atlas, deadline, orgId)
      : serviceAccountRoles(container.atlas, deadline, orgId, clientId);
  const roles = await reading.catch(failureOf).finally(deadline.clear);
  const check = "roles";
  if (!Array.isArray(roles) || roles.length === 0)
    return {
      check,
      result: "warning",
      says: "The roles cannot be read with these credentials; a create will tell.",
      fix: "To create projects, Organization Project Creator is needed; to create clusters in existing projects, Project Owner there.",
    };
  const creates = roles.includes("ORG_OWNER") || roles.includes("ORG_GROUP_CREATOR");
  return {
    check,
    result: creates ? "ok" : "warning",
    says: `${orgId}: ${roles.join(", ")}, ${creates ? "may create projects" : "may not create projects"}`,
    ...(creates
      ? {}
      : {
          fix: "Give the role Organization Project Creator in Atlas: Organization, Access Manager.",
        }),
  };
};

const reach = async (config: Config, container: Container): Promise<Check[]> => {
  const { baseUrl } = await container.endpoint();
  const signal = AbortSignal.timeout(config.requestTimeoutMs);
  const headers = {
    accept: "application/vnd.atlas.2023-01-01+json",
    "user-agent": `atlas-provision-mcp/${version} (doctor)`,
  };
  const attempt = await container.sendHttp(
    { method: "GET", url: `${baseUrl}/api/atlas/v2`, headers },
    signal,
  );
  if ("error" in attempt) {
    const { code, message, at } = attempt.error;
    const fix =
      at === "tls"
        ? "Behind a proxy that inspects TLS, name its certificate in NODE_EXTRA_CA_CERTS."
        : "Check the network, HTTPS_PROXY and NO_PROXY, and MONGODB_ATLAS_BASE_URL.";
    return [
      {
        check: "reachable",
        result: "failed",
        says: `${baseUrl} cannot be reached: ${message || code} (${code})`,
        fix,
      },
    ];
  }
  const { status, headers: answered } = attempt.response;
  const looksRight = status === 401 || status === 200;
  const reachable: Check = looksRight
    ? { check: "reachable", result: "ok", says: baseUrl }
    : {
        check: "reachable",
        result: "warning",
        says: `${baseUrl} answered ${status}, which the Atlas Admin API does not`,
        fix: "Check MONGODB_ATLAS_BASE_URL.",
      };
  const there = Date.parse(answered.date ?? "");
  if (Number.isNaN(there)) return [reachable];
  const skew = Math.round(Math.abs(Date.now() - there) / 1000);
  return [
    reachable,
    skew > skewLimitSeconds
      ? {
          check: "clock",
          result: "warning",
          says: `this machine's clock differs from Atlas's by ${skew} s`,
          fix: "Set the clock; tokens and certificates depend on it.",
        }
      : { check: "clock", result: "ok", says: `within ${skew} s of Atlas's` },
  ];
};

const account = async (config: Config, container: Container): Promise<Check[]> => {
  const deadline = startDeadline(config.deadlineMs, new AbortController().signal, systemClock);
  const { atlas } = container;
  try {
    const { results } = await atlas.read(listOrgs(), deadline);
    const visible = results.filter((one) => one.isDeleted !== true && one.id !== undefined);
    const wanted = config.scope.orgId;
    const used = wanted === undefined ? visible : visible.filter((one) => one.id === wanted);
    const credentials: Check = {
      check: "credentials",
      result: "ok",
      says: `Atlas accepts ${who(config)}, from this address`,
    };
    if (used.length === 0)
      return [
        credentials,
        {
          check: "organizations",
          result: "failed",
          says:
            wanted === undefined
              ? "the credentials belong to no organization"
              : `organization ${wanted} is not visible with these credentials`,
          fix: "Use credentials of the organization, or correct MONGODB_ATLAS_ORG_ID.",
        },
      ];
    const names = used.map((one) => `${one.name} (${one.id})`).join(", ");
    const roles = await Promise.all(
      used.slice(0, 5).map((one) => roleCheck(config, container, one.id ?? "")),
    );
    return [
      credentials,
      { check: "organizations", result: "ok", says: names },
      ...policyCheck(config, container, used),
      ...roles,
      ...(await projectCheck(config, container)),
    ];
  } catch (error) {
    const failure = failureOf(error);
    const list = failure.atlas?.errorCode?.includes("ACCESS_LIST") === true;
    return [problem(list ? "API access list" : "credentials", failure)];
  } finally {
    deadline.clear();
  }
};

const projectCheck = async (config: Config, container: Container): Promise<Check[]> => {
  const { groupId } = config.scope;
  if (groupId === undefined) return [];
  const deadline = startDeadline(config.deadlineMs, new AbortController().signal, systemClock);
  return container.atlas
    .read(getGroup(groupId), deadline)
    .then((project): Check[] => [
      { check: "project", result: "ok", says: `${project.name} (${groupId})` },
    ])
    .catch((error: unknown): Check[] => [
      {
        fix: "Correct MONGODB_ATLAS_PROJECT_ID, or give the credentials a role in the project.",
        ...problem("project", failureOf(error)),
      },
    ])
    .finally(deadline.clear);
};

/** Runs all checks, in the order in which one depends on another. */
export const diagnose = async (config: Config, container: Container): Promise<Check[]> => {
  const node: Check = {
    check: "node",
    result: "ok",
    says: `${process.version} (20.19 or later is needed)`,
  };
  const found: Check[] = [
    { check: "version", result: "ok", says: version },
    node,
    configuration(config),
    ...config.notes.map(note),
    offered(container),
    ...(await credentialsFolderCheck(config)),
  ];
  const reached = await reach(config, container).catch((error: unknown) => [
    problem("sandbox", failureOf(error)),
  ]);
  if (reached.some((one) => one.result === "failed")) return [...found, ...reached];
  return [...found, ...reached, ...(await account(config, container))];
};
