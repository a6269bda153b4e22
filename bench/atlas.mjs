// The Atlas that everything is measured against: the sandbox without rate limits, and bare requests to it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Agent, request } from "undici";

const cli = new URL("../dist/cli.cjs", import.meta.url).pathname;

/** Starts a sandbox as a process of its own; with TLS where the peer insists on it. */
export const startAtlas = async (flags = []) => {
  const child = spawn(
    process.execPath,
    [cli, "sandbox", "--port", "0", "--provision-ms", "0", "--no-rate-limits", ...flags],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  const { url, clientId, clientSecret, orgId } = JSON.parse(line);
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  const send = async (method, path, { headers = {}, body } = {}) => {
    const answer = await request(`${url}${path}`, { method, headers, body, dispatcher });
    const text = await answer.body.text();
    return { status: answer.statusCode, json: text === "" ? undefined : JSON.parse(text) };
  };
  const token = async () => {
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
    const { json } = await send("POST", "/api/oauth/token", {
      headers: {
        authorization: `Basic ${basic}`,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: "grant_type=client_credentials",
    });
    return json.access_token;
  };
  const bearer = await token();
  return {
    url,
    orgId,
    credentials: { clientId, clientSecret },
    env: {
      MONGODB_ATLAS_BASE_URL: url,
      MONGODB_ATLAS_CLIENT_ID: clientId,
      MONGODB_ATLAS_CLIENT_SECRET: clientSecret,
      ATLAS_MCP_CONFIRM: "never",
    },
    reset: () => send("POST", "/_sandbox/reset"),
    /** One request of the Admin API on a connection that stays open. */
    api: (method, path, body) =>
      send(method, `/api/atlas/v2${path}`, {
        headers: {
          authorization: `Bearer ${bearer}`,
          accept: "application/vnd.atlas.2025-03-12+json",
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    close: async () => {
      child.kill();
      await once(child, "exit");
      await dispatcher.close();
    },
  };
};
