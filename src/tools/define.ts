/** How a tool is declared, once; everything else about it derives from its declaration. */
import type * as z from "zod/v4";
import type { Advice } from "../atlas/codes.ts";
import type { AtlasRequest } from "../atlas/requests.ts";
import type { Tag } from "../atlas/resources.ts";
import type { CredentialFiles } from "../database-passwords/files.ts";
import type { OperationContext } from "../operations/context.ts";
import type { Body, Member } from "./result.ts";

export type { Body, Member, Outcome } from "./result.ts";

export type Access = "read" | "create" | "delete";

/** What a call would change, as policy, consent and audit see it. */
export type Change = {
  tool: string;
  effect: "create" | "delete";
  kind: "project" | "flexCluster" | "databaseUser" | "accessListEntry";
  name: string;
  orgId?: string;
  groupId?: string;
  provider?: string;
  region?: string;
  tags?: readonly Tag[];
  /** What a database user may do. */
  roles?: readonly {
    roleName: string;
    databaseName: string;
    collectionName?: string | undefined;
  }[];
  /** Why this needs consent whatever it costs, in a sentence. */
  alarming?: string;
};

/** How this server is set up, for the tools that tell. */
export type Standing = {
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
  /** Tools that are not offered, each with the reason. */
  switchedOff: { tool: string; reason: string }[];
};

export type ToolContext = OperationContext & {
  standing: Standing;
  /** Where passwords of database users are kept; the tool that makes users is off without it. */
  credentialFiles?: CredentialFiles | undefined;
};

/** What would happen: the request and the id of what it is about, or a body where there is nothing left to do. */
export type Plan<T> = { request: AtlasRequest; id?: string } & ({ settled: Body } | { open: T });

type Help = (args: Record<string, unknown>) => { arguments: Record<string, unknown>; why: string };

/** A tool with its types erased, as the runner and the server see it. */
export type Tool = {
  name: string;
  title: string;
  description: string;
  access: Access;
  input: z.ZodObject;
  /** Top-level members of its results, besides those that every result has. */
  output: readonly Member[];
  /** The advice that a call of this tool gives, and the arguments for it. */
  helps: Partial<Record<Advice, Help>>;
  prepare(args: unknown): Prepared;
};

type Prepared =
  | { issues: z.core.$ZodIssue[] }
  | { run(context: ToolContext): Promise<Body> }
  | PreparedChange;

/** A change whose arguments are good. */
export type PreparedChange = {
  change: Change;
  dryRun: boolean;
  /** What an earlier answer gave for this repeat. */
  confirmation: string | undefined;
  plan(context: ToolContext): Promise<OpenPlan>;
};

export type OpenPlan = { request: AtlasRequest; id?: string } & (
  | { settled: Body }
  | { apply(context: ToolContext): Promise<Body> }
);

type Declaration<I extends z.ZodObject> = Omit<Tool, "prepare" | "input" | "helps"> & {
  input: I;
  helps?: Tool["helps"];
};

/** Declares a tool that only reads. */
export const defineRead = <I extends z.ZodObject>(
  tool: Declaration<I> & {
    access: "read";
    run(input: z.output<I>, context: ToolContext): Promise<Body>;
  },
): Tool => ({
  ...tool,
  helps: tool.helps ?? {},
  prepare: (args) => {
    const parsed = tool.input.safeParse(args);
    if (!parsed.success) return { issues: parsed.error.issues };
    return { run: (context) => tool.run(parsed.data, context) };
  },
});

/** Declares a tool that changes something: `plan` reads and says what would happen, `apply` does it. */
export const defineChange = <I extends z.ZodObject, T>(
  tool: Declaration<I> & {
    access: "create" | "delete";
    change(input: z.output<I>): Omit<Change, "tool" | "effect">;
    plan(input: z.output<I>, context: ToolContext): Promise<Plan<T>>;
    apply(open: T, input: z.output<I>, context: ToolContext): Promise<Body>;
  },
): Tool => ({
  ...tool,
  helps: tool.helps ?? {},
  prepare: (args) => {
    const parsed = tool.input.safeParse(args);
    if (!parsed.success) return { issues: parsed.error.issues };
    const input = parsed.data;
    const { confirmation } = input;
    return {
      change: { ...tool.change(input), tool: tool.name, effect: tool.access },
      dryRun: "dryRun" in input && input.dryRun === true,
      confirmation: typeof confirmation === "string" ? confirmation : undefined,
      plan: async (context) => {
        const plan = await tool.plan(input, context);
        if ("settled" in plan) return plan;
        const { open, ...rest } = plan;
        return { ...rest, apply: (later) => tool.apply(open, input, later) };
      },
    };
  },
});
