/** The tools as an MCP server. Each stdio connection, HTTP session and HTTP request of protocol 2026-07-28 has its own instance. */
import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  type Tool as ListedTool,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { CallEnd, Runner } from "../calls/run.ts";
import { hiddenBy } from "../calls/scope.ts";
import { forTool } from "../common/running-tool.ts";
import { traceOf, within } from "../common/trace.ts";
import { version } from "../common/version.ts";
import type { Caller } from "../policy/caller.ts";
import type { Tool } from "../tools/define.ts";
import { hostInputSchema, hostOutputSchema } from "../tools/schema/host-schema.ts";
import {
  cardCapabilities,
  cardMeta,
  cardSupportOf,
  questionMeta,
  serveCard,
  withoutCard,
} from "./app/card.ts";
import { checkCursor } from "./cursor.ts";
import { elicit, inputRequired, responseIn } from "./elicitation.ts";
import { instructionsFor } from "./instructions.ts";
import { hasSteps, listedPrompt, promptFor } from "./prompt.ts";
import { TolerantServer } from "./tolerant-server.ts";

const hintsOf = (tool: Tool) => ({
  readOnlyHint: tool.access === "read",
  // An update replaces what was there.
  destructiveHint: tool.access === "delete" || tool.access === "update",
  // Changes look first, so that a repeat changes nothing more; but a password can only be set anew.
  idempotentHint: tool.access === "read" || tool.repeatChangesMore !== true,
  openWorldHint: true,
});

// The first two are what Claude Code reads of a tool that it may defer (docs/atlas.md#hosts-and-protocol). Hosts that do not
// know a key leave it.
const metaOf = (tool: Tool) => ({
  ...(tool.alwaysLoad ? { "anthropic/alwaysLoad": true } : {}),
  ...(tool.searchHint === undefined ? {} : { "anthropic/searchHint": tool.searchHint }),
  ...cardMeta(tool),
});

/** One tool as `tools/list` shows it. */
export const listed = (tool: Tool, hidden: readonly string[]): ListedTool => ({
  name: tool.name,
  title: tool.title,
  description: tool.description,
  inputSchema: { ...hostInputSchema(tool, hidden), type: "object" },
  outputSchema: { ...hostOutputSchema(tool), type: "object" },
  annotations: { title: tool.title, ...hintsOf(tool) },
  _meta: metaOf(tool),
});

// Protocol 2026-07-28 sends the capabilities with each request; the SDK's type lacks the member.
const declaredIn = (envelope: object | undefined): ClientCapabilities | undefined =>
  envelope && Reflect.get(envelope, CLIENT_CAPABILITIES_META_KEY);

/** A bare `elicitation: {}` means forms; a host that names only other modes cannot show one. */
const showsForms = (capabilities: ClientCapabilities | undefined): boolean => {
  const modes = capabilities?.elicitation;
  if (modes === undefined) return false;
  return "form" in modes || Object.keys(modes).length === 0;
};

/** What the host of this call has declared. */
const capabilitiesOf = (
  server: Server,
  { mcpReq }: ServerContext,
): ClientCapabilities | undefined => declaredIn(mcpReq.envelope) ?? server.getClientCapabilities();

type Notify = (seconds: number, message: string) => Promise<void>;

/**
 * Progress of one call: only if the client sent a token, and strictly increasing, as the protocol requires. Without a
 * total, because hosts draw that as a percentage, and a wait may end at any time.
 */
const progressOf = (context: ServerContext): Notify => {
  const token = context.mcpReq._meta?.progressToken;
  let last = -1;
  return async (seconds, message) => {
    if (token === undefined || context.mcpReq.signal.aborted) return;
    last = Math.max(seconds, last + 1);
    await context.mcpReq.notify({
      method: "notifications/progress",
      params: { progressToken: token, progress: last, message },
    });
  };
};

// The first version with structured content. To an older host it is one more text, and the model reads all twice.
const structuredSince = "2025-06-18";

/** Whether the protocol of this connection has `structuredContent`, and `outputSchema` and `_meta` of tools. Versions are dates. */
const hasStructure = (server: Server): boolean =>
  (server.getNegotiatedProtocolVersion() ?? structuredSince) >= structuredSince;

const asBefore = ({ outputSchema: _, _meta: __, ...tool }: ListedTool): ListedTool => tool;

/** The trace of a call: its own, else that of the HTTP request. */
const traceOfCall = ({ mcpReq, http }: ServerContext) =>
  traceOf((name) => mcpReq._meta?.[name]) ?? traceOf((name) => http?.req?.headers.get(name));

