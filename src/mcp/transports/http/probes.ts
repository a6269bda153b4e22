/** What an orchestrator asks: whether the process lives, whether to send it calls, and how it has been. */
import { Hono } from "hono";

/** Answers without looking at Host: probes send an address. Neither says more than yes or no. */
export const createProbes = (isReady: () => boolean): Hono =>
  new Hono()
    .get("/healthz", (context) => context.json({ status: "ok" }))
    .get("/readyz", (context) =>
      isReady() ? context.json({ status: "ready" }) : context.json({ status: "draining" }, 503),
    );
