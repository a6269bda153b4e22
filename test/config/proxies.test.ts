// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of hosts look like this
import { describe, expect, it } from "vitest";
import { readProxies } from "../../src/config/proxies.ts";
import { read } from "../support/config.ts";

const proxyOf = (text: string, name = "HTTPS_PROXY") => {
  const { httpProxy, httpsProxy } = readProxies({ [name]: text }) ?? {};
  const proxy = httpsProxy ?? httpProxy;
  if (proxy === undefined) return undefined;
  return "reveal" in proxy ? proxy.reveal() : proxy;
};

describe("a proxy", () => {
  it.each([
    ["http://proxy.example:3128", "http://proxy.example:3128"],
    ["https://proxy.example", "https://proxy.example"],
    ["HTTP://proxy:3128", "HTTP://proxy:3128"],
    ["proxy:3128", "http://proxy:3128"],
    ["proxy", "http://proxy"],
    ["10.0.0.1:3128", "http://10.0.0.1:3128"],
    ["[::1]:3128", "http://[::1]:3128"],
    ["user:pw@proxy:3128", "http://user:pw@proxy:3128"],
    ["http://user:p%40w@proxy_1:3128/", "http://user:p%40w@proxy_1:3128/"],
    [" proxy:3128\r\n", "http://proxy:3128"],
    ["\ufeffproxy:3128\u00a0", "http://proxy:3128"],
  ])("%j is %s", (text, url) => {
    for (const name of ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"])
      expect(proxyOf(text, name)).toBe(url);
  });

  it.each(["", " ", "${user_config.proxy}", " ${user_config.proxy} "])("%j is none", (text) => {
    expect(readProxies({ HTTPS_PROXY: text, http_proxy: text })).toBeUndefined();
  });

  it("in capitals counts where the other is empty", () => {
    expect(readProxies({ https_proxy: " ", HTTPS_PROXY: "a:1" })).toHaveProperty("httpsProxy");
  });
});

describe("a proxy that cannot be used", () => {
  it.each([
    ["socks5://user:hunter2@proxy:1080", /must be an http or https proxy like http/],
    ["socks://proxy", /must be an http or https proxy/],
    ["file:///etc/passwd", /must be an http or https proxy/],
    ["http://", /must be an http or https proxy/],
    ["user:hunter2@proxy:port", /must be an http or https proxy/],
    ["http://u:hunter2@[x\ny", /must be an http or https proxy/],
    ["http://${HOST}:3128", /must be an http or https proxy/],
    ["not a proxy", /must be an http or https proxy/],
    ["http://user:hunter2%@proxy", /has a % in its user name or password/],
    ["${HTTPS_PROXY}", /has the placeholder \$\{HTTPS_PROXY\}, which the host left unfilled/],
    ["{{proxy}}", /has the placeholder \{\{proxy\}\}/],
    ["{env:PROXY}", /has the placeholder \{env:PROXY\}/],
    ["$PROXY", /has the placeholder \$PROXY/],
    ["%PROXY%", /has the placeholder %PROXY%/],
    ["${P:-http://u:hunter2@proxy}", /has the placeholder \$\{P:-\.\.\.\}/],
  ])("%j says so without its text, and does not end the start", (text, says) => {
    for (const name of ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY"]) {
      const proxy = proxyOf(text, name);
      expect(proxy).toEqual({ unusable: expect.stringMatching(new RegExp(`^${name} [^\n]+$`)) });
      expect(proxy).toEqual({ unusable: expect.stringMatching(says) });
      expect(JSON.stringify(proxy)).not.toMatch(/hunter2/);
      expect(read({ [name]: text }).backend).toBe("sandbox");
    }
  });

  it.each(["*:*", "::::", "${NO_PROXY}", "[", ",,;"])("NO_PROXY %j ends nothing", (noProxy) => {
    expect(readProxies({ HTTPS_PROXY: "proxy", NO_PROXY: noProxy })).toMatchObject({ noProxy });
  });
});
