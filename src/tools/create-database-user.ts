import type * as z from "zod/v4";
import { createDatabaseUserBody } from "../atlas/access-bodies.ts";
import type { DatabaseUser } from "../atlas/resources.ts";
import { AtlasToolError, type Failure } from "../common/failure.ts";
import type { CredentialFiles, Kept, OnFile } from "../database-passwords/files.ts";
import { make, survey } from "../operations/create.ts";
import { isUnexplained } from "../operations/create-failures.ts";
import type { CreateResult } from "../operations/create-spec.ts";
import { databaseUserCreateSpec } from "../operations/database-user.ts";
import { createOptions, groupId } from "./arguments.ts";
import { type Body, defineChange, type ToolContext } from "./define.ts";

const input = createDatabaseUserBody.extend({ groupId, ...createOptions });

type Input = z.output<typeof input>;

const bodyOf = ({ groupId: _, ifExists: __, dryRun: ___, confirmation: ____, ...body }: Input) =>
  body;

const filesOf = ({ credentialFiles }: ToolContext): CredentialFiles => {
  // The tool is off without them.
  if (credentialFiles === undefined) throw new Error("There is no folder for passwords.");
  return credentialFiles;
};

/** The clusters that the user may reach, and the address to connect to where that is one. Not needed for the user to be made. */
const reachFor = async ({ groupId, scopes }: Input, { atlas, deadline }: ToolContext) => {
  const page = await atlas.listFlexClusters(deadline, groupId).catch(() => ({ results: [] }));
  const reached = page.results.filter(
    ({ name }) => scopes === undefined || scopes.some((scope) => scope.name === name),
  );
  const names = reached.map(({ name }) => name ?? "");
  const [only, ...others] = reached;
  const address = others.length === 0 ? only?.connectionStrings?.standardSrv : undefined;
  return { names, address };
};

type Reach = Awaited<ReturnType<typeof reachFor>>;

const noAddress =
  'The file has no MONGODB_URI yet: once the project has one cluster that runs, repeat this call with ifExists "return" to complete it.';

/** What a person has to know of the connection string on file. */
const aboutUri = ({ hasUri }: OnFile, { names, address }: Reach): string[] => {
  if (hasUri && (address !== undefined || names.length === 1)) return [];
  const several = `the user reaches several clusters: ${names.join(", ")}`;
  if (hasUri)
    return [
      `MONGODB_URI in the file may be of a cluster that is gone: ${names.length === 0 ? "the user reaches none now" : several}.`,
    ];
  return [
    names.length > 1
      ? `The file has no MONGODB_URI, since ${several}. get_project has the address of each.`
      : noAddress,
  ];
};

/** The answer about one user: where its password is, and what is still missing there. */
const userBody = (
  body: Pick<Body, "outcome" | "databaseUser" | "reconciled">,
  file: (OnFile & { reused?: boolean }) | undefined,
  reach: Reach,
): Body => {
  const known = body.outcome === "existing" ? "The user existed and keeps its password" : "";
  const unknown = `${known}, which this server does not have.`;
  const notes = [
    ...(known === ""
      ? []
      : [file === undefined ? unknown : `${known}; the file has the one it was made with here.`]),
    ...(file?.reused ? ["Its password was on file already and is used again."] : []),
    ...(file === undefined ? [] : aboutUri(file, reach)),
  ];
  return {
    ...body,
    ...(file === undefined ? {} : { credentialsFile: file.path }),
    ...(notes.length === 0 ? {} : { note: notes.join(" ") }),
  };
};

/** A failure that leaves the user's fate open, with where its password is if it was made. */
const withFile = (failed: Failure, kept: Kept): AtlasToolError =>
  new AtlasToolError({
    ...failed,
    message: `${failed.message} If it exists, its password is the one in ${kept.path}.`,
  });

// A plan looks and sends nothing, so it makes no password.
const unsent = () => Promise.reject(new Error("A plan sends nothing."));

/** Creates a database user, once. Its password goes into a file of the operator's and nowhere else. */
export const createDatabaseUser = defineChange({
  name: "create_database_user",
  title: "Create database user",
  description:
    "Creates a database user. Its generated password and connection string go to a file that only the operator can read (credentialsFile), never into an answer.",
  access: "create",
  input,
  output: ["databaseUser", "credentialsFile", "reconciled", "request", "receipt", "note"],
  change: ({ username, groupId, roles }) => ({
    kind: "databaseUser",
    name: username,
    groupId,
    roles,
  }),
  plan: async (input, context) => {
    const { groupId, username, ifExists = "error", dryRun } = input;
    const { creation, request } = databaseUserCreateSpec(context, groupId, bodyOf(input), unsent);
    const before = await survey(creation, ifExists, context);
    if (!("existing" in before)) return { request, open: before };
    const reach = await reachFor(input, context);
    const user = { groupId, username };
    const file = dryRun ? undefined : await filesOf(context).find(user, reach.address);
    const body = { outcome: "existing" as const, databaseUser: before.existing };
    return { request, settled: userBody(body, file, reach) };
  },
  apply: async (before, input, context) => {
    const { groupId, username, ifExists = "error" } = input;
    const files = filesOf(context);
    const reach = await reachFor(input, context);
    let kept: Kept | undefined;
    const password = async () => {
      kept ??= await files.keep({ groupId, username }, reach.address);
      return kept.password;
    };
    const settle = async (
      making: Promise<CreateResult<DatabaseUser>>,
    ): Promise<CreateResult<DatabaseUser>> => {
      try {
        const made = await making;
        if (kept === undefined || made.outcome !== "created") return made;
        const file = await files.confirm(kept, reach.address);
        return { ...made, file: { ...file, reused: !kept.made } };
      } catch (error) {
        if (kept === undefined || !(error instanceof AtlasToolError)) throw error;
        const { failure } = error;
        if (failure.outcome === "unknown") throw withFile(failure, kept);
        // Where the user exists now, somebody may have made it with this very password.
        if (failure.outcome === "not_created" && !isUnexplained(failure)) await files.discard(kept);
        throw error;
      }
    };
    const { creation } = databaseUserCreateSpec(context, groupId, bodyOf(input), password);
    const means = { ...context, flights: context.flights.databaseUsers };
    const made = await make({ ...creation, settle }, before, ifExists, means);
    const file = made.file ?? (await files.find({ groupId, username }, reach.address));
    const body = {
      outcome: made.outcome,
      databaseUser: made.resource,
      ...(made.reconciled ? { reconciled: true as const } : {}),
    };
    return userBody(body, file, reach);
  },
});
