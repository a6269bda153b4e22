/** The routes, and the order of the checks: host and origin, caller, rate, then the body. */
import { type Context, Hono } from "hono";
import type { Log } from "../../../common/log.ts";
import { isRequest } from "../messages.ts";
import type { Authentication } from "./authentication.ts";
import type { Body } from "./body.ts";
import type { Slot } from "./connections.ts";
import {
  type CredentialsOptions,
  createCredentialsEndpoint,
  inOneSentence,
} from "./credentials.ts";
import type { BodyCheck, Endpoint } from "./endpoint.ts";
import { type AllowedHosts, checkHostAndOrigin, shareWithOrigins } from "./host-and-origin.ts";
import { createProbes, readinessOf } from "./probes.ts";
import type { RateLimit, SharedRateLimit } from "./rate-limit.ts";
import type { OnRefused } from "./refusal-log.ts";
import { metadataPaths, metadataResponse } from "./resource-metadata.ts";
import { refusal } from "./rpc-error.ts";
import { createSignIn } from "./sign-in.ts";
import type { VerifiedCaller } from "./verifier.ts";

export type AppOptions = {
  allowed: AllowedHosts;
  authentication: Authentication;
  /** The authorization server and its scopes; undefined without OAuth. */
  oauth:
    | { issuer: string; scopes: readonly string[]; resourceOf(request: Request): string }
    | undefined;
  rateLimit: RateLimit | SharedRateLimit | undefined;
  endpoint: Endpoint;
  /** Gives callers their passwords; undefined where nobody gets any. */
  credentials: CredentialsOptions["credentials"] | undefined;
  bodyBytes: number;
  /** Whether the caller would be offered the tool if it had the scope to write. */
  needsWrite(verified: VerifiedCaller, tool: string): boolean;
  /** Without `render` they are shown elsewhere. */
  metrics: { render?(): Promise<Response>; onResponse(status: number): void } | undefined;
  isDraining(): boolean;
  /** Rejects if the store that servers share does not answer; undefined without a store. */
  checkStore?: (() => Promise<void>) | undefined;
  onRefused: OnRefused;
  log: Log;
};

const calledTools = (body: Body): string[] =>
  [body].flat().flatMap((message) => {
    if (!isRequest(message) || message.method !== "tools/call") return [];
    const name = message.params?.name;
    return typeof name === "string" ? [name] : [];
  });

type Env = { Bindings: Slot };

export const createApp = (options: AppOptions): Hono<Env> => {
  const { allowed, authentication, rateLimit, oauth, metrics, onRefused, log } = options;
  const { endpoint, credentials } = options;

  const tooManyRequests = ({ caller }: VerifiedCaller, seconds: number): Response => {
    onRefused("rate_limited", { principal: caller.id });
    return refusal(429, `Too many requests; try again in ${seconds} s`, {
      headers: { "retry-after": String(seconds) },
    });
  };

  const tooManyAtOnce = (fields?: Record<string, unknown>): Response => {
    onRefused("too_many_requests", fields);
    return refusal(503, "Too many requests at once; try again later", {
      headers: { "retry-after": "1", connection: "close" },
    });
  };

  /** Refuses a batch that is over the rate limit, and tools that need a scope that the caller does not have. */
  const bodyCheckFor =
    (request: Request, verified: VerifiedCaller): BodyCheck =>
    async (body) => {
      const { caller, missingScopes } = verified;
      // The first message of a batch is already counted.
      const more = Array.isArray(body) ? body.length - 1 : 0;
      const wait = more > 0 ? await rateLimit?.take(caller.id, more) : undefined;
      if (wait !== undefined) return tooManyRequests(verified, wait);
      if (missingScopes === undefined) return undefined;
      const tool = calledTools(body).find((name) => options.needsWrite(verified, name));
      return tool === undefined
        ? undefined
        : authentication.stepUp(request, `${tool} needs the scope ${missingScopes.join(" ")}`);
    };

  /** Serves a caller that authenticates and keeps to the rate limit. */
  const serveWith = async (
    serve: (request: Request, verified: VerifiedCaller) => Promise<Response>,
    { req: { raw: request }, env }: Context<Env>,
  ): Promise<Response> => {
    const verified = await authentication.authenticate(request);
    if (verified instanceof Response) return verified;
    const { caller } = verified;
    const wait = await rateLimit?.take(caller.id, 1);
    if (wait !== undefined) return tooManyRequests(verified, wait);
    if (request.method === "GET") env.listen(caller.id);
    // Without authentication all requests count as one caller's.
    else if (authentication.required && !env.take(caller.id))
      return tooManyAtOnce({ principal: caller.id });
    const response = await serve(request, verified);
    log.debug?.(
      { method: request.method, status: response.status, principal: caller.id },
      "request",
    );
    return response;
  };

  const serveMcp = (request: Request, verified: VerifiedCaller) =>
    endpoint.serve(request, verified, bodyCheckFor(request, verified));

  const showMetrics = async ({ req }: Context<Env>): Promise<Response> => {
    const verified = await authentication.authenticate(req.raw);
    if (verified instanceof Response) return verified;
    return metrics?.render?.() ?? refusal(404, "Not found");
  };

  const app = new Hono<Env>();
  app.route("/", createProbes(readinessOf(options.isDraining, options.checkStore)));
  app.use(async (context, next) => {
    await next();
    metrics?.onResponse(context.res.status);
  });
  // After the probes, which are answered all the same.
  app.use(async ({ env }, next) => (env.hasRoom ? next() : tooManyAtOnce()));
  // A collector may send an IP address as Host. Where a token is required, /metrics needs no check of Host: a web page
  // behind a rebound DNS name has no token.
  const isShown = metrics?.render !== undefined;
  if (isShown && authentication.required) app.get("/metrics", showMetrics);
  if (credentials !== undefined) app.use("/credentials", inOneSentence);
  app.use(checkHostAndOrigin(allowed, onRefused), shareWithOrigins(allowed.origins));
  if (oauth !== undefined)
    app.on("GET", metadataPaths, ({ req }) =>
      metadataResponse(oauth.resourceOf(req.raw), oauth.issuer, oauth.scopes),
    );
  if (authentication.required) app.route("/", createSignIn(oauth?.issuer));
  if (isShown) app.get("/metrics", showMetrics);
  app.all("/mcp", (context) => serveWith(serveMcp, context));
  if (credentials !== undefined) {
    const give = createCredentialsEndpoint({ ...options, credentials });
    app.all("/credentials", (context) => serveWith(give, context));
  }
  app.notFound(() => refusal(404, "Not found; the endpoint is /mcp"));
  app.onError((error) => {
    log.error?.({ error: error.stack ?? error.message }, "unexpected failure");
    return refusal(500, "Internal server error", { code: -32603 });
  });
  return app;
};
