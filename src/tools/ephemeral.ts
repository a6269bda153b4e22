/** What both tools of ephemeral clusters share. */
import * as z from "zod/v4";
import { type Ephemeral, isClusterName } from "../credential-files/ephemeral.ts";
import { ephemeralWithinDeadline } from "../credential-files/within-deadline.ts";
import type { EphemeralContext, ShownEphemeral } from "../operations/ephemeral-cluster.ts";
import type { ToolContext } from "./define.ts";
import type { Body, BodyWith } from "./result.ts";

/** Its name, which names its file too. */
export const clusterName = z
  .string()
  .overwrite((name) => name.trim())
  .superRefine((name, context) => {
    if (isClusterName(name)) return;
    context.addIssue({
      code: "custom",
      message:
        "must be 1 to 64 letters, digits and hyphens, with a letter or digit first, and no name of a device such as con or lpt1",
      params: { example: "Cluster0" },
    });
  })
  .meta({
    description: "1 to 64 letters, digits, hyphens; unique without case.",
    pattern: "^[a-zA-Z0-9][a-zA-Z0-9-]*$",
  });

/** The name that Atlas gives by default. */
export const defaultName = "Cluster0";

/** Where the file of a name is. */
export const placeOf = (name: string, { owner }: ToolContext): Ephemeral => ({
  owner,
  clusterName: name,
});

export const ephemeralContextOf = (context: ToolContext): EphemeralContext => {
  const { ephemeralFiles, deadline, ephemeralAddress: address } = context;
  if (ephemeralFiles === undefined) throw new Error("There is no folder for credentials.");
  const files = ephemeralWithinDeadline(ephemeralFiles, deadline);
  return { ...context, files, address };
};

const inSandbox = (path: string): string =>
  `Nothing of it is real: no database is behind this host, and its claim URL opens nothing. ${path} has what the file of a real one has; --ephemeral (ATLAS_MCP_EPHEMERAL) makes real ones.`;

/** What can be done with it, and until when. */
const endOf = ({ status, pausesAt, deletesAt, hasClaim }: ShownEphemeral): string => {
  const claim = hasClaim
    ? "To keep it, a person opens ATLAS_CLAIM_URL from that file in a browser and claims it into an Atlas account."
    : "It cannot be claimed: Atlas sent no claim URL.";
  return status === "PAUSED"
    ? `Atlas has paused it: nothing can connect until it is claimed, and on ${deletesAt} it is deleted with its data. ${claim}`
    : `It works until ${pausesAt}, then Atlas pauses it, and on ${deletesAt} deletes it with its data. ${claim}`;
};

/** What a person must know of it in this state. */
const noteOf = (shown: ShownEphemeral, { owner, setup }: ToolContext): string => {
  const { path, hasUri, isNamed } = shown;
  if (setup.backend === "sandbox") return inSandbox(path);
  const where = owner === undefined ? path : `${path}, on the machine of this server,`;
  const uri = hasUri
    ? `${where} has MONGODB_URI for an application (node --env-file); it must not be printed or read into a conversation.`
    : `${where} has no MONGODB_URI: Atlas sent no connection string.`;
  const named = isNamed ? [] : ["Another call has its name, so only this file leads to it."];
  return [uri, endOf(shown), ...named].join(" ");
};

/** The body about one ephemeral cluster. */
export const ephemeralBody = (
  outcome: Body["outcome"],
  shown: ShownEphemeral,
  context: ToolContext,
): BodyWith<(typeof ephemeralAlways)[number]> => {
  const { name, status, host, path, pausesAt, deletesAt, termsOfService, isNamed } = shown;
  const isComing = status === "PROVISIONING" && isNamed;
  return {
    outcome,
    ready: status === "ACTIVE",
    cluster: { name, status },
    ...(host === undefined ? {} : { host }),
    credentialsFile: path,
    pausesAt,
    deletesAt,
    ...(termsOfService === undefined ? {} : { termsOfService }),
    note: noteOf(shown, context),
    suggestions: isComing ? [{ suggest: "look_up_ephemeral", with: { clusterName: name } }] : [],
  };
};

/** The members that every result about one has. */
export const ephemeralAlways = [
  "ready",
  "cluster",
  "credentialsFile",
  "pausesAt",
  "deletesAt",
  "note",
] as const;

/** The members of its results. */
export const ephemeralMembers = [
  "ready",
  "cluster",
  "host",
  "credentialsFile",
  "pausesAt",
  "deletesAt",
  "termsOfService",
  "note",
] as const;
