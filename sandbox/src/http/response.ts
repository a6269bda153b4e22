import { errorBody } from "../errors/api-error.ts";
import { type Json, type JsonObject, prettyJson } from "../json.ts";
import { BUILD } from "../organizations/system-status.ts";

/** A whole HTTP answer, ready for the wire. */
export type Answer = {
  status: number;
  headers: Record<string, string | string[]>;
  body: string;
};

/** How a caller wants the body: wrapped with its status, indented. */
export type BodyStyle = { envelope: boolean; pretty: boolean };

// What every recorded answer of the API carries (X-Java-* apart).
const COMMON_HEADERS = {
  "Referrer-Policy": "strict-origin-when-cross-origin",
  "Strict-Transport-Security": "max-age=31536000; includeSubdomains;",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "X-MongoDB-Service-Version": `gitHash=${BUILD}; versionString=sandbox`,
};

const PLAIN: BodyStyle = { envelope: false, pretty: false };

/** An answer with a JSON body. */
export const jsonAnswer = (
  status: number,
  body: Json,
  contentType: string,
  style: BodyStyle = PLAIN,
  headers: Record<string, string> = {},
): Answer => {
  const shown = style.envelope ? { status, content: body } : body;
  return {
    status,
    headers: { "Content-Type": contentType, ...headers, ...COMMON_HEADERS },
    body: style.pretty ? prettyJson(shown) : JSON.stringify(shown),
  };
};

/** An answer without a body. */
export const emptyAnswer = (status: number, headers: Record<string, string> = {}): Answer => ({
  status,
  headers,
  body: "",
});

/** The answer to a delete: no body, but the type and the common headers all the same (recorded). */
export const noContentAnswer = (contentType: string, headers: Record<string, string>): Answer =>
  emptyAnswer(204, { "Content-Type": contentType, ...headers, ...COMMON_HEADERS });

/** An answer with an ApiError; its type is plain JSON, its code stands in a header too. */
export const errorAnswer = (
  status: number,
  body: JsonObject,
  style: BodyStyle = PLAIN,
  headers: Record<string, string> = {},
): Answer => {
  const code = body.errorCode;
  return jsonAnswer(status, body, "application/json", style, {
    ...headers,
    Vary: "Accept-Encoding",
    ...(typeof code === "string" ? { "X-Error-Code": code } : {}),
  });
};

/** The answer of a server that broke down. */
export const breakdownAnswer = (): Answer => errorAnswer(500, errorBody(500, "UNEXPECTED_ERROR"));
