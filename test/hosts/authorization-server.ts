/** A real authorization server (oidc-provider), whose one user logs in and agrees without being asked. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { load } from "./tools.ts";

export const audience = "atlas-mcp";

const credentials = { client_id: "machine", client_secret: "machine-secret" };

export type AuthorizationServer = {
  url: string;
  /** A token for a program without a user, for a resource and with scopes as asked. */
  tokenFor(resource: string | undefined, scope: string): Promise<string>;
  /** Follows a user's way from the address that a client opens to the code that comes back to it. */
  login(address: URL): Promise<string>;
  close(): Promise<void>;
};

const scopes = "atlas:read atlas:write";

const configuration = {
  clients: [
    {
      ...credentials,
      grant_types: ["client_credentials"],
      redirect_uris: [],
      response_types: [],
      scope: scopes,
    },
  ],
  scopes: ["openid", "offline_access", ...scopes.split(" ")],
  ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 300, ClientCredentials: 300 },
  pkce: { required: () => true },
  findAccount: (_ctx: unknown, sub: string) => ({ accountId: sub, claims: () => ({ sub }) }),
  interactions: { url: (_ctx: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    registration: { enabled: true },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => true,
      getResourceServerInfo: (_ctx: unknown, resource: string) => ({
        scope: scopes,
        audience: resource.includes("/mcp") ? audience : resource,
        accessTokenFormat: "jwt",
        jwt: { sign: { alg: "RS256" } },
      }),
    },
  },
};

/** Grants what is asked for, and sends the user back. */
const agree = async (provider: any, request: any, response: any): Promise<void> => {
  const { prompt, params, grantId, session } = await provider.interactionDetails(request, response);
  if (prompt.name === "login") {
    const result = { login: { accountId: "alice" } };
    return provider.interactionFinished(request, response, result);
  }
  const grant =
    grantId === undefined
      ? new provider.Grant({ accountId: session.accountId, clientId: params.client_id })
      : await provider.Grant.find(grantId);
  grant.addOIDCScope(params.scope);
  grant.addResourceScope(params.resource, params.scope);
  const result = { consent: { grantId: await grant.save() } };
  return provider.interactionFinished(request, response, result);
};

/** Follows redirects with cookies until one leaves the server. */
const follow = async (address: URL, home: string): Promise<URL> => {
  const jar = new Map<string, string>();
  for (let next = address; ; ) {
    if (next.origin !== home) return next;
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(next, { redirect: "manual", headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.set(name, value);
    }
    const location = response.headers.get("location");
    if (location === null) throw new Error(`${next}: ${response.status} ${await response.text()}`);
    next = new URL(location, next);
  }
};

export const startAuthorizationServer = async (): Promise<AuthorizationServer> => {
  const { Provider } = await load("oidc-provider");
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(url, configuration);
  const serve = provider.callback();
  server.on("request", (request, response) => {
    if (!request.url?.startsWith("/interaction/")) return serve(request, response);
    agree(provider, request, response).catch((error: Error) => {
      response.statusCode = 500;
      response.end(error.stack);
    });
  });
  return {
    url,
    tokenFor: async (resource, scope) => {
      const body = new URLSearchParams({ grant_type: "client_credentials", scope });
      if (resource !== undefined) body.set("resource", resource);
      const basic = btoa(`${credentials.client_id}:${credentials.client_secret}`);
      const headers = { authorization: `Basic ${basic}` };
      const response = await fetch(`${url}/token`, { method: "POST", headers, body });
      const answer = (await response.json()) as { access_token?: string };
      if (answer.access_token === undefined) throw new Error(JSON.stringify(answer));
      return answer.access_token;
    },
    login: async (address) => {
      const back = await follow(address, url);
      const code = back.searchParams.get("code");
      if (code === null) throw new Error(`no code in ${back}`);
      return code;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
