/** The file with the password of a database user: where it is, how it is used, the address that goes into it, what it lacks. */
import { listGroupFlexClusters } from "../atlas/requests.ts";
import type { FlexCluster } from "../atlas/resources/flex-cluster.ts";
import { failureOf } from "../common/failure.ts";
import { quoteForShell } from "../common/shell.ts";
import type { OnFile, PasswordFiles } from "../credential-files/files.ts";
import { withinDeadline } from "../credential-files/within-deadline.ts";
import type { ToolContext } from "./define.ts";

/** The files of a call. */
export const filesOf = ({ passwordFiles, deadline }: ToolContext): PasswordFiles => {
  // Cannot happen: without a folder, whatever needs one is off.
  if (passwordFiles === undefined) throw new Error("There is no folder for passwords.");
  return withinDeadline(passwordFiles, deadline);
};

/** How an application gets what is in the file of a user. A caller over HTTP does not have this machine's files. */
export const useOf = (
  path: string,
  { groupId, username }: { groupId: string; username: string },
  { owner, publicUrl = "URL" }: ToolContext,
): string => {
  if (owner === undefined) return `node --env-file=${quoteForShell(path)}`;
  // The shell is the caller's, of which nothing is known.
  const user = quoteForShell(username, "linux");
  const words = [
    "--project",
    groupId,
    ...(/^'?-/.test(user) ? [`--user=${user}`] : ["--user", user]),
  ];
  return `atlas-provision-mcp env --server ${publicUrl} --token-file FILE ${words.join(" ")}`;
};

/**
 * The clusters that the user may reach, and the address if there is only one; those in `going` are being deleted. Undefined
 * if they cannot be read: the create does not need them.
 */
export const reachFor = async (
  {
    groupId,
    scopes,
  }: { groupId: string; scopes?: readonly { name?: string | undefined }[] | undefined },
  { atlas, deadline }: ToolContext,
) => {
  const page = await atlas.read(listGroupFlexClusters(groupId), deadline).catch(failureOf);
  if ("code" in page) return undefined;
  const reached = page.results.filter(
    ({ name }) => !scopes?.length || scopes.some((scope) => scope.name === name),
  );
  const isGoing = ({ stateName }: FlexCluster) => stateName === "DELETING";
  // Atlas lists them in no order.
  const namesOf = (clusters: FlexCluster[]) => clusters.map(({ name }) => name ?? "").sort();
  const staying = reached.filter((cluster) => !isGoing(cluster));
  const [only, ...others] = staying;
  const address = others.length === 0 ? only?.connectionStrings?.standardSrv : undefined;
  return { names: namesOf(staying), going: namesOf(reached.filter(isGoing)), address };
};

export type Reach = Awaited<ReturnType<typeof reachFor>>;

/** What a person must know about the connection string in the file. */
const aboutUri = ({ hasUri }: OnFile, reach: Reach, noAddress: string): string[] => {
  if (reach === undefined) return hasUri ? [] : [noAddress];
  const { names, going, address } = reach;
  if (hasUri && address !== undefined) return [];
  const several = `the user reaches several clusters: ${names.join(", ")}`;
  const reaches = [
    "the user reaches no cluster now",
    `the address of ${names[0]} is not known yet`,
  ];
  if (hasUri)
    return [
      `MONGODB_URI in the file may point to a deleted cluster: ${reaches[names.length] ?? several}.`,
    ];
  return [
    names.length > 1
      ? `The file has no MONGODB_URI, because ${several}. The connectionStrings of each cluster have its address.`
      : noAddress,
    ...(names.length === 0 && going.length > 0
      ? [`${going.join(", ")} is being deleted, and the user reaches no other cluster.`]
      : []),
  ];
};

/** What a person must know about the rest of the file; `noAddress` says how the connection string gets into it later. */
export const aboutFile = (file: OnFile, reach: Reach, noAddress: string): string[] => [
  ...(file.before === undefined ? [] : [`An earlier password may be right: ${file.before}.`]),
  ...aboutUri(file, reach, noAddress),
];
