/** A setting is wrong. The message is one line for the operator, and the program exits with code 2. */
export class ConfigError extends Error {}
