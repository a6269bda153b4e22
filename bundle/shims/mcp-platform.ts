/**
 * Stands in for the SDK's platform module in the bundle, which would bring AJV to every start (a third of the code that
 * is compiled). The SDK validates with it only where a schema is given as JSON Schema; ours are zod's and the runner's.
 */
import type { JsonSchemaValidator, jsonSchemaValidator } from "@modelcontextprotocol/server";

/** Accepts everything: what is not validated by the runner or the guard must not rely on it. */
export class DefaultJsonSchemaValidator implements jsonSchemaValidator {
  getValidator<T>(): JsonSchemaValidator<T> {
    return (input) => ({ valid: true, data: input as T, errorMessage: undefined });
  }
}

export { default as process } from "node:process";
