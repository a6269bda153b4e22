// JSON-RPC with the host, over postMessage, as the extension's document says.
import { hostIn, isRecord, resultIn, unread } from "./results.js";

/** What the host can do and where it shows the card, as it told when it was greeted. */
export const host = { capabilities: {}, context: {} };

let lastId = 0;
const waiting = new Map();

const post = (message) => window.parent.postMessage({ jsonrpc: "2.0", ...message }, "*");

/** Sends a request. Rejects with the host's error, or if there is no answer within `ms`; without it, it waits for ever. */
export const ask = (method, params, ms) =>
  new Promise((resolve, reject) => {
    lastId += 1;
    const id = lastId;
    const giveUp = () => {
      waiting.delete(id);
      reject(new Error("There was no answer in time."));
    };
    const timer = ms === undefined ? undefined : setTimeout(giveUp, ms);
    waiting.set(id, { resolve, reject, timer });
    post({ id, method, params });
  });

export const tell = (method, params = {}) => post({ method, params });

const settle = ({ id, result, error }) => {
  const { resolve, reject, timer } = waiting.get(id) ?? {};
  if (resolve === undefined) return;
  clearTimeout(timer);
  waiting.delete(id);
  const { message } = error ?? {};
  if (error === undefined || error === null) resolve(result);
  else reject(new Error(typeof message === "string" ? message : ""));
};

/** Hands requests and notifications of the host to the handler of their method. */
const receive = ({ id, method, params }, handlers) => {
  const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined;
  const given = isRecord(params) ? params : {};
  if (id === undefined) return handler?.(given);
  if (handler === undefined)
    return post({ id, error: { code: -32601, message: `Method not found: ${method}` } });
  return post({ id, result: handler(given) ?? {} });
};

/** Listens to the host alone: other windows can send messages too. */
export const listen = (handlers) =>
  addEventListener("message", ({ source, data }) => {
    if (source !== window.parent || data?.jsonrpc !== "2.0") return;
    if (data.method === undefined) settle(data);
    else receive(data, handlers);
  });

/** Greets the host and keeps what it says of itself, however late. */
export const greet = async () => {
  const answer = await ask("ui/initialize", {
    appInfo: { name: "atlas-provision-card", version: "1.0.0" },
    appCapabilities: { availableDisplayModes: ["inline"] },
    protocolVersion: "2026-01-26",
  }).catch(() => undefined);
  Object.assign(host, hostIn(answer));
  tell("ui/notifications/initialized");
};

/** Calls a tool of the server through the host. Resolves with its result, or with what stands for one (results.js). */
export const callTool = ({ tool, arguments: args }, ms) =>
  ask("tools/call", { name: tool, arguments: args }, ms).then(resultIn, ({ message }) =>
    unread(message),
  );

/** Tells the model what its user did here, if the host passes that on. */
export const inform = (text) => {
  if (!host.capabilities.updateModelContext) return;
  ask("ui/update-model-context", { content: [{ type: "text", text }] }).catch(() => {});
};
