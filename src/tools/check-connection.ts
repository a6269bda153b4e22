import * as z from "zod/v4";
import { hostOf } from "../atlas/resources/ephemeral-cluster.ts";
import { clusterName, type FlexCluster } from "../atlas/resources/flex-cluster.ts";
import { fail, type Suggestion } from "../common/failure.ts";
import { secret } from "../common/secret.ts";
import { type OnFilePassword, readLogin } from "../credential-files/login.ts";
import { type Checked, checkClusterConnection, type Login } from "../operations/connection.ts";
import type { Meaning, Remedy } from "../operations/connection-meaning.ts";
import { getFlexCluster, isReady } from "../operations/flex-cluster-ready.ts";
import { groupId } from "./arguments.ts";
import { defineRead, type ToolContext } from "./define.ts";
import type { BodyWith } from "./result.ts";

const input = z.strictObject({
  groupId,
  name: clusterName,
  username: z
    .string()
    .min(1)
    .optional()
    .meta({ description: "Database user to log in as, with its password on file." }),
});

type Input = z.output<typeof input>;

// Atlas has applied a user long before that.
const freshMs = 10 * 60_000;

const passwordOf = async (
  { groupId, username }: Input,
  { passwordFiles, owner, deadline }: ToolContext,
): Promise<OnFilePassword | undefined> =>
  username === undefined || passwordFiles === undefined
    ? undefined
    : readLogin(passwordFiles, { groupId, username }, owner, deadline);

const loginOf = (
  { username }: Input,
  onFile: OnFilePassword | undefined,
  { clock }: ToolContext,
): Login | undefined => {
  if (username === undefined || onFile === undefined) return undefined;
  const isFresh = clock.now() - onFile.writtenAt < freshMs;
  return { username, password: onFile.password, isFresh };
};

const suggestionsFor: Readonly<
  Record<Remedy, (input: Input, context: ToolContext) => Suggestion[]>
> = {
  repeat: () => [{ suggest: "repeat", why: "Checks again." }],
  access: ({ groupId }, { isRemote }) =>
    // Over HTTP, this machine is not the one that the user's application runs on.
    isRemote ? [] : [{ suggest: "allow_address", with: { groupId } }],
  user: ({ groupId, username }) => [{ suggest: "create_user", with: { groupId, username } }],
  password: ({ groupId, username }) => [
    {
      suggest: "update_user",
      with: { groupId, username, rotatePassword: true },
      why: "Gives the user a new password, which replaces the old one in every application.",
    },
  ],
};

const helpFor = ({ remedies = [] }: Meaning, input: Input, context: ToolContext): Suggestion[] =>
  remedies.flatMap((remedy) => suggestionsFor[remedy](input, context));

const noPassword = ({ username }: Input): string =>
  username === undefined
    ? "No user was given, so no login was tried: name one whose password this server has."
    : `This server has no password of ${JSON.stringify(username)}, so no login was tried.`;

/** What the file of the user has, where an application would go elsewhere with it. */
const otherHost = (
  onFile: OnFilePassword | undefined,
  { connectionStrings: strings }: FlexCluster,
): string[] => {
  const host = onFile?.uri && hostOf(onFile.uri);
  const returned = [strings?.standardSrv, strings?.standard].flatMap((one) =>
    one === undefined ? [] : [hostOf(secret(one))],
  );
  return onFile === undefined || host === undefined || returned.includes(host)
    ? []
    : [
        `MONGODB_URI in ${onFile.path} leads to ${host}, which Atlas does not return for this cluster and which was not contacted.`,
      ];
};

/** A refused login may be for want of the password before this one. */
const earlier = ({ report }: Checked, onFile: OnFilePassword | undefined): string[] =>
  !report.connected && report.cause === "login_refused" && onFile?.before !== undefined
    ? [`An earlier password may be right: ${onFile.before}.`]
    : [];

const shownHosts = 3;

/** The hosts that failed where another got through. */
const othersOf = ({ problems }: Checked["report"]): string[] => {
  const rest = problems.length - shownHosts;
  return [
    ...problems
      .slice(0, shownHosts)
      .map(({ host, step, code }) => `${host} failed at ${step} (${code}).`),
    ...(rest > 0 ? [`So did ${rest} more.`] : []),
  ];
};

/** What it means, and for how long it was tried. */
const noteOf = ({ meaning, waitedSeconds }: Checked): string =>
  [meaning?.says ?? "", ...(waitedSeconds > 2 ? [`Tried for ${waitedSeconds} s.`] : [])].join(" ");

const bodyOf = (
  checked: Checked,
  beside: readonly string[],
  input: Input,
  context: ToolContext,
): BodyWith<"connected" | "from" | "steps"> => {
  const { report, meaning } = checked;
  const steps = report.steps.map(({ step, ms }) => ({ step, ms: Math.round(ms) }));
  const others = othersOf(report);
  const where = { from: "the machine of this server", steps } as const;
  if (report.connected) {
    const notes = [...(report.loggedIn ? [] : [noPassword(input)]), ...others, ...beside];
    return {
      outcome: "found",
      connected: true,
      ...where,
      ...(notes.length === 0 ? {} : { note: notes.join(" ") }),
    };
  }
  const { failedStep, cause, code } = report;
  return {
    outcome: "found",
    connected: false,
    failedStep,
    cause,
    code,
    ...where,
    note: [noteOf(checked), ...beside].join(" "),
    suggestions: meaning === undefined ? [] : helpFor(meaning, input, context),
  };
};

/** Proves that an application can connect, step by step. Nothing is written to the database. */
export const checkConnection = defineRead({
  name: "check_connection",
  title: "Check connection",
  description:
    "Connects to a MongoDB Atlas flex cluster from the machine of this server: DNS, TCP, TLS, login, ping. Says which step fails, why, and what helps.",
  searchHint:
    "test or debug the connection to a MongoDB Atlas cluster: DNS, TLS, login, access list",
  access: "read",
  groups: ["connect"],
  input,
  output: ["connected", "failedStep", "cause", "code", "from", "steps", "note"],
  always: ["connected", "from", "steps"],
  suggests: {
    check_connection: ({ groupId, name, username }) => ({
      arguments: { groupId, name, username },
      why: "Proves the connection.",
    }),
  },
  run: async (input, context) => {
    const { groupId, name } = input;
    const cluster = await getFlexCluster(context, groupId, name);
    if (!isReady(cluster))
      return fail(
        "conflict",
        `Flex cluster ${JSON.stringify(name)} is ${cluster.stateName ?? "not ready"}, so nothing can connect yet.`,
        {
          retry: "after_delay",
          retryAfterSeconds: 10,
          suggestions: [
            { suggest: "look_up_cluster", with: { groupId, name }, why: "Shows when it is ready." },
          ],
        },
      );
    let onFile: OnFilePassword | undefined;
    // Read before each attempt: the password may be replaced meanwhile.
    const readNow = async () => {
      onFile = await passwordOf(input, context);
      return loginOf(input, onFile, context);
    };
    const checked = await checkClusterConnection(context, groupId, cluster, readNow);
    const beside = [...otherHost(onFile, cluster), ...earlier(checked, onFile)];
    return bodyOf(checked, beside, input, context);
  },
});
