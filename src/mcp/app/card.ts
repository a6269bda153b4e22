/** The MCP App (extension io.modelcontextprotocol/ui): a card that shows results and asks questions (docs/app.md). */
import {
  type ClientCapabilities,
  type Tool as ListedTool,
  ResourceNotFoundError,
  type Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { CardQuestion } from "../../calls/tool-result.ts";
import type { Tool } from "../../tools/define.ts";
import { checkCursor } from "../cursor.ts";

const extension = "io.modelcontextprotocol/ui";
const mimeType = "text/html;profile=mcp-app";
const uri = "ui://atlas-provision/card.html";

// The card knows this name too (page/results.js).
const questionKey = "io.github.atlas-provision-mcp/question";

// No address may be loaded or called. The page says the same of itself, so that it holds in every host.
const ui = { csp: { connectDomains: [], resourceDomains: [] }, prefersBorder: true };

const resource = {
  uri,
  name: "card",
  title: "MongoDB Atlas card",
  description: "Shows what was created, changed or deleted, and asks before it is.",
  mimeType,
  _meta: { ui },
};

/** What the server declares: `resources` too, because hosts read the card as one. */
export const cardCapabilities = {
  resources: {},
  extensions: { [extension]: { mimeTypes: [mimeType] } },
};

/** Whether a host shows our card, as it declares: `undeclared` if it says nothing, which some do that show it. */
export type CardSupport = "shows" | "shows_others" | "undeclared";

export const cardSupportOf = (capabilities: ClientCapabilities | undefined): CardSupport => {
  const declared = capabilities?.extensions?.[extension];
  if (declared === undefined) return "undeclared";
  const { mimeTypes } = declared;
  return Array.isArray(mimeTypes) && mimeTypes.includes(mimeType) ? "shows" : "shows_others";
};

/** The members of `_meta` by which a host finds the card of a tool. */
export const cardMeta = ({ access, hasCard }: Tool): object =>
  access !== "read" || hasCard ? { ui: { resourceUri: uri } } : {};

/** A listed tool without its card. */
export const withoutCard = ({ _meta = {}, ...tool }: ListedTool): ListedTool => {
  const { ui: _, ...rest } = _meta;
  return { ...tool, _meta: rest };
};

/**
 * `_meta` of a result, whose question only the card is told: the extension keeps `_meta` from the model. So the confirmation
 * in it is one that the host has not shown its model.
 */
export const questionMeta = (card: CardQuestion | undefined): object =>
  card === undefined ? {} : { _meta: { [questionKey]: card } };

/** Serves the page as a resource. It is listed only for hosts that show it; others may find it through the tools. */
export const serveCard = (
  server: Server,
  supportOf: (context: ServerContext) => CardSupport,
): void => {
  server.setRequestHandler("resources/list", ({ params }, context) => {
    checkCursor(params);
    return { resources: supportOf(context) === "shows" ? [resource] : [] };
  });
  server.setRequestHandler("resources/templates/list", ({ params }) => {
    checkCursor(params);
    return { resourceTemplates: [] };
  });
  server.setRequestHandler("resources/read", async ({ params }) => {
    if (params.uri !== uri) throw new ResourceNotFoundError(params.uri);
    const { page } = await import("./page.ts");
    return { contents: [{ uri, mimeType, text: page, _meta: { ui } }] };
  });
};
