/** The settings of `http` alone. */
import * as z from "zod/v4";
import { setting } from "./setting.ts";
import * as value from "./values.ts";

export const httpSettings = {
  tokens: setting(z.string().optional(), {
    env: ["ATLAS_MCP_TOKENS"],
    flag: "tokens",
    topic: "Callers",
    value: "FILE",
    path: true,
    http: true,
    help: "http: file of the bearer tokens that are let in (see `token NAME`)",
  }),
  issuer: setting(value.issuer.optional(), {
    env: ["ATLAS_MCP_ISSUER"],
    flag: "issuer",
    topic: "Callers",
    value: "URL",
    http: true,
    help: "http: OAuth issuer whose access tokens are let in",
  }),
  audience: setting(value.audience.optional(), {
    env: ["ATLAS_MCP_AUDIENCE"],
    flag: "audience",
    topic: "Callers",
    http: true,
    help: "http: audience that those tokens must have (the public URL)",
  }),
  publicUrl: setting(value.publicUrl.optional(), {
    env: ["ATLAS_MCP_PUBLIC_URL"],
    flag: "public-url",
    topic: "Address",
    value: "URL",
    http: true,
    help: "http: address by which clients reach /mcp",
  }),
  allowedHosts: setting(value.hosts.optional(), {
    env: ["ATLAS_MCP_ALLOWED_HOSTS"],
    flag: "allowed-hosts",
    topic: "Address",
    value: "HOSTS",
    http: true,
    help: "http: more host names to answer to, with commas",
  }),
  allowedOrigins: setting(value.origins.optional(), {
    env: ["ATLAS_MCP_ALLOWED_ORIGINS"],
    flag: "allowed-origins",
    topic: "Address",
    value: "ORIGINS",
    http: true,
    help: "http: web origins that may call, with commas",
  }),
  rateLimit: setting(value.rate.optional(), {
    env: ["ATLAS_MCP_RATE_LIMIT"],
    flag: "rate-limit",
    topic: "Callers",
    value: "N",
    http: true,
    help: "http: requests a minute for one principal; 0 for no limit (600 with authentication)",
  }),
  connectionsEach: setting(value.connections.optional(), {
    env: ["ATLAS_MCP_CONNECTIONS_PER_ADDRESS"],
    flag: "connections-per-address",
    topic: "Callers",
    value: "N",
    http: true,
    help: "http: open connections from one address, such as a proxy's (half of all, which are 1024)",
  }),
  metricsPort: setting(value.port.optional(), {
    env: ["ATLAS_MCP_METRICS_PORT"],
    flag: "metrics-port",
    topic: "Address",
    value: "N",
    http: true,
    help: "http: port for /metrics alone, without a token; 0 takes a free one (off)",
    more: "then the main port has no /metrics; see [Metrics](operations.md#metrics)",
  }),
  metricsHost: setting(value.host.default("127.0.0.1"), {
    env: ["ATLAS_MCP_METRICS_HOST"],
    flag: "metrics-host",
    topic: "Address",
    value: "ADDRESS",
    http: true,
    help: "http: address for --metrics-port",
  }),
} as const;
