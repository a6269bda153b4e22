import type * as z from "zod/v4";
import { listGroupFlexClusters } from "../atlas/requests.ts";
import { type DatabaseUser, databaseUserBodySchema } from "../atlas/resources/database-user.ts";
import { type Failure, failureOf, raise } from "../common/failure.ts";
import type { CredentialFiles, Kept, OnFile } from "../database-passwords/files.ts";
import { create, lookBefore } from "../operations/create.ts";
import type { CreateResult } from "../operations/create-spec.ts";
import { databaseUserCreateSpec } from "../operations/database-user.ts";
import { isUnexplained } from "../operations/failures.ts";
import { createOptions, groupId } from "./arguments.ts";
import { defineChange, type ToolContext } from "./define.ts";
import type { Body } from "./result.ts";

const input = databaseUserBodySchema.extend({ groupId, ...createOptions });

type Input = z.output<typeof input>;

const bodyOf = ({ groupId: _, ifExists: __, dryRun: ___, confirmation: ____, ...body }: Input) =>
  body;

const filesOf = ({ passwordFiles }: ToolContext): CredentialFiles => {
  // The tool is off without them.
  if (passwordFiles === undefined) throw new Error("There is no folder for passwords.");
  return passwordFiles;
};

/** The clusters that the user may reach, and the address to connect to where that is one. Not needed for the user to be made. */
const reachFor = async ({ groupId, scopes }: Input, { atlas, deadline }: ToolContext) => {
  const page = await atlas
    .read(listGroupFlexClusters(groupId), deadline)
    .catch(() => ({ results: [] }));
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
const withFile = (failed: Failure, kept: Kept): Failure => ({
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
  kind: "databaseUser",
  input,
  output: ["databaseUser", "credentialsFile", "reconciled", "request", "receipt", "note"],
  change: ({ username, groupId, roles }) => ({ name: username, groupId, roles }),
  plan: async (input, context) => {
    const { groupId, username, ifExists = "error", dryRun } = input;
    const { spec, request } = databaseUserCreateSpec(context, groupId, bodyOf(input), unsent);
    const before = await lookBefore(spec, ifExists, context);
    if (!("existing" in before)) return { request, pending: before };
    const reach = await reachFor(input, context);
    const user = { groupId, username };
    const file = dryRun ? undefined : await filesOf(context).find(user, reach.address);
    const body = { outcome: "existing" as const, databaseUser: before.existing };
    return { request, done: userBody(body, file, reach) };
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
    const complete = async (
      creating: Promise<CreateResult<DatabaseUser>>,
    ): Promise<CreateResult<DatabaseUser>> => {
      try {
        const created = await creating;
        if (kept === undefined || created.outcome !== "created") return created;
        const file = await files.confirm(kept, reach.address);
        return { ...created, file: { ...file, reused: !kept.made } };
      } catch (error) {
        const failed = failureOf(error);
        if (kept === undefined) throw error;
        if (failed.outcome === "unknown") return raise(withFile(failed, kept));
        // Where the user exists now, somebody may have made it with this very password.
        if (failed.outcome === "not_created" && !isUnexplained(failed)) await files.discard(kept);
        throw error;
      }
    };
    const { spec } = databaseUserCreateSpec(context, groupId, bodyOf(input), password);
    const { databaseUsers } = context.singleFlights;
    const completing = { ...spec, complete };
    const created = await create(completing, before, ifExists, context, databaseUsers);
    const file = created.file ?? (await files.find({ groupId, username }, reach.address));
    const body = {
      outcome: created.outcome,
      databaseUser: created.resource,
      ...(created.reconciled ? { reconciled: true as const } : {}),
    };
    return userBody(body, file, reach);
  },
});
