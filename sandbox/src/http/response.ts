import { createErrorBody } from "../errors/api-error.ts";
import { type Json, type JsonObject, prettyJson } from "../json.ts";
import { buildHash } from "../organizations/system-status.ts";

/** A whole HTTP answer, ready for the wire. */
export type HttpResponse = {
  status: number;
  headers: Record<string, string | string[]>;
  body: string;
};

/** How a caller wants the body: wrapped with its status, indented. */
export type BodyStyle = { envelope: boolean; pretty: boolean };

// What every recorded answer of the API carries (X-Java-* apart).
const commonHeaders = {
  "Referrer-Policy": "strict-origin-when-cross-origin",
  "Strict-Transport-Security": "max-age=31536000; includeSubdomains;",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "X-MongoDB-Service-Version": `gitHash=${buildHash}; versionString=sandbox`,
};

const plainStyle: BodyStyle = { envelope: false, pretty: false };

/** An answer with a JSON body. */
export const createJsonResponse = (
  status: number,
  body: Json,
  contentType: string,
  style: BodyStyle = plainStyle,
  headers: Record<string, string> = {},
): HttpResponse => {
  const content = style.envelope ? { status, content: body } : body;
  return {
    status,
    headers: { "Content-Type": contentType, ...headers, ...commonHeaders },
    body: style.pretty ? prettyJson(content) : JSON.stringify(content),
  };
};

/** An answer without a body. */
export const createEmptyResponse = (
  status: number,
  headers: Record<string, string> = {},
): HttpResponse => ({
  status,
  headers,
  body: "",
});

/** The answer to a delete: no body, but the type and the common headers all the same (recorded). */
export const createNoContentResponse = (
  contentType: string,
  headers: Record<string, string>,
): HttpResponse =>
  createEmptyResponse(204, { "Content-Type": contentType, ...headers, ...commonHeaders });

/** An answer with an ApiError; its type is plain JSON, its code stands in a header too. */
export const createErrorResponse = (
  status: number,
  body: JsonObject,
  style: BodyStyle = plainStyle,
  headers: Record<string, string> = {},
): HttpResponse => {
  const code = body.errorCode;
  return createJsonResponse(status, body, "application/json", style, {
    ...headers,
    Vary: "Accept-Encoding",
    ...(typeof code === "string" ? { "X-Error-Code": code } : {}),
  });
};

/** The answer of a server that broke down. */
export const createServerErrorResponse = (): HttpResponse =>
  createErrorResponse(500, createErrorBody(500, "UNEXPECTED_ERROR"));
