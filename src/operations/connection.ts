/**
 * Checks the connection to a flex cluster from this machine, and asks Atlas for what the wire cannot tell: whether the
 * access list has entries and has applied them, and whether the user is there (docs/connections.md).
 */
import { blockOf, isEveryone } from "../atlas/addresses.ts";
import { getGroupAccessListStatus, getGroupDatabaseUser } from "../atlas/requests.ts";
import type { AccessListEntry } from "../atlas/resources/access-list-entry.ts";
import type { FlexCluster } from "../atlas/resources/flex-cluster.ts";
import { briefly, resultMs } from "../common/deadline.ts";
import { failureOf } from "../common/failure.ts";
import type { Secret } from "../common/secret.ts";
import type { ConnectionReport } from "../connection/check.ts";
import { readAccessList } from "./access-list-entry.ts";
import { type Meaning, meaningOf } from "./connection-meaning.ts";
import type { OperationContext } from "./context.ts";

/** Who logs in. `isFresh` means that the password is new, so that Atlas may not have applied it. */
export type Login = { username: string; password: Secret; isFresh: boolean };

export type Checked = { report: ConnectionReport; meaning?: Meaning; waitedSeconds: number };

type Failed = Extract<ConnectionReport, { connected: false }>;

/** What Atlas told about a failure; `isComing` where the same check may soon succeed. */
type Verdict = { meaning: Meaning; isComing: boolean };

// Seconds for what is on its way: Atlas takes some to apply users and entries.
const mostSeconds = 30;
const pauseMs = 2000;
const freshMs = 10 * 60_000;
const mostEntries = 20;
const checkingShare = 0.8;

/** The cluster's address as Atlas returned it, and the hosts that its SRV records may name. */
const targetOf = ({ connectionStrings: strings }: FlexCluster) => {
  const hosts = /^mongodb:\/\/([^/?]+)/
    .exec(strings?.standard ?? "")?.[1]
    ?.split(",")
    .map((host) => (/:\d+$/.test(host) ? host : `${host}:27017`));
  return {
    connectionString: strings?.standardSrv ?? strings?.standard ?? "",
    ...(hosts === undefined ? {} : { hosts }),
  };
};

const statusOf = async (
  { atlas, deadline }: OperationContext,
  groupId: string,
  { cidrBlock, ipAddress }: AccessListEntry,
): Promise<string | undefined> => {
  const entry = ipAddress ?? cidrBlock;
  if (entry === undefined) return undefined;
  const request = getGroupAccessListStatus(groupId, entry);
  const status = await atlas.read(request, briefly(deadline)).catch(failureOf);
  return "code" in status ? undefined : status.STATUS;
};

/** What the access list says of an address that may be on it or not. */
const aboutEntries = (
  entries: readonly AccessListEntry[],
  statuses: readonly (string | undefined)[],
): string => {
  const asked = entries.length > statuses.length ? `${statuses.length}` : "all";
  const isOpen = entries.some(({ cidrBlock }) => {
    const block = blockOf(cidrBlock ?? "");
    return block !== undefined && isEveryone(block);
  });
  if (statuses.includes("PENDING"))
    return "Atlas has not applied all entries of the list yet (PENDING).";
  if (statuses.includes("FAILED"))
    return "Atlas could not apply an entry of the list (FAILED): delete it and create it again.";
  if (!statuses.every((status) => status === "ACTIVE"))
    return "Atlas did not tell whether the entries of the list are applied: the address of this machine is on none, or its entry is not applied yet.";
  if (isOpen)
    return `The list lets every address in, and ${asked} of its entries are applied (ACTIVE), so it is not the list: something on the way, or the cluster itself.`;
  return `Of the entries of the list, ${asked} are applied (ACTIVE), so the address of this machine is probably on none.`;
};

const emptyList: Meaning = {
  says: "No address may connect: the access list of the project is empty.",
  remedies: ["access"],
};

const unknownList =
  "Atlas did not show the access list: the address of this machine is not on it, or its entry is not applied yet.";

/** What the access list tells about a connection that may have been refused by it. */
const judgeAccess = async (
  context: OperationContext,
  groupId: string,
  meaning: Meaning,
): Promise<Verdict> => {
  const soon = briefly(context.deadline);
  const entries = await readAccessList(context.atlas, groupId, soon).catch(failureOf);
  const saying = (more: string) => ({ ...meaning, says: `${meaning.says} ${more}` });
  if ("code" in entries) return { meaning: saying(unknownList), isComing: false };
  if (entries.length === 0) return { meaning: emptyList, isComing: false };
  // The newest are the last ones, and what is new may not be applied.
  const asked = entries.slice(-mostEntries);
  const statuses = await Promise.all(asked.map((entry) => statusOf(context, groupId, entry)));
  const about = saying(aboutEntries(entries, statuses));
  return statuses.includes("PENDING")
    ? { meaning: { ...about, remedies: ["repeat", "access"] }, isComing: true }
    : { meaning: about, isComing: false };
};

