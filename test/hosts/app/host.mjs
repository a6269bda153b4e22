// A small web host of MCP Apps, as the extension's document wants one: a page, a sandbox proxy of another origin with the
// policy that the resource declares, and the view in it. The other side of the card is the official bridge. It runs in this
// process, beside the MCP client, and the page hands messages on.
import { createServer } from "node:http";
import { AppBridge, getToolUiResourceUri } from "@modelcontextprotocol/ext-apps/app-bridge";

/** What a host declares that shows the pages of apps. */
export const appsCapability = {
  extensions: { "io.modelcontextprotocol/ui": { mimeTypes: ["text/html;profile=mcp-app"] } },
};

const proxyScript = (hostOrigin) => `
  let view;
  const isReserved = ({ method = "" }) => method.startsWith("ui/notifications/sandbox-");
  addEventListener("message", ({ source, origin, data }) => {
    if (source === parent && origin === "${hostOrigin}") {
      if (data.method !== "ui/notifications/sandbox-resource-ready")
        return view.contentWindow.postMessage(data, "*");
      view = document.createElement("iframe");
      view.setAttribute("sandbox", data.params.sandbox ?? "allow-scripts");
      view.srcdoc = data.params.html;
      return document.body.append(view);
    }
    if (view && source === view.contentWindow && !isReserved(data))
      parent.postMessage(data, "${hostOrigin}");
  });
  const method = "ui/notifications/sandbox-proxy-ready";
  parent.postMessage({ jsonrpc: "2.0", method, params: {} }, "${hostOrigin}");
`;

const full =
  "html, body, iframe { margin: 0; border: 0; width: 100%; height: 100%; display: block; }";

const proxyPage = (hostOrigin) =>
  `<!doctype html><link rel="icon" href="data:,"><style>${full}</style><body><script>${proxyScript(hostOrigin)}</script>`;

const hostPage = (proxyUrl) => `<!doctype html><title>host</title>
<link rel="icon" href="data:,">
<style>body { margin: 24px; background: light-dark(#fff, #111) } iframe { border: 0; width: 100%; height: 0; display: block }</style>
<iframe sandbox="allow-scripts allow-same-origin" src="${proxyUrl}"></iframe>
<script>
  const frame = document.querySelector("iframe");
  addEventListener("message", ({ source, data }) => {
    if (source === frame.contentWindow) toBridge(data);
  });
  fromBridge = (message) => frame.contentWindow.postMessage(message, new URL(frame.src).origin);
</script>`;

/** The policy of a view, from what its resource declares. */
const policyOf = ({ connectDomains = [], resourceDomains = [] } = {}) => {
  const from = (...sources) => [...sources, ...resourceDomains].join(" ");
  return [
    "default-src 'none'",
    `script-src ${from("'self'", "'unsafe-inline'")}`,
    `style-src ${from("'self'", "'unsafe-inline'")}`,
    `connect-src ${["'self'", ...connectDomains].join(" ")}`,
    `img-src ${from("'self'", "data:")}`,
    `font-src ${from("'self'")}`,
    `media-src ${from("'self'", "data:")}`,
    "frame-src 'none'",
    "object-src 'none'",
    "base-uri 'self'",
  ].join("; ");
};

