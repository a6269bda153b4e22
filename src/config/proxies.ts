/** The proxies of the usual variables. One that cannot be used fails the first request that needs it, never the start. */
import type { Proxies, ProxySetting } from "../atlas/http.ts";
import { decoded } from "../common/percent.ts";
import { secret } from "../common/secret.ts";
import { isEmptyField, placeholderIn, unfilled } from "./placeholders.ts";

type Named = { name: string; text: string };

/** The variable in lower or upper case, where it is set. */
const find = (env: NodeJS.ProcessEnv, upper: string): Named | undefined =>
  [upper.toLowerCase(), upper]
    .map((name) => ({ name, text: env[name]?.trim() ?? "" }))
    .find(({ text }) => text !== "" && !isEmptyField(text));

const isDecodable = (text: string): boolean => decoded(text) !== undefined;

const problemWith = (url: URL | undefined): string | undefined => {
  // The URL parser takes almost any character in a host name, those of a placeholder too.
  if (url === undefined || !/^https?:$/.test(url.protocol) || !/^[\w.:[\]-]+$/.test(url.hostname))
    return "must be an http or https proxy like http://proxy.example:3128";
  return isDecodable(url.username) && isDecodable(url.password)
    ? undefined
    : "has a % in its user name or password, which must be written as %25";
};

/** What is known of a proxy. A message shows nothing of its text, which may have a password. */
const toProxy = ({ name, text }: Named): ProxySetting => {
  const placeholder = placeholderIn(text, false);
  if (placeholder !== undefined) return { unusable: unfilled(name, placeholder) };
  // Other programs take `proxy:3128` for http, too.
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const problem = problemWith(URL.canParse(url) ? new URL(url) : undefined);
  return problem === undefined ? secret(url) : { unusable: `${name} ${problem}` };
};

export const readProxies = (env: NodeJS.ProcessEnv): Proxies | undefined => {
  const http = find(env, "HTTP_PROXY");
  const https = find(env, "HTTPS_PROXY");
  const noProxy = find(env, "NO_PROXY")?.text;
  if (http === undefined && https === undefined) return undefined;
  return {
    ...(http === undefined ? {} : { httpProxy: toProxy(http) }),
    ...(https === undefined ? {} : { httpsProxy: toProxy(https) }),
    ...(noProxy === undefined ? {} : { noProxy }),
  };
};
