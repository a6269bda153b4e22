/** Pages of a list, with their links. */
import type { JsonObject } from "../json.ts";
import type { Call, OperationResult } from "./operation.ts";
import { countParameter, flagParameter } from "./query.ts";

const maxPageNumber = 1_000_000;

type Page = { pageNum: number; itemsPerPage: number; includeCount: boolean };

/** Reads which page the call requests, and refuses invalid values. A create that returns a list calls this first. */
export const readPage = ({ query }: Call): Page => ({
  pageNum: countParameter(query, "pageNum", 1, maxPageNumber),
  itemsPerPage: countParameter(query, "itemsPerPage", 100, 500),
  includeCount: flagParameter(query, "includeCount", true),
});

/** The parameters of a page, which the links state even if the request did not. */
const pageParameters = ["pageNum", "itemsPerPage"];

/**
 * Creates the page of a list that the call asks for. As in the live API, the links repeat the parameters that were
 * sent, and then say which page they lead to (docs/atlas.md#lists).
 */
export const createPage = (call: Call, items: JsonObject[]): OperationResult => {
  const { pageNum, itemsPerPage, includeCount } = readPage(call);
  const start = (pageNum - 1) * itemsPerPage;
  const sent = [...call.query].filter(([name]) => !pageParameters.includes(name));

  const link = (rel: "previous" | "self" | "next", page: number): JsonObject => {
    // As seen: only `next` has the two the other way round.
    const names = rel === "next" ? ["itemsPerPage", "pageNum"] : pageParameters;
    const query = new URLSearchParams(sent);
    for (const name of names) query.append(name, `${name === "pageNum" ? page : itemsPerPage}`);
    return { href: `${call.origin}${call.path}?${query}`, rel };
  };

  return {
    status: 200,
    list: true,
    body: {
      links: [
        ...(pageNum > 1 ? [link("previous", pageNum - 1)] : []),
        link("self", pageNum),
        ...(start + itemsPerPage < items.length ? [link("next", pageNum + 1)] : []),
      ],
      results: items.slice(start, start + itemsPerPage),
      ...(includeCount ? { totalCount: items.length } : {}),
    },
  };
};
