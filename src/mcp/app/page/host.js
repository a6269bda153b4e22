// JSON-RPC with the host, over postMessage, as the extension's document says.

/** What the host can do and where it shows the card, as it told when it was greeted. */
export const host = { capabilities: {}, context: {} };

let lastId = 0;
const waiting = new Map();

const post = (message) => window.parent.postMessage({ jsonrpc: "2.0", ...message }, "*");

/** Sends a request. Rejects with the host's error, or if there is no answer within `ms`. */
export const ask = (method, params, ms = 30_000) =>
  new Promise((resolve, reject) => {
    lastId += 1;
    const id = lastId;
    const timer = setTimeout(() => {
      waiting.delete(id);
      reject(new Error("There was no answer in time."));
    }, ms);
    waiting.set(id, { resolve, reject, timer });
    post({ id, method, params });
  });

export const tell = (method, params = {}) => post({ method, params });

const settle = ({ id, result, error }) => {
  const { resolve, reject, timer } = waiting.get(id) ?? {};
  if (resolve === undefined) return;
  clearTimeout(timer);
  waiting.delete(id);
  if (error === undefined) resolve(result);
  else reject(new Error(String(error.message ?? "")));
};

/** Hands requests and notifications of the host to the handler of their method. */
const receive = ({ id, method, params = {} }, handlers) => {
  const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined;
  if (id === undefined) return handler?.(params);
  if (handler === undefined)
    return post({ id, error: { code: -32601, message: `Method not found: ${method}` } });
  return post({ id, result: handler(params) ?? {} });
};

/** Listens to the host alone: other windows can send messages too. */
export const listen = (handlers) =>
  addEventListener("message", ({ source, data }) => {
    if (source !== window.parent || data?.jsonrpc !== "2.0") return;
    if (data.method === undefined) settle(data);
    else receive(data, handlers);
  });

/** Greets the host and keeps what it says of itself. */
export const greet = async () => {
  const { hostCapabilities, hostContext } = await ask("ui/initialize", {
    appInfo: { name: "atlas-provision-card", version: "1.0.0" },
    appCapabilities: { availableDisplayModes: ["inline"] },
    protocolVersion: "2026-01-26",
  });
  Object.assign(host, { capabilities: hostCapabilities ?? {}, context: hostContext ?? {} });
  tell("ui/notifications/initialized");
};

/** Calls a tool of the server through the host. Resolves with the whole result. */
export const callTool = ({ tool, arguments: args }, ms) =>
  ask("tools/call", { name: tool, arguments: args }, ms);

/** Tells the model what its user did here, if the host passes that on. */
export const inform = (text) => {
  if (!host.capabilities.updateModelContext) return;
  ask("ui/update-model-context", { content: [{ type: "text", text }] }).catch(() => {});
};
