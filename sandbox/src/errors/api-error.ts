import { STATUS_CODES } from "node:http";
import type { Json, JsonObject } from "../json.ts";
import { accessErrors } from "./access-rows.ts";
import { commonErrors, type ErrorRow } from "./common-rows.ts";

/** Every error that the sandbox can give. */
const errorRows = { ...commonErrors, ...accessErrors };

/** A code that the table knows. */
export type ApiErrorCode = keyof typeof errorRows;

/** What a text speaks of: the values for the braces. */
export type ErrorValues = Record<string, string | number | null>;

/** Thrown by an operation to answer with an Atlas error; never leaves the sandbox. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: JsonObject;
  constructor(status: number, body: JsonObject) {
    super(typeof body.detail === "string" ? body.detail : `HTTP ${status}`);
    this.name = "AtlasFailure";
    this.status = status;
    this.body = body;
  }
}

// null is a fact too: an access list entry without an address is "The address null".
const valueFor = (values: ErrorValues, name: string): string | number | null => {
  const value = values[name];
  return value === undefined ? name : value;
};

const placeholdersIn = (detail: string): string[] =>
  Array.from(detail.matchAll(/\{([a-zA-Z]+)\}/g), ([, name]) => name ?? "");

/** Builds an ApiError body in wire order, for any status and code; an empty code leaves the code out. */
export const createErrorBody = (
  status: number,
  code: string,
  values: ErrorValues = {},
): JsonObject => {
  const known: ErrorRow = Object.entries(errorRows).find(([name]) => name === code)?.[1] ?? {
    status,
    detail: errorRows.UNEXPECTED_ERROR.detail,
  };
  const names = known.parameters ?? placeholdersIn(known.detail);
  const parameters: Json[] = names.map((name) => valueFor(values, name));
  return {
    detail: known.detail.replace(
      /\{([a-zA-Z]+)\}/g,
      (_, name: string) => `${valueFor(values, name)}`,
    ),
    error: status,
    ...(code === "" ? {} : { errorCode: code }),
    parameters,
    reason: STATUS_CODES[status] ?? "Unknown",
  };
};

/** Makes the failure for a code of the table. */
export const createApiError = (code: ApiErrorCode, values: ErrorValues = {}): ApiError => {
  const { status } = errorRows[code];
  return new ApiError(status, createErrorBody(status, code, values));
};
