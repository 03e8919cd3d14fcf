/** The results of `ask` for each item, in the order of the items, with at most `parallel` under way. Rejects as soon as one does; the rest is not begun then. */
export const eachOf = async <T, R>(
  items: readonly T[],
  parallel: number,
  ask: (item: T) => Promise<R>,
): Promise<readonly R[]> => {
  const results: R[] = [];
  const waiting = items.entries();
  let hasFailed = false;
  const work = async (): Promise<void> => {
    for (const [index, item] of waiting) {
      if (hasFailed) return;
      try {
        results[index] = await ask(item);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, items.length) }, work));
  return results;
};
