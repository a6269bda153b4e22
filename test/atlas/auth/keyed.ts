/** An API key against a server that challenges as the test says, and what the client answered. */

import type { ServerResponse } from "node:http";
import { createSandbox, type SandboxOptions } from "@atlas-provision-mcp/sandbox";
import { onTestFinished } from "vitest";
import { createApiKeyAuth } from "../../../src/atlas/auth/api-key.ts";
import { createAtlasClient } from "../../../src/atlas/client.ts";
import type { HttpRequest } from "../../../src/atlas/http.ts";
import * as requests from "../../../src/atlas/requests.ts";
import { secret } from "../../../src/common/secret.ts";
import { openFakeAtlas, openHttp, userAgent } from "../../support/atlas.ts";
import { json, type Seen } from "../../support/fake-atlas.ts";
import { createFakeClock, deadlineOf } from "../../support/fake-clock.ts";

/** The parameters of a Digest header, quoted pairs resolved. */
export const answered = (header: string | undefined): Record<string, string> =>
  Object.fromEntries(
    [...(header ?? "").matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g)].map(
      ([, name = "", quoted, plain = ""]) => [name, quoted?.replace(/\\(.)/g, "$1") ?? plain],
    ),
  );

type Key = { publicKey: string; privateKey: string };

/** The real client with an API key; `wires` is all that it sent. */
export const openApiKey = (baseUrl: string, { publicKey, privateKey }: Key) => {
  const clock = createFakeClock();
  const http = openHttp();
  const wires: HttpRequest[] = [];
  const exchange: typeof http.send = (wire, signal) => {
    wires.push(wire);
    return http.send(wire, signal);
  };
  const auth = createApiKeyAuth({
    kind: "api_key",
    publicKey: secret(publicKey),
    privateKey: secret(privateKey),
  });
  const target = async () => ({ baseUrl, auth });
  const atlas = createAtlasClient({ endpoint: target, sendHttp: exchange, clock, userAgent });
  return {
    clock,
    atlas,
    wires,
    /** One read of the Admin API. */
    read: () => atlas.read(requests.listOrgs(), deadlineOf(clock)),
    /** What each request proved: none where it went bare. */
    proofs: () => wires.map((wire) => answered(wire.headers.authorization)),
  };
};

const list = { results: [], totalCount: 0 };

/** Answers with this challenge, with a 401 that has none where it is empty, or with success where it is undefined. */
export type Guard = (seen: Seen, count: number) => string | undefined;

export const startGuard = async (guard: Guard) => {
  const answer = (response: ServerResponse, challenge: string | undefined) =>
    challenge === undefined
      ? json(response, 200, list)
      : json(response, 401, "", challenge === "" ? {} : { "www-authenticate": challenge });
  const fakeAtlas = await openFakeAtlas((seen, response, count) =>
    answer(response, guard(seen, count)),
  );
  return openApiKey(fakeAtlas.url, { publicKey: "Mufasa", privateKey: "Circle of Life" });
};

/** The sandbox with its own key, or another one; both end with the running test. */
export const startKeyed = async (options: SandboxOptions = {}, key: Partial<Key> = {}) => {
  const sandbox = await createSandbox(options);
  onTestFinished(() => sandbox.close());
  return { sandbox, ...openApiKey(sandbox.url, { ...sandbox, ...key }) };
};