const hourMs = 3_600_000;

const never = new AbortController().signal;

export type ServerFactoryOptions = {
  /** Milliseconds that a user may take to answer. */
  consentMs: number;
  /** Aborts when running calls must return a result at once. */
  ending?: AbortSignal;
};

/** Creates the function that creates a server instance for a caller. */
export const createServerFactory = (
  runner: Runner,
  { consentMs, ending = never }: ServerFactoryOptions,
): ((caller: Caller, cacheScope: "public" | "private") => Server) => {
  const hidden = hiddenBy(runner.scope);
  const isProjectFixed = runner.scope.groupId !== undefined;
  // Each tool's listing is computed once, on first use.
  const listings = new Map<Tool, ListedTool>();
  const listingOf = (tool: Tool): ListedTool => {
    const listing = listings.get(tool) ?? listed(tool, hidden);
    listings.set(tool, listing);
    return listing;
  };

  return (caller, cacheScope) => {
    const { tools, run, refuse } = runner.forCaller(caller);
    const server = new TolerantServer(
      { name: "atlas-provision-mcp", title: "MongoDB Atlas provisioning", version },
      {
        instructions: instructionsFor(tools),
        capabilities: {
          tools: { listChanged: false },
          prompts: { listChanged: false },
          ...cardCapabilities,
        },
        cacheHints: {
          "tools/list": { ttlMs: hourMs, cacheScope },
          "prompts/list": { ttlMs: hourMs, cacheScope },
          // The list is not the same for all hosts; the page is.
          "resources/list": { ttlMs: hourMs, cacheScope: "private" },
          "resources/templates/list": { ttlMs: hourMs, cacheScope: "public" },
          "resources/read": { ttlMs: hourMs, cacheScope: "public" },
          "server/discover": { ttlMs: hourMs, cacheScope },
        },
      },
    );
    const cardSupport = (context: ServerContext) =>
      hasStructure(server) ? cardSupportOf(capabilitiesOf(server, context)) : "undeclared";
    server.setRequestHandler("tools/list", ({ params }, context) => {
      checkCursor(params);
      const all = tools.map(listingOf);
      if (!hasStructure(server)) return { tools: all.map(asBefore) };
      return { tools: cardSupport(context) === "shows_others" ? all.map(withoutCard) : all };
    });
    serveCard(server, cardSupport);
    server.setRequestHandler("prompts/list", ({ params }) => {
      checkCursor(params);
      return { prompts: hasSteps(tools, isProjectFixed) ? [listedPrompt(isProjectFixed)] : [] };
    });
    server.setRequestHandler("prompts/get", ({ params }) =>
      promptFor(params.name, params.arguments ?? {}, tools, isProjectFixed),
    );
    /** Runs a call. If the user must be asked and the protocol is older than 2026-07-28, asks and runs it again with the reply. */
    const call = async (tool: Tool, args: unknown, context: ServerContext): Promise<CallEnd> => {
      const isModern = context.mcpReq.envelope !== undefined;
      const signal = AbortSignal.any([context.mcpReq.signal, ending]);
      const progress = progressOf(context);
      const about = {
        canElicit: showsForms(capabilitiesOf(server, context)),
        showsCard: cardSupport(context) === "shows",
        signal,
        progress,
      };
      const hasResponse = context.mcpReq.inputResponses !== undefined;
      let end = await run(tool, args, {
        ...about,
        response: hasResponse ? responseIn(context) : undefined,
      });
      // Again where the price or the resource has changed since: the user is then asked about that.
      while ("question" in end && !isModern) {
        const options = { timeoutMs: consentMs, ending, progress };
        const response = await elicit(end.question, context, options);
        end = await run(tool, args, { ...about, response });
      }
      return end;
    };
    server.setRequestHandler("tools/call", async (request, context) => {
      const { name, arguments: args } = request.params;
      const tool = tools.find((candidate) => candidate.name === name);
      if (tool === undefined)
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, refuse(name));
      const running = () => forTool(name, () => call(tool, args, context));
      const end = await runner.track(within(traceOfCall(context), running));
      if ("question" in end) return inputRequired(end.question);
      const { result, card } = end;
      return {
        ...questionMeta(card),
        ...(hasStructure(server) ? { structuredContent: result } : {}),
        content: [{ type: "text", text: JSON.stringify(result) }],
        ...(result.status === "error" ? { isError: true } : {}),
      };
    });
    return server;
  };
};
