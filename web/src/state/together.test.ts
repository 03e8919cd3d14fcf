import { describe, expect, test } from 'vitest';
import { ApiError } from '../api/errors.ts';
import { together } from './together.ts';
import type { Asked } from './use-request.ts';

const asked = (part: Partial<Asked<number>>): Asked<number> => ({
  data: undefined,
  error: undefined,
  isLoading: false,
  isStale: false,
  reload: () => undefined,
  ...part,
});

describe('several requests together', () => {
  test('are there when all of them are', () => {
    expect(together([asked({ data: 1 }), asked({ data: 2 })]).data).toEqual([1, 2]);
    expect(together([asked({ data: 1 }), asked({ isLoading: true })])).toMatchObject({
      data: undefined,
      isLoading: true,
    });
  });

  test('have failed when one has, whichever it is', () => {
    const error = new ApiError({ kind: 'broken', status: 500, message: 'No.' });
    for (const place of [0, 1, 2])
      expect(together([0, 1, 2].map((at) => asked(at === place ? { error } : { data: at }))).error).toBe(
        error,
      );
  });

  test('are asked again all at once', () => {
    const again: number[] = [];
    together([1, 2].map((id) => asked({ reload: () => again.push(id) }))).reload();
    expect(again).toEqual([1, 2]);
  });
});
