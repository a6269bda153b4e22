/** The tools as data, with literal types. */
import { tools as infos } from "../tools/schema/tool-infos.ts";
import type { ToolAccess, ToolName } from "./call.ts";
import type { ToolNames } from "./tool-types.ts";

/** A tool as data, with the full JSON Schemas. Hosts get smaller ones, which `listTools` of a client returns. */
export type ToolInfo<N extends ToolName = ToolName> = {
  readonly name: N;
  readonly title: string;
  readonly description: string;
  readonly access: ToolAccess<N>;
  /** The arguments, with every documented constraint. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
  /** Every result that there can be. */
  readonly outputSchema: Readonly<Record<string, unknown>>;
};

/** The tools of these names, one after another. */
type InfosOf<T extends readonly ToolName[]> = { readonly [I in keyof T]: ToolInfo<T[I]> };

/** All tools, in the order in which a server lists them. */
// The types are generated from the same declarations as the data, and a test compares them.
export const tools = Object.freeze(
  infos.map((info) => Object.freeze(info)),
) as unknown as InfosOf<ToolNames>;
