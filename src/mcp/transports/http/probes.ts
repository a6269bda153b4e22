/** Liveness and readiness probes. */
import { Hono } from "hono";

/** Host is not checked, because probes send an IP address. The responses reveal nothing but the status. */
export const createProbes = (isReady: () => boolean): Hono =>
  new Hono()
    .get("/healthz", (context) => context.json({ status: "ok" }))
    .get("/readyz", (context) =>
      isReady() ? context.json({ status: "ready" }) : context.json({ status: "draining" }, 503),
    );
