// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of hosts look like this
import { describe, expect, it } from "vitest";
import { createApiKeyAuth } from "../../src/atlas/auth/api-key.ts";
import { createAtlasClient } from "../../src/atlas/client.ts";
import type { Attempt, Proxies } from "../../src/atlas/http.ts";
import { listOrgs } from "../../src/atlas/requests.ts";
import { systemClock } from "../../src/common/deadline.ts";
import { secret } from "../../src/common/secret.ts";
import { readConfig } from "../../src/config/config.ts";
import { createContainer } from "../../src/container.ts";
import { failureOf, openFakeAtlas, openHttp, userAgent } from "../support/atlas.ts";
import { json } from "../support/fake-atlas.ts";
import { deadlineOf } from "../support/fake-clock.ts";

const never = new AbortController().signal;

const send = (url: string, proxies: Proxies): Promise<Attempt> =>
  openHttp(2000, proxies).send({ method: "GET", url, headers: {} }, never);

const unusable = { unusable: "HTTPS_PROXY must be an http or https proxy" };
const other = { unusable: "HTTP_PROXY must be an http or https proxy" };

const failed = ({ unusable: message }: typeof unusable) => ({
  error: { code: "PROXY_UNUSABLE", message, sent: false, at: "proxy" },
});

describe("a proxy that cannot be used", () => {
  it.each<[url: string, proxies: Proxies, expected: typeof unusable]>([
    ["https://atlas.test", { httpsProxy: unusable }, unusable],
    ["https://atlas.test", { httpsProxy: unusable, httpProxy: other }, unusable],
    ["http://atlas.test", { httpsProxy: unusable, httpProxy: other }, other],
    ["https://atlas.test", { httpProxy: other }, other],
    ["https://atlas.test", { httpsProxy: unusable, noProxy: "other.test" }, unusable],
  ])("fails a request to %s with %j", async (url, proxies, expected) => {
    expect(await send(url, proxies)).toMatchObject(failed(expected));
  });

  it("fails each request, not the first alone", async () => {
    const http = openHttp(2000, { httpsProxy: unusable });
    const request = { method: "GET", url: "https://atlas.test", headers: {} };
    for (const _ of [1, 2, 3])
      expect(await http.send(request, never)).toMatchObject(failed(unusable));
  });

  it.each<[what: string, url: string, proxies: Proxies]>([
    ["NO_PROXY excludes", "https://nowhere.invalid", { httpsProxy: unusable, noProxy: "*" }],
    ["needs no proxy", "http://nowhere.invalid", { httpsProxy: unusable }],
  ])("fails no request that %s", async (_what, url, proxies) => {
    const attempt = await send(url, proxies);
    expect(attempt).toMatchObject({
      error: { code: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/) },
    });
  });

  it("fails no request to this machine", async () => {
    const { url } = await openFakeAtlas((_seen, response) => json(response, 200, { ok: true }));
    const attempt = await send(url, { httpProxy: other, httpsProxy: unusable });
    expect(attempt).toMatchObject({ response: { status: 200 } });
  });

  it("fails nothing of the embedded sandbox", async () => {
    const env = { HTTPS_PROXY: "socks5://proxy", HTTP_PROXY: "${PROXY}", NO_PROXY: "[" };
    const container = await createContainer(readConfig(env, {}));
    const orgs = await container.atlas.read(listOrgs(), deadlineOf(systemClock));
    expect(orgs.results).toHaveLength(1);
    await container.close();
  });

  it("is what the call says, with the name of the variable and without its password", async () => {
    const { proxies } = readConfig({ HTTPS_PROXY: "socks5://user:hunter2@proxy" }, {});
    const { send: sendHttp } = openHttp(2000, proxies);
    const auth = createApiKeyAuth({
      kind: "api_key",
      publicKey: secret("abcdefgh"),
      privateKey: secret("1-2-3"),
    });
    const atlas = createAtlasClient({
      endpoint: async () => ({ baseUrl: "https://atlas.test", auth }),
      sendHttp,
      clock: systemClock,
      userAgent,
    });
    const failure = await failureOf(atlas.read(listOrgs(), deadlineOf(systemClock)));
    expect(failure).toMatchObject({ code: "unavailable", retry: "after_fix" });
    expect(failure.message).toMatch(/^HTTPS_PROXY must be an http or https proxy like .+\.$/);
    expect(failure.message).not.toContain("hunter2");
  });
});