/** Serves the page of the host on 127.0.0.1, and that of the proxy on localhost, which is another origin. */
const servePages = async (csp) => {
  const server = createServer(({ url }, response) => {
    const { port } = server.address();
    response.setHeader("content-type", "text/html");
    if (url === "/host") return response.end(hostPage(`http://localhost:${port}/proxy`));
    if (url !== "/proxy") return response.writeHead(404).end();
    response.setHeader("content-security-policy", policyOf(csp));
    return response.end(proxyPage(`http://127.0.0.1:${port}`));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}/host`, close: () => server.close() };
};

/** The bridge's end of the page, with all that passes it. */
const transportTo = (page, beforeGreeting) => {
  const passed = { fromCard: [], toCard: [] };
  const transport = {
    start: async () => {},
    close: async () => {},
    send: async (message) => {
      passed.toCard.push(message);
      await page.evaluate((one) => globalThis.fromBridge(one), message);
    },
  };
  const receive = async (message) => {
    passed.fromCard.push(message);
    if (message.method === "ui/initialize") await beforeGreeting();
    transport.onmessage?.(message);
  };
  return { passed, transport, receive };
};

const withDefaults = (options) => ({
  capabilities: {
    serverTools: {},
    message: { text: {} },
    updateModelContext: { text: {} },
    ...options.capabilities,
  },
  context: { theme: "light", displayMode: "inline", ...options.context },
  page: { viewport: { width: 560, height: 720 }, ...options.page },
});

/**
 * Opens a host in a browser for a tool of the client's server, and shows its card. `result` and `args` are those of the call
 * that the card belongs to. `beforeGreeting` is done before the card's greeting is answered. `capabilities` with undefined members are those that the host lacks.
 */
export const openCard = async (browser, client, { tool, args = {}, result, ...options }) => {
  const { capabilities, context, page: pageOptions } = withDefaults(options);
  const { tools } = await client.listTools();
  const declared = tools.find(({ name }) => name === tool);
  const uri = getToolUiResourceUri(declared);
  const { contents } = await client.readResource({ uri });
  const { csp } = contents[0]._meta.ui;
  const pages = await servePages(csp);
  const opened = await browser.newContext(pageOptions);
  const page = await opened.newPage();
  page.setDefaultTimeout(6000);
  const [problems, requests] = [[], []];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(error.message));
  opened.on("request", (request) => requests.push(request.url()));
  // Its time goes on by itself, and can be put forward.
  await page.clock.install();
  const { passed, transport, receive } = transportTo(page, async () =>
    options.beforeGreeting?.(page),
  );
  await page.exposeFunction("toBridge", receive);

  const toolInfo = { id: 1, tool: declared };
  const bridge = new AppBridge(
    options.calls === false || options.onCall ? null : client,
    { name: "a host of the tests", version: "1.0.0" },
    JSON.parse(JSON.stringify(capabilities)),
    { hostContext: { ...context, toolInfo } },
  );
  const said = { messages: [], context: [] };
  bridge.onmessage = async (params) => {
    said.messages.push(params);
    return {};
  };
  bridge.onupdatemodelcontext = async (params) => {
    said.context.push(params);
    return {};
  };
  const frame = page.locator("iframe");
  bridge.onsizechange = ({ height }) =>
    frame.evaluate((one, px) => one.style.setProperty("height", `${px}px`), height).catch(() => {});
  const ready = new Promise((resolve) => {
    bridge.onsandboxready = resolve;
  });
  const initialized = new Promise((resolve) => {
    bridge.oninitialized = resolve;
  });
  await bridge.connect(transport);
  if (options.onCall) bridge.oncalltool = options.onCall;
  await page.goto(pages.url);
  await ready;
  await bridge.sendSandboxResourceReady({ html: contents[0].text, csp });
  await initialized;
  await bridge.sendToolInput({ arguments: args });
  if (result !== undefined) await bridge.sendToolResult(result);

  const card = page.frameLocator("iframe").frameLocator("iframe").locator("#card");
  await card.waitFor();
  return {
    page,
    frame,
    card,
    bridge,
    /** Sends the card any message, also one that the bridge would not. */
    send: (message) => transport.send({ jsonrpc: "2.0", ...message }),
    said,
    passed,
    problems,
    /** Addresses that were asked for, those of the host's own two pages apart. */
    strange: () =>
      requests.filter((url) => !/^http:\/\/(127\.0\.0\.1|localhost):\d+\/(host|proxy)$/.test(url)),
    /** The calls that the card has made. */
    calls: () =>
      passed.fromCard.filter(({ method }) => method === "tools/call").map(({ params }) => params),
    close: async () => {
      await opened.close();
      await bridge.close();
      pages.close();
    },
  };
};
