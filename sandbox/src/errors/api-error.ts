/** The errors of the Admin API (ApiError in its documentation). */
import { STATUS_CODES } from "node:http";
import type { Json, JsonObject } from "../json.ts";
import { accessErrors } from "./access-rows.ts";
import { commonErrors, type ErrorRow } from "./common-rows.ts";
import { identityErrors } from "./identity-rows.ts";

/** All errors that the sandbox can return. */
const errorRows = { ...commonErrors, ...accessErrors, ...identityErrors };

/** A code in the table. */
export type ApiErrorCode = keyof typeof errorRows;

/** The values for the placeholders of a text. */
export type ErrorValues = Record<string, string | number | null>;

/** Thrown by an operation to respond with an error of Atlas. It never leaves the sandbox. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: JsonObject;
  constructor(status: number, body: JsonObject) {
    super(typeof body.detail === "string" ? body.detail : `HTTP ${status}`);
    this.name = "ApiError";
    this.status = status;
    this.body = body;
  }
}

/** null is a value: for an access list entry without an address, Atlas says "The address null". */
const valueFor = (values: ErrorValues, name: string): string | number | null => {
  const value = values[name];
  return value === undefined ? name : value;
};

const placeholdersIn = (detail: string): string[] =>
  Array.from(detail.matchAll(/\{([a-zA-Z]+)\}/g), ([, name]) => name ?? "");

/** Creates the body of an error in Atlas's key order, for any status and code. Leaves out an empty code. */
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

/** Tells whether the text of a code has a place for the problem. */
export const takesProblem = (code: string): boolean =>
  Object.entries(errorRows).some(
    ([name, { detail }]) => name === code && detail.includes("{problem}"),
  );

/** Creates the error for a code in the table. */
export const createApiError = (code: ApiErrorCode, values: ErrorValues = {}): ApiError => {
  const { status } = errorRows[code];
  return new ApiError(status, createErrorBody(status, code, values));
};
