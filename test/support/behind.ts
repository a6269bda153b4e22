/** Resources made in a sandbox behind the server's back, with a token of their own. */
import type { Sandbox } from "@atlas-provision-mcp/sandbox";

type Made = Record<string, any>;

/** Posts to the Admin API of a sandbox; throws where it refuses. */
export const behind = (sandbox: Pick<Sandbox, "url" | "clientId" | "clientSecret">) => {
  let token: Promise<string> | undefined;
  const mint = async (): Promise<string> => {
    const basic = Buffer.from(`${sandbox.clientId}:${sandbox.clientSecret}`).toString("base64");
    const answer = await fetch(`${sandbox.url}/api/oauth/token`, {
      method: "POST",
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams({ grant_type: "client_credentials" }),
    });
    return ((await answer.json()) as { access_token: string }).access_token;
  };
  const make = async (path: string, body: object, fresh = false): Promise<Made> => {
    // An hour is over soon on a fast clock.
    if (fresh || token === undefined) token = mint();
    const answer = await fetch(`${sandbox.url}/api/atlas/v2${path}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${await token}`,
        accept: "application/vnd.atlas.2025-03-12+json",
        "content-type": "application/json",
      },
      body: JSON.stringify(body),
    });
    if (answer.status === 401 && !fresh) return make(path, body, true);
    if (answer.status !== 201) throw new Error(`${path}: ${await answer.text()}`);
    return (await answer.json()) as Made;
  };
  return make;
};
