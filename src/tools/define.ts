/** How a tool is declared. Everything else about it follows from its declaration. */
import type * as z from "zod/v4";
import type { AtlasRequest } from "../atlas/request.ts";
import type { Tag } from "../atlas/resources/fields.ts";
import type { SuggestionKind } from "../common/failure.ts";
import type { Redactor } from "../common/redact.ts";
import type { EphemeralFiles } from "../credential-files/ephemeral.ts";
import type { PasswordFiles } from "../credential-files/files.ts";
import type { OperationContext } from "../operations/context.ts";
import type { Effect } from "../operations/failures.ts";
import type { Body, BodyWith, Member } from "./result.ts";

export type ResourceKind =
  | "project"
  | "flexCluster"
  | "databaseUser"
  | "accessListEntry"
  | "ephemeralCluster";

type Role = { roleName: string; databaseName: string; collectionName?: string | undefined };

/** What a change sets, with Atlas's names; a question and the audit show all of it. */
export type Details = {
  provider?: string | undefined;
  region?: string | undefined;
  tags?: readonly Tag[] | undefined;
  /** The user who becomes Project Owner. */
  projectOwnerId?: string | undefined;
  withDefaultAlertsSettings?: boolean | undefined;
  regionUsageRestrictions?: string | undefined;
  terminationProtectionEnabled?: boolean | undefined;
  /** The roles of a database user, and the clusters that it may reach. */
  roles?: readonly Role[] | undefined;
  scopes?: readonly { name: string; type: string }[] | undefined;
  deleteAfterDate?: string | undefined;
  description?: string | undefined;
  comment?: string | undefined;
  /** The name that an existing resource gets. */
  newName?: string | undefined;
  /** The database of a user, if it is not admin. */
  databaseName?: string | undefined;
  /** Whether a database user gets a new password. */
  rotatePassword?: boolean | undefined;
  /** When `sweep` may delete it, or "never". */
  sweepAfter?: string | undefined;
};

/**
 * Why a change needs consent although it is free, in one sentence: on live Atlas, or also in the sandbox. What takes
 * something away, where no person can be asked, needs the operator's leave as deletes do.
 */
export type Risk = { says: string; inSandbox?: true; takesAway?: true };

/** What a call would change, as policy, consent and audit see it. */
export type Change = {
  tool: string;
  effect: Effect;
  kind: ResourceKind;
  name: string;
  orgId?: string;
  groupId?: string;
  details: Details;
  risks?: readonly Risk[];
  /** Public addresses that the project's access list admits with a new entry. */
  addresses?: bigint;
  /** When the resource was created, or will be (milliseconds since 1970). */
  created?: number;
};

/** What only Atlas could tell about a change. */
export type Found = Partial<
  Pick<Change, "name" | "orgId" | "risks" | "addresses" | "created" | "details">
>;

/** How this server is set up for a caller; `get_account` shows it. */
export type Setup = {
  backend: "atlas" | "sandbox";
  baseUrl: string;
  /** Atlas for Government takes fields that commercial Atlas refuses. */
  government: boolean;
  policy: {
    readOnly: boolean;
    allowDelete: boolean;
    confirm: string;
    rules: Record<string, unknown>[];
  };
  /** Whether ephemeral clusters can be made, and where: in Atlas itself only if the operator says so. */
  ephemeral: { on: boolean; backend: "atlas" | "sandbox" };
  /** Tools that are not offered, each with the reason. */
  switchedOff: { tool: string; reason: string }[];
};

