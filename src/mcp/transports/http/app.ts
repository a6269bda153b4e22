/** The routes and the order of the checks: door, caller, rate, size, era. */
import { isJSONRPCRequest } from "@modelcontextprotocol/server";
import { type Context, Hono } from "hono";
import type { Log } from "../../../common/log.ts";
import type { Authentication } from "./authentication.ts";
import type { Admission, Endpoint } from "./endpoint.ts";
import { type AllowedHosts, checkHostAndOrigin, openToPages } from "./host-and-origin.ts";
import { createProbes } from "./probes.ts";
import type { RateLimit } from "./rate-limit.ts";
import { metadataPaths, metadataResponse } from "./resource-metadata.ts";
import { refusal } from "./rpc-error.ts";
import type { VerifiedCaller } from "./verifier.ts";

export type AppOptions = {
  doors: AllowedHosts;
  authentication: Authentication;
  /** Who gives out tokens, with which scopes; undefined without OAuth. */
  oauth:
    | { issuer: string; scopes: readonly string[]; resourceOf(request: Request): string }
    | undefined;
  rateLimit: RateLimit | undefined;
  endpoint: Endpoint;
  /** Whether a tool would be there for a caller who may write. */
  needsWrite(caller: VerifiedCaller, tool: string): boolean;
  metrics: { render(): Promise<Response>; onResponse(status: number): void } | undefined;
  isDraining(): boolean;
  log: Log;
};

const calledTools = (body: unknown): string[] =>
  [body].flat().flatMap((message) => {
    if (!isJSONRPCRequest(message) || message.method !== "tools/call") return [];
    const name = message.params?.name;
    return typeof name === "string" ? [name] : [];
  });

export const createApp = (options: AppOptions): Hono => {
  const { authentication, rateLimit, oauth, metrics, log } = options;

  /** What a caller may not ask for, or not now. One request has been counted by then. */
  const admit =
    (request: Request, caller: VerifiedCaller): Admission =>
    (body) => {
      const more = Array.isArray(body) ? body.length - 1 : 0;
      const wait = more > 0 ? rateLimit?.take(caller.principal.id, more) : undefined;
      if (wait !== undefined) return tooMany(wait);
      if (caller.missingScopes === undefined) return undefined;
      const tool = calledTools(body).find((name) => options.needsWrite(caller, name));
      return tool === undefined
        ? undefined
        : authentication.stepUp(
            request,
            `${tool} needs the scope ${caller.missingScopes.join(" ")}`,
          );
    };

  const tooMany = (seconds: number): Response =>
    refusal(429, `Too many requests; try again in ${seconds} s`, {
      "retry-after": String(seconds),
    });

  const serve = async (request: Request): Promise<Response> => {
    const caller = await authentication.authenticate(request);
    if (caller instanceof Response) return caller;
    const wait = rateLimit?.take(caller.principal.id, 1);
    if (wait !== undefined) return tooMany(wait);
    const response = await options.endpoint.serve(
      request,
      caller.principal,
      admit(request, caller),
    );
    log.debug(
      { method: request.method, status: response.status, principal: caller.principal.id },
      "request",
    );
    return response;
  };

  const app = new Hono();
  app.route(
    "/",
    createProbes(() => !options.isDraining()),
  );
  app.use(async (context, next) => {
    await next();
    metrics?.onResponse(context.res.status);
  });
  const showMetrics = async ({ req }: Context): Promise<Response> => {
    const caller = await authentication.authenticate(req.raw);
    if (caller instanceof Response) return caller;
    return metrics?.render() ?? refusal(404, "Not found");
  };
  // A collector asks by address; where it has to show a token, no rebound name gets through.
  if (authentication.required) app.get("/metrics", showMetrics);
  app.use(checkHostAndOrigin(options.doors), openToPages(options.doors.origins));
  if (oauth !== undefined)
    app.on("GET", metadataPaths, ({ req }) =>
      metadataResponse(oauth.resourceOf(req.raw), oauth.issuer, oauth.scopes),
    );
  app.get("/metrics", showMetrics);
  app.all("/mcp", ({ req }) => serve(req.raw));
  app.notFound(() => refusal(404, "Not found; the endpoint is /mcp"));
  app.onError((error) => {
    log.error({ error: error.stack ?? error.message }, "unexpected failure");
    return refusal(500, "Internal server error", {}, -32603);
  });
  return app;
};
