/**
 * Replaces `@opentelemetry/api`. prom-client asks it for the active span, to attach it to a metric, and this server
 * creates no spans. The package's CommonJS build also fails when it is bundled.
 */
export const trace = { getSpan: () => undefined };
export const context = { active: () => undefined };
