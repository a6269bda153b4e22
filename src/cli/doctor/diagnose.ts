/** Checks the configuration, the connection to Atlas and the account. Only reads. */
import { getGroup, listOrgs } from "../../atlas/requests.ts";
import { apiKeyRoles, serviceAccountRoles } from "../../atlas/roles.ts";
import { type Deadline, startDeadline, systemClock } from "../../common/deadline.ts";
import { type Failure, failureOf } from "../../common/failure.ts";
import type { Container } from "../../container.ts";
import { operator } from "../../policy/caller.ts";
import type { Setup } from "../../tools/define.ts";
import { switchedOffLines } from "../switched-off.ts";
import type { Check } from "./check.ts";
import { connectionChecks } from "./connection.ts";
import { auditCheck, credentialsFolderCheck, policyCheck } from "./files.ts";
import { programChecks } from "./program.ts";
import { isHealthy } from "./report.ts";
import type { DoctorSettings } from "./settings.ts";
import { storeChecks } from "./store.ts";

const withDeadline = <T>(
  { deadlineMs }: DoctorSettings,
  read: (deadline: Deadline) => Promise<T>,
): Promise<T> => {
  const deadline = startDeadline(deadlineMs, new AbortController().signal, systemClock);
  return read(deadline).finally(deadline.clear);
};

const credentialsName = ({ credentials }: DoctorSettings): string => {
  if (credentials === undefined) return "the sandbox's own service account";
  return credentials.kind === "api_key" ? "an API key" : "a service account";
};

const configurationCheck = (settings: DoctorSettings): Check => {
  const { orgId, groupId } = settings.scope;
  const scope = [
    ...(orgId ? [`organization ${orgId}`] : []),
    ...(groupId ? [`project ${groupId}`] : []),
  ];
  const address = settings.backend === "sandbox" ? "embedded sandbox" : settings.baseUrl;
  return {
    check: "configuration",
    result: "ok",
    says: `${address}, with ${credentialsName(settings)}${scope.length > 0 ? `, only ${scope.join(" and ")}` : ""}${settings.readOnly ? ", read-only" : ""}`,
  };
};

/** Whether ephemeral clusters can be made, and where. */
const ephemeralCheck = (
  { ephemeral, baseUrl, credentials }: DoctorSettings,
  { ephemeral: { on, backend }, switchedOff }: Setup,
): Check => {
  const off = switchedOff.find(({ tool }) => tool === "create_ephemeral_cluster");
  const sent =
    credentials === undefined ? "without an account" : "to which no credentials are sent";
  const where =
    backend === "atlas"
      ? `real ones, from ${baseUrl}, ${sent}`
      : "in the sandbox; --ephemeral makes real ones";
  const says = on ? `on: ${where}` : `off: ${off?.reason}`;
  // Asked for, and not there.
  return { check: "ephemeral clusters", result: ephemeral && !on ? "warning" : "ok", says };
};

const noteCheck = (says: string): Check => ({ check: "configuration", result: "warning", says });

const toolsCheck = ({ runner, setup: { switchedOff } }: Container): Check => {
  const on = runner.forCaller(operator).tools.map((tool) => tool.name);
  const off = switchedOffLines(switchedOff).map((line) => `; off: ${line}`);
  return { check: "tools", result: "ok", says: `${on.join(", ")}${off.join("")}` };
};

const failedCheck = (check: string, { message, code, atlas }: Failure): Check => ({
  check,
  result: "failed",
  says: `${message}${atlas?.errorCode ? ` (${atlas.errorCode})` : ""}`,
  // Without Atlas's words nothing was judged, and the message says what to do.
  ...(code === "unauthenticated" && atlas !== undefined
    ? {
        fix: "Check them in Atlas: Identity & Access, Applications. Atlas shows a secret only once, so create a new one if in doubt.",
      }
    : {}),
});

