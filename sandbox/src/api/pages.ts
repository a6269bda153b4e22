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

/**
 * Creates the page of a list that the call asks for. `filters` are the operation's own parameters: as in the live
 * API, the links repeat them between includeCount and pageNum.
 */
export const createPage = (
  call: Call,
  items: JsonObject[],
  filters: readonly (readonly [string, string])[] = [],
): OperationResult => {
  const { pageNum, itemsPerPage, includeCount } = readPage(call);
  const start = (pageNum - 1) * itemsPerPage;

  const link = (rel: string, page: number): JsonObject => {
    const query = new URLSearchParams({ includeCount: String(includeCount) });
    for (const [name, value] of filters) query.append(name, value);
    query.append("pageNum", String(page));
    query.append("itemsPerPage", String(itemsPerPage));
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
