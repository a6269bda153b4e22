/** The HTTP responses that the sandbox sends, in the form of Atlas's own. */
import { createErrorBody } from "../errors/api-error.ts";
import { type Json, type JsonObject, printJson } from "../json.ts";

/** The git hash that the sandbox returns as Atlas's build. */
export const buildHash = "5a4db0c55a4db0c55a4db0c55a4db0c55a4db0c5";

/** A whole HTTP response. */
export type HttpResponse = {
  status: number;
  headers: Record<string, string | string[]>;
  body: string;
};

/** How the caller wants the body: in an envelope with its status, and indented. */
export type BodyStyle = { envelope: boolean; pretty: boolean };

/** The headers of every recorded response of the API, except X-Java-*. */
const commonHeaders = {
  "Referrer-Policy": "strict-origin-when-cross-origin",
  "Strict-Transport-Security": "max-age=31536000; includeSubdomains;",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "X-MongoDB-Service-Version": `gitHash=${buildHash}; versionString=sandbox`,
};

const plainStyle: BodyStyle = { envelope: false, pretty: false };

/** Creates a response with a JSON body. */
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
    body: printJson(content, style.pretty),
  };
};

/** Creates a response without a body. */
export const createEmptyResponse = (
  status: number,
  headers: Record<string, string> = {},
): HttpResponse => ({
  status,
  headers,
  body: "",
});

/** Creates the response to a delete: no body, yet with a content type and the common headers, as recorded. */
export const createNoContentResponse = (
  contentType: string,
  headers: Record<string, string>,
): HttpResponse =>
  createEmptyResponse(204, { "Content-Type": contentType, ...headers, ...commonHeaders });

/** Creates a response with an ApiError. Its type is plain JSON, and a header repeats its code. */
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

/** Creates the response to an invalid bearer token: no body, like the live API (docs/atlas.md#service-accounts). */
export const createUnauthorizedResponse = (): HttpResponse => createEmptyResponse(401);

/** Creates the response of a server that failed. */
export const createServerErrorResponse = (): HttpResponse =>
  createErrorResponse(500, createErrorBody(500, "UNEXPECTED_ERROR"));
