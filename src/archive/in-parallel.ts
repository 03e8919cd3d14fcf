/** Works on all items, at most `limit` at a time. Rejects with the first error, after the work that is under way has ended. */
export const inParallel = async <T>(
  items: Iterable<T>,
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> => {
  const rest = items[Symbol.iterator]();
  let trouble: { readonly error: unknown } | null = null;
  const worker = async (): Promise<void> => {
    for (let next = rest.next(); next.done !== true && trouble === null; next = rest.next()) {
      try {
        await work(next.value);
      } catch (error) {
        trouble ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  if (trouble !== null) throw (trouble as { readonly error: unknown }).error;
};
