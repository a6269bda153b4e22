/**
 * Replaces the SDK's platform module, which would load AJV at every start. The SDK uses AJV only for schemas that are
 * given as JSON Schema, and this server validates tool arguments and users' answers itself.
 */
import type { JsonSchemaValidator, jsonSchemaValidator } from "@modelcontextprotocol/server";

/** Accepts everything, so no code may rely on it to validate anything. */
export class DefaultJsonSchemaValidator implements jsonSchemaValidator {
  getValidator<T>(): JsonSchemaValidator<T> {
    return (input) => ({ valid: true, data: input as T, errorMessage: undefined });
  }
}

export { default as process } from "node:process";
