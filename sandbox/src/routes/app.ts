/** The routes of a sandbox: the Admin API, its OAuth endpoints, the control endpoints and the console. */
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { type Context, Hono } from "hono";
import type { Operation } from "../api/operation.ts";
import { serveDefaultVersion } from "../clusters/default-version.ts";
import type { SandboxContext } from "../context.ts";
import { type HttpRequest, type NodeEnv, toHttpRequest } from "../http/request.ts";
import { operations } from "../operations.ts";
import { serveOperation, serveUnknown, serveWrongMethod } from "./admin-api.ts";
import { createControl } from "./control.ts";
import { serveIpInfo } from "./ip-info.ts";
import { localOnly } from "./local-only.ts";
import { serveRevoke, serveToken } from "./oauth.ts";
import { apiPath, otherPaths } from "./paths.ts";

type Serve = (request: HttpRequest) => Promise<void> | void;

/** A verb is a part of the last parameter in Hono's paths. */
const verbPattern = /\{(\w+)\}(:\w+)$/;

const routeOf = ({ path }: Operation): string =>
  `${apiPath}${path.replace(verbPattern, ":$1{[^/]+$2}").replace(/\{(\w+)\}/g, ":$1")}`;

/** The request without the operation's verb in its last parameter. */
const withoutVerb = ({ path }: Operation, request: HttpRequest): HttpRequest => {
  const [, name = "", verb = ""] = verbPattern.exec(path) ?? [];
  const value = request.params[name];
  if (value === undefined) return request;
  return { ...request, params: { ...request.params, [name]: value.slice(0, -verb.length) } };
};

const operationsByRoute = operations.reduce((routes, operation) => {
  const route = routeOf(operation);
  return routes.set(route, [...(routes.get(route) ?? []), operation]);
}, new Map<string, Operation[]>());

/** Serves the console. Its code is loaded when somebody opens it. */
const servePage = async (c: Context<NodeEnv>): Promise<Response> => {
  const { page, policy } = await import("../console/page.ts");
  return c.html(page, 200, { "Content-Security-Policy": policy });
};

/** Creates the routes. Handlers write to Node's own response, because faults truncate and reset it. */
export const createApp = (sandbox: SandboxContext): Hono<NodeEnv> => {
  const app = new Hono<NodeEnv>({ strict: false });
  const handle = (serve: Serve) => async (c: Context<NodeEnv>) => {
    await serve(await toHttpRequest(c));
    return RESPONSE_ALREADY_SENT;
  };

  app.use(async (c, next) => {
    // By the clock that dates what the sandbox creates.
    c.env.outgoing.setHeader("Date", new Date(sandbox.clock()).toUTCString());
    return next();
  });
  app.use(async (c, next) => {
    // A URL with a user or a password, from which the adapter cannot make a Request: it would print both in an error.
    if (/^https?:/.test(c.env.incoming.url ?? "")) {
      const { username, password } = new URL(c.req.url);
      if (username !== "" || password !== "") return c.body(null, 400);
    }
    return next();
  });
  app.route("/_sandbox", createControl(sandbox));
  app.get("/", localOnly, servePage);
  app.post(
    otherPaths.token,
    handle((request) => serveToken(sandbox, request)),
  );
  app.post(
    otherPaths.revoke,
    handle((request) => serveRevoke(sandbox, request)),
  );
  app.get(
    otherPaths.getIpInfo,
    handle((request) => serveIpInfo(sandbox, request)),
  );
  app.get(
    otherPaths.getDefaultMongoDBMajorVersion,
    handle((request) => serveDefaultVersion(sandbox, request)),
  );
  for (const operation of operations) {
    app.on(
      operation.method,
      routeOf(operation),
      handle((request) => serveOperation(sandbox, operation, withoutVerb(operation, request))),
    );
  }
  for (const [route, others] of operationsByRoute) {
    app.all(
      route,
      handle((request) => serveWrongMethod(sandbox, request, others)),
    );
  }
  app.all(
    `${apiPath}/*`,
    handle((request) => serveUnknown(sandbox, request)),
  );
  return app;
};
