/** Metrics for Prometheus. Only `http` loads this file, and prom-client with it. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Observers } from "../../../container.ts";

type Gauges = { sessions(): number; calls(): number };

export type Metrics = {
  /** Count calls and requests to Atlas. */
  observers: Required<Observers>;
  onResponse(status: number): void;
  /** Sets where to read the numbers of open sessions and running calls. */
  watch(gauges: Gauges): void;
  render(): Promise<Response>;
};

const seconds = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 45];

const memberOf = (value: unknown, name: string): string => {
  const member: unknown =
    typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  return typeof member === "string" ? member : "";
};

export const createMetrics = (): Metrics => {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: "atlas_mcp_" });
  const calls = new Counter({
    name: "atlas_mcp_calls_total",
    help: "Tool calls, by outcome and error code",
    labelNames: ["tool", "status", "outcome", "code"],
    registers,
  });
  const durations = new Histogram({
    name: "atlas_mcp_call_duration_seconds",
    help: "Duration of tool calls",
    labelNames: ["tool"],
    buckets: seconds,
    registers,
  });
  const attempts = new Counter({
    name: "atlas_mcp_atlas_requests_total",
    help: "HTTP requests to Atlas, by status or network error",
    labelNames: ["method", "status"],
    registers,
  });
  const attemptDurations = new Histogram({
    name: "atlas_mcp_atlas_request_duration_seconds",
    help: "Duration of HTTP requests to Atlas",
    labelNames: ["method"],
    buckets: seconds,
    registers,
  });
  const retries = new Counter({
    name: "atlas_mcp_atlas_retries_total",
    help: "Repeated HTTP requests to Atlas",
    registers,
  });
  const store = new Gauge({
    name: "atlas_mcp_store_up",
    help: "Whether the store that servers share answers (1 or 0); without a value if there is none",
    labelNames: ["store"],
    registers,
  });
  const responses = new Counter({
    name: "atlas_mcp_http_responses_total",
    help: "HTTP responses, by status",
    labelNames: ["status"],
    registers,
  });
  let gauges: Gauges = { sessions: () => 0, calls: () => 0 };
  const gauge = (name: string, help: string, count: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(count());
      },
    });
  gauge("atlas_mcp_sessions", "Open sessions of the 2025 era", () => gauges.sessions());
  gauge("atlas_mcp_calls_in_flight", "Running tool calls and fetches of passwords", () =>
    gauges.calls(),
  );

  return {
    observers: {
      onCall: ({ tool, result, ms }) => {
        const { status, error } = result;
        const outcome = memberOf(status === "error" ? error : result, "outcome");
        calls.inc({ tool, status, outcome, code: memberOf(error, "code") });
        durations.observe({ tool }, ms / 1000);
      },
      onAttempt: (method, attempt, ms) => {
        const status = "error" in attempt ? attempt.error.code : attempt.response.status;
        attempts.inc({ method, status });
        attemptDurations.observe({ method }, ms / 1000);
      },
      onRetry: () => retries.inc(),
      onStore: (answers) => store.set({ store: "shared" }, answers ? 1 : 0),
    },
    onResponse: (status) => responses.inc({ status }),
    watch: (given) => {
      gauges = given;
    },
    render: async () =>
      new Response(await registry.metrics(), {
        headers: { "content-type": registry.contentType },
      }),
  };
};
