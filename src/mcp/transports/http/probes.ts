/** Liveness and readiness probes. */
import { Hono } from "hono";

/** Whether new calls are taken: not while the server shuts down, nor while the store that it shares does not answer. */
export type Readiness = () => Promise<"ready" | "draining" | "store_unavailable">;

/** Host is not checked, because probes send an IP address. The responses reveal nothing but the status. */
export const createProbes = (readiness: Readiness): Hono =>
  new Hono()
    .get("/healthz", (context) => context.json({ status: "ok" }))
    .get("/readyz", async (context) => {
      const status = await readiness();
      return context.json({ status }, status === "ready" ? 200 : 503);
    });

/** The readiness of a server, with one question to the store at a time. */
export const readinessOf = (
  isDraining: () => boolean,
  checkStore: (() => Promise<void>) | undefined,
): Readiness => {
  let asking: Promise<boolean> | undefined;
  const storeAnswers = (): Promise<boolean> => {
    asking ??= Promise.resolve(checkStore?.())
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        asking = undefined;
      });
    return asking;
  };
  return async () => {
    if (isDraining()) return "draining";
    return (await storeAnswers()) ? "ready" : "store_unavailable";
  };
};
