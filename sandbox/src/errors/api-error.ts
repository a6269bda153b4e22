import { STATUS_CODES } from "node:http";
import type { Json, JsonObject } from "../json.ts";
import { ACCESS_ERRORS } from "./access-rows.ts";
import { COMMON_ERRORS, type Row } from "./common-rows.ts";

/** Every error that the sandbox can give. */
const TABLE = { ...COMMON_ERRORS, ...ACCESS_ERRORS };

/** A code that the table knows. */
export type AtlasErrorCode = keyof typeof TABLE;

/** What a text speaks of: the values for the braces. */
export type ErrorFacts = Record<string, string | number | null>;

/** Thrown by an operation to answer with an Atlas error; never leaves the sandbox. */
export class AtlasFailure extends Error {
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
const factOf = (facts: ErrorFacts, name: string): string | number | null => {
  const fact = facts[name];
  return fact === undefined ? name : fact;
};

const bracesOf = (detail: string): string[] =>
  Array.from(detail.matchAll(/\{([a-zA-Z]+)\}/g), ([, name]) => name ?? "");

/** Builds an ApiError body in wire order, for any status and code; an empty code leaves the code out. */
export const errorBody = (status: number, code: string, facts: ErrorFacts = {}): JsonObject => {
  const known: Row = Object.entries(TABLE).find(([name]) => name === code)?.[1] ?? {
    status,
    detail: TABLE.UNEXPECTED_ERROR.detail,
  };
  const names = known.parameters ?? bracesOf(known.detail);
  const parameters: Json[] = names.map((name) => factOf(facts, name));
  return {
    detail: known.detail.replace(/\{([a-zA-Z]+)\}/g, (_, name: string) => `${factOf(facts, name)}`),
    error: status,
    ...(code === "" ? {} : { errorCode: code }),
    parameters,
    reason: STATUS_CODES[status] ?? "Unknown",
  };
};

/** Makes the failure for a code of the table. */
export const atlasFailure = (code: AtlasErrorCode, facts: ErrorFacts = {}): AtlasFailure => {
  const { status } = TABLE[code];
  return new AtlasFailure(status, errorBody(status, code, facts));
};
