/** Lists of the Admin API, read whole. */
import type { Page } from "../atlas/resources.ts";

// The most that a page may have (facts 1.4).
const pageSize = 500;

// An end for lists that never tell theirs: far above what an organization may have.
const mostPages = 100;

/** Reads all pages of a list; `totalCount` ends it, and where it is missing a short page does. */
export const allPages = async <T>(
  read: (query: { pageNum: number; itemsPerPage: number }) => Promise<Page<T>>,
): Promise<T[]> => {
  const all: T[] = [];
  for (let pageNum = 1; ; pageNum += 1) {
    const { results, totalCount } = await read({ pageNum, itemsPerPage: pageSize });
    all.push(...results);
    const last = totalCount === undefined ? results.length < pageSize : all.length >= totalCount;
    if (last || results.length === 0 || pageNum === mostPages) return all;
  }
};
