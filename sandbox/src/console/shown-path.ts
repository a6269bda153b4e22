/** The path of a request as the console shows it: only what the API documents, and nothing that gives access to anything. */
import { queryParameters } from "../api/query.ts";
import type { LogEntry } from "../http/request-log.ts";
import { operations } from "../operations.ts";
import { apiPath, otherPaths } from "../routes/paths.ts";
import { masked } from "./masked.ts";

const mostCharacters = 300;

export const shortened = (text: string): string =>
  text.length > mostCharacters ? `${text.slice(0, mostCharacters - 1)}…` : text;

const templates = new Map<string, string>([
  ...operations.map(({ id, path }) => [id, `${apiPath}${path}`] as const),
  ...Object.entries(otherPaths),
]);

const words = [...templates.values()].map((template) => template.split("/"));

/** With the id of an ephemeral cluster anybody gets its connection string. */
const secretParameter = "clusterId";

const fill = (template: string, params: Record<string, string>): string =>
  template.replace(/\{(\w+)\}/g, (_, name: string) =>
    name === secretParameter ? "…" : masked(params[name] ?? ""),
  );

const isParameter = (word: string): boolean => word.startsWith("{");

/** The words of the API that a path begins with. What else is in it may be anything, so `…` stands for it. */
const knownWords = (path: string): string => {
  const shown: string[] = [];
  let fitting = words;
  for (const [index, segment] of path.split("/").entries()) {
    const exact = fitting.filter((template) => template[index] === segment);
    const open = fitting.filter((template) => isParameter(template[index] ?? ""));
    fitting = exact.length > 0 ? exact : open;
    shown.push(exact.length > 0 ? segment : "…");
    if (fitting.length === 0) break;
  }
  return shown.join("/");
};

/** What documented parameters have as their values: words, numbers, names and paths, in any alphabet. */
const isPlain = (value: string): boolean =>
  /^[\p{L}\p{M}\p{N} .,:@&+'(){}/_-]*$/u.test(value) && !/:.*@/.test(value);

const shownQuery = (query: URLSearchParams): string => {
  const documented = [...query].filter(([name]) => queryParameters.includes(name));
  const parts = documented.map(([name, value]) => {
    const shown = masked(value);
    return `${name}=${isPlain(value) ? shown : "…"}`;
  });
  return [...parts, ...(documented.length < query.size ? ["…"] : [])].join("&");
};

/** The target of a request as the router reads it: resolved, and without a fragment. */
const targetOf = (path: string): URL =>
  new URL(path.startsWith("/") ? `http://sandbox.invalid${path}` : path);

/** Path and query of a request, made of the path of its operation. */
export const shownPath = ({ request: { operation, path }, params }: LogEntry): string => {
  const { pathname, searchParams } = targetOf(path);
  const template = templates.get(operation ?? "");
  const place = template === undefined ? knownWords(pathname) : fill(template, params);
  if (searchParams.size === 0) return shortened(place);
  return shortened(`${place}?${template === undefined ? "…" : shownQuery(searchParams)}`);
};
