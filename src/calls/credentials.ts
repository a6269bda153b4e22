/** Gives a caller the passwords of the database users that it created, and records each time (docs/architecture.md#fetched-passwords). */
import type { AtlasClient } from "../atlas/client.ts";
import type { Entry } from "../audit/log.ts";
import { type Clock, startDeadline } from "../common/deadline.ts";
import { type Failure, failureOf, raise } from "../common/failure.ts";
import type { PasswordFiles } from "../credential-files/files.ts";
import type { Owned } from "../credential-files/user-file.ts";
import { withinDeadline } from "../credential-files/within-deadline.ts";
import type { Caller } from "../policy/caller.ts";
import { entryOf, type Records, record } from "./audit-lines.ts";
import { isProjectAllowed } from "./scope.ts";
import type { Availability } from "./tool-availability.ts";

type User = { groupId: string; username: string };

/** What a fetch gives. `absent`: there is nothing for this caller; why is for the operator alone. */
export type Fetched = { given: Owned } | { absent: string } | { unavailable: string };

export type Credentials = {
  /** What the file of a user has for its owner. It is recorded when the promise resolves; what cannot be recorded is not given. */
  fetch(caller: Caller, user: User): Promise<Fetched>;
  /** Records a caller that has not the right to fetch; the user is undefined if the request names none. */
  refuse(caller: Caller, user: User | undefined): Promise<void>;
};

export type CredentialsOptions = Records & {
  passwordFiles: PasswordFiles;
  atlas: AtlasClient;
  clock: Clock;
  deadlineMs: number;
  availabilityFor(caller: Caller): Availability;
};

// Milliseconds: a local folder answers well within them, so the time does not tell whether another's file is there.
const evenMs = 50;

/** The lines of the audit and of the log about a fetch. */
type Told = Pick<Entry, "kind"> & { result: NonNullable<Entry["result"]> };

const toldOf = (fetched: Fetched): Told => {
  if ("given" in fetched) return { kind: "fetched", result: { status: "ok" } };
  const [code, why] =
    "absent" in fetched ? ["not_found", fetched.absent] : ["unavailable", fetched.unavailable];
  return { kind: "denied", result: { status: "error", code, why } };
};

/** A project that the credentials of this server do not show is not there for its callers. */
const isHidden = ({ code }: Failure): boolean => code === "not_found" || code === "forbidden";

export const createCredentials = (options: CredentialsOptions): Credentials => {
  const { passwordFiles, atlas, clock, audit, log, availabilityFor } = options;
  const projectOrgIds = new Map<string, string>();

  const look = async (caller: Caller, user: User): Promise<Fetched> => {
    const deadline = startDeadline(options.deadlineMs, new AbortController().signal, clock);
    const { bounds } = availabilityFor(caller);
    const isAllowed = () =>
      isProjectAllowed(user.groupId, { bounds, atlas, deadline, projectOrgIds }).catch((error) => {
        const failed = failureOf(error);
        return isHidden(failed) ? false : raise(failed);
      });
    const files = withinDeadline(passwordFiles, deadline);
    try {
      const file = await files.readFor({ ...user, owner: caller.id });
      if (file === "absent") return { absent: "There is no file of this user." };
      if (file === "foreign") return { absent: "The password was not generated for this caller." };
      return (await isAllowed()) ? { given: file } : { absent: "The project is out of bounds." };
    } catch (error) {
      return { unavailable: failureOf(error).message };
    } finally {
      deadline.clear();
    }
  };

  const entryFor = (caller: Caller, user: User | undefined) => {
    const { groupId, username: name = "" } = user ?? {};
    const place = groupId === undefined ? {} : { groupId };
    const about = { tool: "POST /credentials", kind: "databaseUser", name, details: {} } as const;
    return entryOf({ ...about, ...place }, availabilityFor(caller));
  };

  const tell = ({ id: principal }: Caller, user: User | undefined, { kind, result }: Told) => {
    const { status: _, ...why } = result;
    const level = kind === "fetched" ? "info" : "warn";
    log[level]?.({ principal, ...user, ...why }, `credentials ${kind}`);
  };

  /** Writes that something is given. False if that cannot be written. */
  const writeGiven = async (entry: Entry): Promise<boolean> => {
    try {
      await audit?.write(entry);
      return true;
    } catch (error) {
      log.error?.({ audit: entry.id, error: String(error) }, "audit not written");
      return false;
    }
  };

  return {
    fetch: async (caller, user) => {
      const [fetched] = await Promise.all([look(caller, user), clock.sleep(evenMs)]);
      const told = toldOf(fetched);
      const entry = { ...entryFor(caller, user), ...told };
      if (told.kind !== "fetched") await record(options, entry);
      else if (!(await writeGiven(entry)))
        return { unavailable: "The audit file cannot be written." };
      tell(caller, user, told);
      return fetched;
    },
    refuse: async (caller, user) => {
      const why = "The caller has no right to credentials.";
      const result = { status: "error", code: "policy_denied", why } as const;
      await record(options, { ...entryFor(caller, user), kind: "denied", result });
      tell(caller, user, { kind: "denied", result });
    },
  };
};
