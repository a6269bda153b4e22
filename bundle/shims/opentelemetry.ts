/**
 * Stands in for `@opentelemetry/api` in the bundle: prom-client asks it for the active span to attach to one metric, and
 * nothing here makes spans. Its CommonJS form would not survive the bundler either.
 */
export const trace = { getSpan: () => undefined };
export const context = { active: () => undefined };
