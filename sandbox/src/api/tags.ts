/** Tags of projects and clusters. */
import { createApiError } from "../errors/api-error.ts";
import { isObject, type JsonObject } from "../json.ts";
import type { Tag } from "../state/resources.ts";
import { checkFields, requiredText } from "./fields.ts";

const maxTags = 50;
const maxLength = 255;
const allowedCharacters = /^[\p{L}\p{N} ;@_.+-]+$/u;

const createTagError = (problem: string): Error => createApiError("VALIDATION_ERROR", { problem });

const checkPart = (part: "key" | "value", text: string): string => {
  if (text === "") throw createTagError(`The tag ${part} cannot be empty`);
  if (text.length > maxLength) {
    throw createTagError(
      `The tag ${part} exceeded the maximum allowed length of ${maxLength} characters`,
    );
  }
  if (!allowedCharacters.test(text)) {
    throw createTagError(
      `The tag ${part} ${text} contains invalid characters. Allowable characters include letters, numbers, spaces, and the following: ; @ _ - . +`,
    );
  }
  return text;
};

/**
 * Reads `tags`; undefined if there are none. The rules and the texts are documented (docs/atlas.md#tags). The error code is not:
 * VALIDATION_ERROR is an assumption.
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
    throw createTagError(`The list of tags exceeded the maximum allowed number of ${maxTags} tags`);
  }
  const keys = new Set<string>();
  for (const { key } of tags) {
    if (keys.has(key)) throw createTagError(`The tag key ${key} was specified more than once`);
    keys.add(key);
  }
  return tags;
};
