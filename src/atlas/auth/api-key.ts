/** HTTP Digest access authentication (RFC 7616) for API keys: MD5 and SHA-256, qop `auth`, one nonce for many requests. */
import { crypto } from "../../common/crypto.ts";
import type { Secret } from "../../common/secret.ts";
import { pathOf } from "../http.ts";
import type { Authenticator } from "./authenticator.ts";

export type ApiKey = { kind: "api_key"; publicKey: Secret; privateKey: Secret };

/** The parameters of a Digest challenge that are used here. */
export type Challenge = {
  realm: string;
  nonce: string;
  algorithm: "MD5" | "SHA-256";
  opaque?: string;
  qop: boolean;
  stale: boolean;
};

const hashes = { MD5: "md5", "SHA-256": "sha256" } as const;

type Parts = { scheme: string; parameters: Map<string, string> };

/** Splits a WWW-Authenticate header into challenges: a word without "=" begins one, and its parameters follow (RFC 9110, 11.6.1). */
const challengesIn = (header: string): Parts[] => {
  const found: Parts[] = [];
  const piece = /([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]*)))?/g;
  for (const [, name = "", quoted, plain] of header.matchAll(piece)) {
    const value = quoted === undefined ? plain : quoted.replace(/\\(.)/g, "$1");
    if (value === undefined) found.push({ scheme: name.toLowerCase(), parameters: new Map() });
    else found.at(-1)?.parameters.set(name.toLowerCase(), value);
  }
  return found;
};

const challengeOf = (parameters: Map<string, string>): Challenge | undefined => {
  const nonce = parameters.get("nonce");
  const algorithm = (parameters.get("algorithm") ?? "MD5").toUpperCase();
  const qops = parameters
    .get("qop")
    ?.split(",")
    .map((qop) => qop.trim().toLowerCase());
  if (nonce === undefined || (algorithm !== "MD5" && algorithm !== "SHA-256")) return undefined;
  if (qops !== undefined && !qops.includes("auth")) return undefined;
  const opaque = parameters.get("opaque");
  return {
    realm: parameters.get("realm") ?? "",
    nonce,
    algorithm,
    qop: qops !== undefined,
    stale: parameters.get("stale")?.toLowerCase() === "true",
    ...(opaque === undefined ? {} : { opaque }),
  };
};

/** The strongest supported Digest challenge of a WWW-Authenticate header, which may hold several. */
export const strongestChallenge = (header: string | undefined): Challenge | undefined => {
  const found = challengesIn(header ?? "")
    .filter(({ scheme }) => scheme === "digest")
    .flatMap(({ parameters }) => challengeOf(parameters) ?? []);
  return found.find((challenge) => challenge.algorithm === "SHA-256") ?? found[0];
};

const quote = (text: string): string => `"${text.replace(/(["\\])/g, "\\$1")}"`;

/** The Authorization header that answers a challenge (RFC 7616, 3.4). `count` is the nonce count, from 1. */
export const digestHeader = (
  challenge: Challenge,
  request: { method: string; uri: string },
  user: { name: string; password: string },
  count: number,
  cnonce: string,
): string => {
  const hash = (text: string) =>
    crypto().createHash(hashes[challenge.algorithm]).update(text, "utf8").digest("hex");
  const ha1 = hash(`${user.name}:${challenge.realm}:${user.password}`);
  const ha2 = hash(`${request.method}:${request.uri}`);
  const nc = count.toString(16).padStart(8, "0");
  const response = challenge.qop
    ? hash(`${ha1}:${challenge.nonce}:${nc}:${cnonce}:auth:${ha2}`)
    : hash(`${ha1}:${challenge.nonce}:${ha2}`);
  return [
    `Digest username=${quote(user.name)}`,
    `realm=${quote(challenge.realm)}`,
    `nonce=${quote(challenge.nonce)}`,
    `uri=${quote(request.uri)}`,
    `algorithm=${challenge.algorithm}`,
    ...(challenge.qop ? ["qop=auth", `nc=${nc}`, `cnonce=${quote(cnonce)}`] : []),
    `response="${response}"`,
    ...(challenge.opaque === undefined ? [] : [`opaque=${quote(challenge.opaque)}`]),
  ].join(", ");
};

/**
 * Authenticates with an API key. The first request has no credentials and gets a challenge. Later requests reuse its
 * nonce, each with its own count, until Atlas issues a new one.
 */
export const createApiKeyAuth = (
  key: ApiKey,
  makeCnonce: () => string = () => crypto().randomBytes(16).toString("hex"),
): Authenticator => {
  const user = { name: key.publicKey.reveal(), password: key.privateKey.reveal() };
  let current: { challenge: Challenge; count: number } | undefined;
  return {
    header: async ({ method, url }) => {
      if (current === undefined) return undefined;
      current.count += 1;
      return digestHeader(
        current.challenge,
        { method, uri: pathOf(url) },
        user,
        current.count,
        makeCnonce(),
      );
    },
    renew: async (response, sent) => {
      const challenge = strongestChallenge(response.headers["www-authenticate"]);
      if (challenge === undefined) return false;
      const nonce = current?.challenge.nonce;
      // Atlas may challenge several concurrent requests: all of them use the nonce that the first one stored.
      const isRenewed =
        nonce !== undefined && (sent === undefined || !sent.includes(`nonce=${quote(nonce)}`));
      if (!isRenewed || challenge.stale) current = { challenge, count: 0 };
      return true;
    },
    close: async () => {},
  };
};
