/** Request bodies and their members. */
import { ApiError, createApiError, createErrorBody } from "../errors/api-error.ts";
import { isObject, type Json, type JsonObject, parseJson } from "../json.ts";
import { isAcceptableContentType } from "./versions.ts";

/** The kinds of members in request bodies; `ignored` accepts any value and drops it. */
export type FieldKind = "string" | "number" | "boolean" | "object" | "array" | "ignored";

const readJson = (text: string, contentType: string | undefined): Json => {
  if (!isAcceptableContentType(contentType)) {
    // An assumption: status and text are those of Atlas's framework, Jersey (docs/atlas.md#not-known).
    throw new ApiError(415, {
      ...createErrorBody(415, "UNEXPECTED_ERROR"),
      detail: "HTTP 415 Unsupported Media Type",
    });
  }
  const body = parseJson(text);
  if (body === undefined) throw createApiError("MALFORMED_JSON");
  return body;
};

/** Reads a request body that must be one object. */
export const readBody = (text: string, contentType: string | undefined): JsonObject => {
  const body = readJson(text, contentType);
  if (!isObject(body)) throw createApiError("INVALID_JSON");
  return body;
};

/** Reads a request body that must be a list of objects. */
export const readListBody = (text: string, contentType: string | undefined): JsonObject[] => {
  const body = readJson(text, contentType);
  if (!Array.isArray(body)) throw createApiError("INVALID_JSON");
  return body.map((item) => {
    if (!isObject(item)) throw createApiError("INVALID_JSON");
    return item;
  });
};

const isOfKind = (value: Json, kind: FieldKind): boolean => {
  if (kind === "ignored") return true;
  if (kind === "array") return Array.isArray(value);
  if (kind === "object") return isObject(value);
  return typeof value === kind;
};

/**
 * Checks that an object has only known members of the right kind; null counts as absent. Atlas's reference
 * says that invalid fields are rejected and not ignored; it does not say with which code.
 */
export const checkFields = (object: JsonObject, kinds: Record<string, FieldKind>): void => {
  for (const [attribute, value] of Object.entries(object)) {
    const kind = Object.hasOwn(kinds, attribute) ? kinds[attribute] : undefined;
    if (kind === undefined) throw createApiError("INVALID_ATTRIBUTE", { attribute });
    if (value !== null && !isOfKind(value, kind)) {
      throw createApiError("INVALID_JSON_ATTRIBUTE", { attribute });
    }
  }
};

/** A string member; undefined if absent. */
export const optionalText = (object: JsonObject, attribute: string): string | undefined => {
  const value = object[attribute];
  return typeof value === "string" ? value : undefined;
};

/** A number member; undefined if absent. */
export const optionalNumber = (object: JsonObject, attribute: string): number | undefined => {
  const value = object[attribute];
  return typeof value === "number" ? value : undefined;
};

/** An object member; undefined if absent. */
export const optionalObject = (object: JsonObject, attribute: string): JsonObject | undefined => {
  const value = object[attribute];
  return isObject(value) ? value : undefined;
};

/** A member that must be a list of texts; undefined if absent. */
export const optionalTexts = (object: JsonObject, attribute: string): string[] | undefined => {
  const value = object[attribute];
  if (!Array.isArray(value)) return undefined;
  return value.map((item) => {
    if (typeof item !== "string") throw createApiError("INVALID_JSON_ATTRIBUTE", { attribute });
    return item;
  });
};

/** A required list of texts. */
export const requiredTexts = (object: JsonObject, attribute: string): string[] => {
  const value = optionalTexts(object, attribute);
  if (value === undefined) throw createApiError("MISSING_ATTRIBUTE", { attribute });
  return value;
};

/** A required whole number of 0 or more. */
export const requiredCount = (object: JsonObject, attribute: string): number => {
  const value = object[attribute];
  if (value === undefined || value === null) {
    throw createApiError("MISSING_ATTRIBUTE", { attribute });
  }
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw createApiError("INVALID_ATTRIBUTE", { attribute });
  }
  return value;
};

/** An array member whose items must be objects; undefined if absent. */
export const optionalObjects = (
  object: JsonObject,
  attribute: string,
): JsonObject[] | undefined => {
  const value = object[attribute];
  if (!Array.isArray(value)) return undefined;
  return value.map((item) => {
    if (!isObject(item)) throw createApiError("INVALID_JSON_ATTRIBUTE", { attribute });
    return item;
  });
};

/** A member that must be one of the choices; the fallback if absent. */
export const choiceOf = <const T extends string>(
  object: JsonObject,
  attribute: string,
  choices: readonly T[],
  fallback: NoInfer<T>,
): T => {
  const value = optionalText(object, attribute);
  if (value === undefined) return fallback;
  const choice = choices.find((one) => one === value);
  if (choice === undefined) throw createApiError("INVALID_ENUM_VALUE", { value });
  return choice;
};

/** A boolean member; undefined if absent. */
export const optionalFlag = (object: JsonObject, attribute: string): boolean | undefined => {
  const value = object[attribute];
  return typeof value === "boolean" ? value : undefined;
};

/** A required string member. */
export const requiredText = (object: JsonObject, attribute: string): string => {
  const value = optionalText(object, attribute);
  if (value === undefined) throw createApiError("MISSING_ATTRIBUTE", { attribute });
  return value;
};

/** A required object member. */
export const requiredObject = (object: JsonObject, attribute: string): JsonObject => {
  const value = object[attribute];
  if (!isObject(value)) throw createApiError("MISSING_ATTRIBUTE", { attribute });
  return value;
};

/** Refuses a text that is too long, for members with a documented limit but no documented error code. */
export const checkLength = (attribute: string, text: string | undefined, maximum: number): void => {
  if (text === undefined || text.length <= maximum) return;
  const problem = `The attribute ${attribute} exceeded the maximum allowed length of ${maximum} characters`;
  throw createApiError("VALIDATION_ERROR", { problem });
};

/** Tells whether a text is an identifier of Atlas: 24 hexadecimal digits. */
export const isObjectId = (text: string): boolean => /^[a-f0-9]{24}$/.test(text);
