import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { type Context, Hono } from "hono";
import { serveRevoke, serveToken } from "../auth/oauth-targets.ts";
import type { SandboxContext } from "../context.ts";
import { operations } from "../operations.ts";
import { createControl } from "./control.ts";
import type { HttpRequest } from "./request.ts";
import { serveOperation, serveUnknown } from "./serve-operation.ts";

type App = { Bindings: HttpBindings };
type Serve = (request: HttpRequest) => Promise<void> | void;

const toHttpRequest = async (c: Context<App>): Promise<HttpRequest> => {
  const { incoming, outgoing } = c.env;
  const { origin, pathname, searchParams } = new URL(c.req.url);
  return {
    method: c.req.method,
    url: incoming.url ?? "",
    path: pathname,
    params: c.req.param(),
    query: searchParams,
    headers: incoming.headers,
    text: await c.req.text(),
    origin,
    remoteAddress: incoming.socket.remoteAddress ?? "",
    outgoing,
  };
};

/** Routes the requests of one sandbox. Answers are written to node's response, because faults cut them. */
export const createApp = (sandbox: SandboxContext): Hono<App> => {
  const app = new Hono<App>({ strict: false });
  const handle = (serve: Serve) => async (c: Context<App>) => {
    await serve(await toHttpRequest(c));
    return RESPONSE_ALREADY_SENT;
  };

  app.route("/_sandbox", createControl(sandbox));
  app.post(
    "/api/oauth/token",
    handle((request) => serveToken(sandbox, request)),
  );
  app.post(
    "/api/oauth/revoke",
    handle((request) => serveRevoke(sandbox, request)),
  );
  for (const operation of operations) {
    const path = operation.path.replace(/\{(\w+)\}/g, ":$1");
    app.on(
      operation.method,
      `/api/atlas/v2${path}`,
      handle((request) => serveOperation(sandbox, operation, request)),
    );
  }
  app.all(
    "/api/atlas/v2/*",
    handle((request) => serveUnknown(sandbox, request)),
  );
  return app;
};
