// Requests to the endpoint of a model: repeated where it is busy, with an end.
import { Agent, EnvHttpProxyAgent, interceptors, request } from "undici";

/** The endpoint does not answer as it should. `fatal` where the next request would meet the same. */
export class ModelError extends Error {
  constructor(message, fatal = false) {
    super(message);
    this.fatal = fatal;
  }
}

// A key, a name of a model or an address that is wrong stays so.
const fatalStatuses = [401, 403, 404];

// 529 is Anthropic's for "overloaded".
const busyStatuses = [408, 429, 500, 502, 503, 504, 529];

const isLoopback = (url) => /^(localhost|127\..*|\[::1\])$/.test(new URL(url).hostname);

/** A sender of JSON. `timeoutMs` bounds one attempt; `minTimeout` is the first pause between two (milliseconds). */
export const createModelSender = ({
  timeoutMs = 300_000,
  minTimeout = 1000,
  maxRetries = 5,
} = {}) => {
  const retry = interceptors.retry({
    maxRetries,
    minTimeout,
    maxTimeout: 60_000,
    methods: ["POST"],
    statusCodes: busyStatuses,
    throwOnError: false,
  });
  const limits = { headersTimeout: timeoutMs, bodyTimeout: timeoutMs };
  // The proxies of the environment (HTTPS_PROXY) are for what is not on this machine.
  const [near, far] = [new Agent(limits), new EnvHttpProxyAgent(limits)];
  return {
    post: async (url, headers, body, signal) => {
      const agent = isLoopback(url) ? near : far;
      const how = {
        method: "POST",
        headers,
        body: JSON.stringify(body),
        dispatcher: agent.compose(retry),
        signal,
      };
      const answer = await request(url, how).catch((error) => {
        if (signal?.aborted) throw signal.reason;
        const fatal = error.code === "ECONNREFUSED" || error.code === "ENOTFOUND";
        throw new ModelError(`${url} does not answer: ${error.message || error.code}`, fatal);
      });
      const text = await answer.body.text();
      const { statusCode } = answer;
      if (statusCode !== 200) {
        const said = text.slice(0, 300).replace(/\s+/g, " ");
        throw new ModelError(
          `${url} answers ${statusCode}: ${said}`,
          fatalStatuses.includes(statusCode),
        );
      }
      try {
        return JSON.parse(text);
      } catch {
        throw new ModelError(`${url} answers no JSON.`);
      }
    },
    close: () => Promise.all([near.close(), far.close()]),
  };
};
