/** The failures for answers that are not known to be Atlas's. They quote nothing of a body, whose words may be anybody's. */
import { type Failure, failure } from "../common/failure.ts";
import { type AtlasResponse, classify } from "./classify.ts";

const mustCheck = "the operator of this server must check HTTPS_PROXY, NO_PROXY";

/** The failure for a 401 before any credential was sent: it judges none, and Atlas's own asks for a login that can be answered. */
export const noLogin = ({ "www-authenticate": challenge }: Record<string, string>): Failure => {
  const what =
    challenge === undefined
      ? "asks for no login that this server knows"
      : "asks for a login that this server cannot answer";
  return failure(
    "unauthenticated",
    `The configured address ${what} (HTTP 401), unlike Atlas, so the credentials were not sent: something else may have answered. The operator of this server must check MONGODB_ATLAS_BASE_URL, HTTPS_PROXY and NO_PROXY.`,
  );
};

const later = ({ retryAfterSeconds }: AtlasResponse) =>
  retryAfterSeconds === undefined
    ? { retry: "same_arguments" as const }
    : { retry: "after_delay" as const, retryAfterSeconds };

/** A 5xx of nobody's form: Atlas's own 503 has a body that is not JSON (docs/atlas.md#errors), as has that of a gateway. */
const unclear = (response: AtlasResponse, before: string): Failure => ({
  ...classify({ ...response, body: undefined }),
  message: `${before}Atlas, or something before it such as a proxy or a gateway, failed (HTTP ${response.status}). If it stays so, ${mustCheck} and the gateway.`,
});

/**
 * The failure for an answer that does not have the form of Atlas: something on the way sent it, or for a 5xx Atlas itself may
 * have. `before` says what this server could not do for that.
 */
export const notAtlas = (response: AtlasResponse, before = ""): Failure => {
  const { status, encoding } = response;
  if (status === 407)
    return failure(
      "unavailable",
      `${before}A proxy between this server and Atlas wants a user name and a password (HTTP 407). The operator of this server must set HTTPS_PROXY to http://USER:PASSWORD@HOST:PORT.`,
    );
  if (encoding !== undefined)
    return failure(
      "unavailable",
      `${before}An answer of HTTP ${status} was compressed (${encoding}) though this server asks for none that is, so it could not be read. If it stays so, ${mustCheck} and the gateway.`,
      later(response),
    );
  // 511 is the status of portals, and of nobody else (RFC 6585, 6).
  if (status >= 500 && status !== 511) return unclear(response, before);
  return failure(
    "unavailable",
    `${before}Something between this server and Atlas answered instead of Atlas: a proxy, a portal or a gateway (HTTP ${status}). If it stays so, ${mustCheck} and MONGODB_ATLAS_BASE_URL, and log in if the network has a login page.`,
    later(response),
  );
};