const noUser: Meaning = {
  says: "The login was refused, and Atlas has no database user of this name.",
  remedies: ["user"],
};

/** What Atlas tells about a user whose login was refused. The server does not say whether the name or the password is wrong. */
const judgeLogin = async (
  { atlas, deadline }: OperationContext,
  groupId: string,
  cluster: FlexCluster,
  { username, isFresh }: Login,
): Promise<Verdict> => {
  const request = getGroupDatabaseUser(groupId, "admin", username);
  const user = await atlas.read(request, briefly(deadline)).catch(failureOf);
  if ("code" in user)
    return user.code === "not_found"
      ? { meaning: noUser, isComing: false }
      : {
          meaning: {
            says: "The login was refused: the password on file is not that of the user, or the user is not there (yet). Atlas did not tell which.",
            remedies: ["repeat", "password"],
          },
          isComing: isFresh,
        };
  const scopes = user.scopes ?? [];
  const isInScope = scopes.length === 0 || scopes.some(({ name }) => name === cluster.name);
  if (!isInScope)
    return {
      meaning: { says: "The login was refused: the scopes of the user do not have this cluster." },
      isComing: false,
    };
  const isApplying = isFresh || cluster.stateName !== "IDLE";
  return {
    meaning: {
      says: `The login was refused, though Atlas has the user: ${isApplying ? "it is new, and Atlas may not have applied it yet, or " : ""}the password on file is not the right one.`,
      remedies: isApplying ? ["repeat", "password"] : ["password"],
    },
    isComing: isApplying,
  };
};

const judge = async (
  context: OperationContext,
  groupId: string,
  cluster: FlexCluster,
  { failedStep, cause }: Failed,
  login: Login | undefined,
): Promise<Verdict> => {
  if (cause === "login_refused" && login !== undefined)
    return judgeLogin(context, groupId, cluster, login);
  const meaning = meaningOf(failedStep, cause);
  if (meaning.remedies?.includes("access")) return judgeAccess(context, groupId, meaning);
  const made = Date.parse(cluster.createDate ?? "");
  const isNew = context.atlas.now() - made < freshMs;
  const isUnknown = cause === "name_not_found" || cause === "no_records";
  return { meaning, isComing: isNew && isUnknown };
};

/** Checks it, and again while something that it needs is on its way: at most 30 s, and within the deadline. */
export const checkClusterConnection = async (
  context: OperationContext,
  groupId: string,
  cluster: FlexCluster,
  loginNow: () => Promise<Login | undefined>,
): Promise<Checked> => {
  const { clock, deadline, progress } = context;
  // The driver is loaded by the first check alone.
  const { checkConnection } = await import("../connection/check.ts");
  const startedAt = clock.monotonic();
  const allowed = Math.min(mostSeconds * 1000, deadline.remaining() - resultMs);
  // The rest is for what Atlas tells.
  const signal = AbortSignal.any([deadline.readSignal, deadline.fraction(checkingShare)]);
  let before: (Checked & Pick<Verdict, "isComing">) | undefined;
  for (;;) {
    const login = await loginNow();
    const report = await checkConnection({
      ...targetOf(cluster),
      ...(login === undefined ? {} : { username: login.username, password: login.password }),
      signal,
      clock,
    });
    const waitedMs = clock.monotonic() - startedAt;
    const waitedSeconds = Math.round(waitedMs / 1000);
    if (report.connected) return { report, waitedSeconds };
    // A check that was stopped knows less than the one before.
    if (report.cause === "stopped" && before !== undefined) return { ...before, waitedSeconds };
    const { meaning, isComing } = await judge(context, groupId, cluster, report, login);
    // What was on its way may have arrived since the check.
    const isOver = !isComing && !before?.isComing;
    before = { report, meaning, waitedSeconds, isComing };
    if (isOver || waitedMs + pauseMs >= allowed || deadline.cancelled()) return before;
    await progress(waitedSeconds, `Not connected yet (${report.failedStep}); trying again.`);
    await clock.sleep(pauseMs, deadline.readSignal);
  }
};