export type ToolContext = OperationContext & {
  setup: Setup;
  /** Stores the passwords of database users; without it, `create_database_user` and `rotatePassword` are off. */
  passwordFiles?: PasswordFiles | undefined;
  /** Why there is no folder for passwords, if so. */
  noPasswordsBecause?: string | undefined;
  /** Stores the secrets of ephemeral clusters; without it, their tools are off. */
  ephemeralFiles?: EphemeralFiles | undefined;
  /** Whether the caller may be on another machine. */
  isRemote: boolean;
  /** Where ephemeral clusters come from, as their files name it. */
  ephemeralAddress: string;
  /** Whose files these are; undefined for the operator. */
  owner: string | undefined;
  /** The address by which callers elsewhere reach this server, if the operator has set it. */
  publicUrl?: string | undefined;
  /** Learns secrets that a call meets, so that no result and no log line has them. */
  redactor: Redactor;
};

/** Creates the arguments of a suggested call to this tool, from those of the original call and of the suggestion. */
type Suggest = (args: Record<string, unknown>) => {
  arguments: Record<string, unknown>;
  why: string;
};

type Declaration<I extends z.ZodObject> = {
  name: string;
  title: string;
  description: string;
  input: I;
  /** Top-level members of its results, besides those that every result has. */
  output: readonly Member[];
  /** Those of `output` that every success has, but for a dry run. */
  always: readonly Member[];
  /** Words by which hosts that show their model only names find it. A short description: one host shows it instead of that. */
  searchHint?: string;
  /** Where to begin, so no host should leave it out of what its model sees. */
  alwaysLoad?: true;
  /** The card shows its results; it shows those of every change. */
  hasCard?: true;
  /** Groups of `--tools` that it belongs to, besides the one of its access. */
  groups?: readonly "connect"[];
  /** It sends no credentials, and its backend is that of ephemeral clusters. */
  ephemeral?: true;
  /** The suggestions that a call of this tool serves. */
  suggests?: Partial<Record<SuggestionKind, Suggest>>;
};

/** A tool that only reads. */
export type ReadTool<I extends z.ZodObject = z.ZodObject> = Declaration<I> & {
  access: "read";
  run(input: z.output<I>, context: ToolContext): Promise<Body>;
};

/**
 * What a change would do: `done` if nothing is left to do, else `pending`, which `apply` needs. `id` is that of the resource
 * to change or delete; the `details` of `found` add to those of the change.
 */
export type Plan<P = unknown, B extends Body = Body> = {
  request: AtlasRequest;
  id?: string;
  found?: Found;
} & ({ done: B } | { pending: P });

/** A tool that changes something: `plan` reads and says what would happen, `apply` does it. */
export type ChangeTool<I extends z.ZodObject = z.ZodObject, P = unknown> = Declaration<I> & {
  access: Effect;
  kind: ResourceKind;
  /** Whether the same call once more can change more, such as a password. */
  repeatChangesMore?: true;
  /** Fills in what only Atlas can tell of the arguments, before anything is decided. */
  complete?(input: z.output<I>, context: ToolContext): Promise<z.output<I>>;
  /** What policy, consent and audit look at. */
  change(input: z.output<I>): Omit<Change, "tool" | "effect" | "kind">;
  plan(input: z.output<I>, context: ToolContext): Promise<Plan<P>>;
  apply(pending: P, input: z.output<I>, context: ToolContext): Promise<Body>;
};

export type Tool = ReadTool | ChangeTool;

/** Declares a tool that only reads. Its bodies have the members of `always`. */
export const defineRead = <I extends z.ZodObject, const M extends Member>(
  tool: ReadTool<I> & {
    always: readonly M[];
    run(input: z.output<I>, context: ToolContext): Promise<BodyWith<M>>;
  },
): ReadTool => tool;

/** Declares a tool that changes something. Its bodies have the members of `always`. */
export const defineChange = <I extends z.ZodObject, P, const M extends Member>(
  tool: ChangeTool<I, P> & {
    always: readonly M[];
    plan(input: z.output<I>, context: ToolContext): Promise<Plan<P, BodyWith<M>>>;
    apply(pending: P, input: z.output<I>, context: ToolContext): Promise<BodyWith<M>>;
  },
): ChangeTool => tool;
