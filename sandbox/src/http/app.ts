import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { type Context, Hono } from "hono";
import { serveRevoke, serveToken } from "../auth/oauth-targets.ts";
import type { Twin } from "../context.ts";
import { OPERATIONS } from "../operations.ts";
import { createControl } from "./control.ts";
import type { Exchange } from "./request.ts";
import { serveOperation, serveUnknown } from "./serve-operation.ts";

type App = { Bindings: HttpBindings };
type Serve = (exchange: Exchange) => Promise<void> | void;

const exchangeOf = async (c: Context<App>): Promise<Exchange> => {
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
export const createApp = (twin: Twin): Hono<App> => {
  const app = new Hono<App>({ strict: false });
  const handle = (serve: Serve) => async (c: Context<App>) => {
    await serve(await exchangeOf(c));
    return RESPONSE_ALREADY_SENT;
  };

  app.route("/_sandbox", createControl(twin));
  app.post(
    "/api/oauth/token",
    handle((exchange) => serveToken(twin, exchange)),
  );
  app.post(
    "/api/oauth/revoke",
    handle((exchange) => serveRevoke(twin, exchange)),
  );
  for (const operation of OPERATIONS) {
    const path = operation.path.replace(/\{(\w+)\}/g, ":$1");
    app.on(
      operation.method,
      `/api/atlas/v2${path}`,
      handle((exchange) => serveOperation(twin, operation, exchange)),
    );
  }
  app.all(
    "/api/atlas/v2/*",
    handle((exchange) => serveUnknown(twin, exchange)),
  );
  return app;
};