const roleCheck = async (
  settings: DoctorSettings,
  container: Container,
  orgId: string,
): Promise<Check> => {
  const { atlas } = container;
  const { clientId } = await container.endpoint();
  const roles = await withDeadline(settings, (deadline) =>
    clientId === undefined
      ? apiKeyRoles(atlas, deadline, orgId)
      : serviceAccountRoles(atlas, deadline, orgId, clientId),
  ).catch(failureOf);
  const check = "roles";
  if (!Array.isArray(roles) || roles.length === 0)
    return {
      check,
      result: "warning",
      says: "These credentials cannot read their roles, so a missing role shows only when a create fails.",
      fix: "To create projects, the credentials need Organization Project Creator; to create clusters in existing projects, Project Owner there.",
    };
  const mayCreate = roles.includes("ORG_OWNER") || roles.includes("ORG_GROUP_CREATOR");
  const says = `${orgId}: ${roles.join(", ")}, ${mayCreate ? "may create projects" : "may not create projects"}`;
  if (mayCreate) return { check, result: "ok", says };
  return {
    check,
    result: "warning",
    says,
    fix: "Give the role Organization Project Creator in Atlas: Identity & Access, Applications.",
  };
};

const projectChecks = async (settings: DoctorSettings, { atlas }: Container): Promise<Check[]> => {
  const { groupId } = settings.scope;
  if (groupId === undefined) return [];
  try {
    const { name } = await withDeadline(settings, (deadline) =>
      atlas.read(getGroup(groupId), deadline),
    );
    return [{ check: "project", result: "ok", says: `${name} (${groupId})` }];
  } catch (error) {
    return [
      {
        fix: "Correct MONGODB_ATLAS_PROJECT_ID, or give the credentials a role in the project.",
        ...failedCheck("project", failureOf(error)),
      },
    ];
  }
};

const noOrganization = (orgId: string | undefined): Check => ({
  check: "organizations",
  result: "failed",
  says:
    orgId === undefined
      ? "the credentials belong to no organization"
      : `these credentials do not see organization ${orgId}`,
  fix: "Use credentials of the organization, or correct MONGODB_ATLAS_ORG_ID.",
});

const organizationChecks = async (
  settings: DoctorSettings,
  container: Container,
): Promise<Check[]> => {
  const { results } = await withDeadline(settings, (deadline) =>
    container.atlas.read(listOrgs(), deadline),
  );
  const { orgId } = settings.scope;
  const organizations = results.filter(
    ({ id, isDeleted }) =>
      isDeleted !== true && id !== undefined && (orgId === undefined || id === orgId),
  );
  const credentials: Check = {
    check: "credentials",
    result: "ok",
    says: `${settings.backend === "sandbox" ? "the sandbox" : "Atlas"} accepts ${credentialsName(settings)}, from this address`,
  };
  if (organizations.length === 0) return [credentials, noOrganization(orgId)];
  const roles = organizations.slice(0, 5).map(({ id = "" }) => roleCheck(settings, container, id));
  return [
    credentials,
    {
      check: "organizations",
      result: "ok",
      says: organizations.map(({ name, id }) => `${name} (${id})`).join(", "),
    },
    ...policyCheck(settings, container, organizations),
    ...(await Promise.all(roles)),
    ...(await projectChecks(settings, container)),
  ];
};

const accountChecks = (settings: DoctorSettings, container: Container): Promise<Check[]> =>
  organizationChecks(settings, container).catch((error: unknown) => {
    const failure = failureOf(error);
    const isAccessList = failure.atlas?.errorCode?.includes("ACCESS_LIST") === true;
    return [failedCheck(isAccessList ? "API access list" : "credentials", failure)];
  });

/** What is known of the state file, and the checks that only the command has. */
type Parts = { state: Check[]; own: Promise<Check[]>; remote: boolean };

/** Runs the checks in order. Later checks need the earlier ones to pass. */
export const diagnose = async (
  settings: DoctorSettings,
  container: Container,
  { state, own, remote }: Parts,
): Promise<Check[]> => {
  const folder = credentialsFolderCheck(settings, remote);
  const connecting = isHealthy(state)
    ? connectionChecks(settings, container).catch((error: unknown) => [
        failedCheck("sandbox", failureOf(error)),
      ])
    : [];
  const [passwords, ofCommand, connection, store] = await Promise.all([
    folder,
    own,
    connecting,
    storeChecks(settings, container),
  ]);
  const checks: Check[] = [
    ...programChecks(),
    configurationCheck(settings),
    ...settings.notes.map(noteCheck),
    toolsCheck(container),
    ephemeralCheck(settings, container.setup),
    ...passwords,
    ...auditCheck(settings),
    ...state,
    ...ofCommand,
    ...store,
    ...connection,
  ];
  if (!isHealthy([...state, ...connection])) return checks;
  return [...checks, ...(await accountChecks(settings, container))];
};
