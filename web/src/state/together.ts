import type { Asked } from './use-request.ts';

/** Several requests as one: there when all are, failed when one is. */
export const together = <Answer>(asked: readonly Asked<Answer>[]): Asked<readonly Answer[]> => {
  const data = asked.map((each) => each.data).filter((each) => each !== undefined);
  return {
    data: data.length === asked.length ? data : undefined,
    error: asked.find(({ error }) => error !== undefined)?.error,
    isLoading: asked.some(({ isLoading }) => isLoading),
    isStale: asked.some(({ isStale }) => isStale),
    reload: () => {
      for (const { reload } of asked) reload();
    },
  };
};
