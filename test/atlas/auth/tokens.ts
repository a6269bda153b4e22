/** A service account against a fake Atlas whose token endpoint the test scripts, on a clock that stands still. */

import type { ServerResponse } from "node:http";
import { expect } from "vitest";
import { createServiceAccountAuth } from "../../../src/atlas/auth/service-account.ts";
import { createAtlasClient } from "../../../src/atlas/client.ts";
import * as requests from "../../../src/atlas/requests.ts";
import { secret } from "../../../src/common/secret.ts";
import { openFakeAtlas, openHttp, userAgent } from "../../support/atlas.ts";
import { json, type Seen } from "../../support/fake-atlas.ts";
import { createFakeClock, deadlineOf } from "../../support/fake-clock.ts";

type Script = {
  /** Answers a request for a token; undefined leaves it to the default: `token-<n>`, good for an hour. */
  token?: (response: ServerResponse, count: number, seen: Seen) => true | undefined;
  /** Answers a request to the Admin API; by default an empty list. */
  api?: (response: ServerResponse, count: number, seen: Seen) => true | undefined;
  revoke?: (response: ServerResponse) => true;
};

export const grant = (response: ServerResponse, value: string, seconds = 3600): true =>
  json(response, 200, { access_token: value, expires_in: seconds, token_type: "Bearer" });

export const startTokens = async (
  script: Script = {},
  options: { clientId?: string; clientSecret?: string; requestTimeoutMs?: number } = {},
) => {
  // The longest pause of its own is 0.8 s; what is longer is the deadline.
  const clock = createFakeClock({ limitsFrom: 5000 });
  const counts = { tokens: 0, api: 0 };
  const mintedAt: number[] = [];
  const fakeAtlas = await openFakeAtlas((seen, response) => {
    if (seen.path === "/api/oauth/token") {
      counts.tokens += 1;
      mintedAt.push(clock.now());
      return (
        script.token?.(response, counts.tokens, seen) ?? grant(response, `token-${counts.tokens}`)
      );
    }
    if (seen.path === "/api/oauth/revoke")
      return script.revoke?.(response) ?? json(response, 200, "");
    counts.api += 1;
    return (
      script.api?.(response, counts.api, seen) ??
      json(response, 200, { results: [], totalCount: 0 })
    );
  });
  const http = openHttp(options.requestTimeoutMs);
  const auth = createServiceAccountAuth({
    account: {
      kind: "service_account",
      clientId: secret(options.clientId ?? "mdb_sa_id_1"),
      clientSecret: secret(options.clientSecret ?? "mdb_sa_sk_1"),
    },
    baseUrl: fakeAtlas.url,
    sendHttp: http.send,
    clock,
    userAgent,
  });
  const target = async () => ({ baseUrl: fakeAtlas.url, auth });
  const atlas = createAtlasClient({ endpoint: target, sendHttp: http.send, clock, userAgent });
  return {
    auth,
    clock,
    counts,
    mintedAt,
    fakeAtlas,
    /** The header that a request would get now. */
    header: (deadlineMs = 45_000) =>
      auth.header({ method: "GET", url: fakeAtlas.url }, deadlineOf(clock, deadlineMs)),
    /** One read of the Admin API. */
    read: () => atlas.read(requests.listOrgs(), deadlineOf(clock)),
    close: () => atlas.close(),
    to: (path: string) => fakeAtlas.seen.filter((one) => one.path === path),
  };
};

/** The most requests within any span of this length; times ascend. */
export const mostWithin = (times: number[], spanMs: number): number => {
  expect(times.length).toBeGreaterThan(0);
  return Math.max(
    ...times.map((from) => times.filter((at) => at >= from && at < from + spanMs).length),
  );
};
