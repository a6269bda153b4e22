/** Does `work` for each item, at most `most` at a time. The results are in the order of the items. */
export const sideBySide = async <T, R>(
  items: readonly T[],
  most: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> => {
  const results: R[] = [];
  // One iterator for all, so that each takes the next item.
  const entries = items.entries();
  const takeAll = async () => {
    for (const [index, item] of entries) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, takeAll));
  return results;
};
