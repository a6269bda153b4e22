import { createApiError } from "../errors/api-error.ts";
import { isObject, type JsonObject } from "../json.ts";
import type { Tag } from "../state/resources.ts";
import { checkFields, requiredText } from "./fields.ts";

const maxTags = 50;
const maxLength = 255;
const allowedCharacters = /^[\p{L}\p{N} ;@_.+-]+$/u;

const invalid = (problem: string): Error => createApiError("VALIDATION_ERROR", { problem });

const checkPart = (part: "key" | "value", text: string): string => {
  if (text === "") throw invalid(`The tag ${part} cannot be empty`);
  if (text.length > maxLength) {
    throw invalid(`The tag ${part} exceeded the maximum allowed length of ${maxLength} characters`);
  }
  if (!allowedCharacters.test(text)) {
    throw invalid(
      `The tag ${part} ${text} contains invalid characters. Allowable characters include letters, numbers, spaces, and the following: ; @ _ - . +`,
    );
  }
  return text;
};

/**
 * Reads `tags`, or answers undefined where there are none. Lengths, characters, number and uniqueness
 * are documented (TAGDOC) and so is the wording; the error code is not, VALIDATION_ERROR is assumed.
 */
export const readTags = (body: JsonObject): Tag[] | undefined => {
  const list = body.tags;
  if (!Array.isArray(list)) return undefined;
  const tags = list.map((item): Tag => {
    if (!isObject(item)) throw createApiError("INVALID_JSON_ATTRIBUTE", { attribute: "tags" });
    checkFields(item, { key: "string", value: "string" });
    return {
      key: checkPart("key", requiredText(item, "key")),
      value: checkPart("value", requiredText(item, "value")),
    };
  });
  if (tags.length > maxTags) {
    throw invalid(`The list of tags exceeded the maximum allowed number of ${maxTags} tags`);
  }
  const keys = new Set<string>();
  for (const { key } of tags) {
    if (keys.has(key)) throw invalid(`The tag key ${key} was specified more than once`);
    keys.add(key);
  }
  return tags;
};
