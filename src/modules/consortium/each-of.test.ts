import { describe, expect, test } from 'vitest';
import { eachOf } from './each-of.ts';

describe('eachOf', () => {
  test('gives results in the order of the items with at most so many under way', async () => {
    let underWay = 0;
    let most = 0;
    const results = await eachOf([5, 1, 4, 2, 3], 2, async (item) => {
      underWay += 1;
      most = Math.max(most, underWay);
      for (let turn = 0; turn < item; turn += 1) await Promise.resolve();
      underWay -= 1;
      return item * 10;
    });
    expect([results, most]).toEqual([[50, 10, 40, 20, 30], 2]);
  });

  test('begins nothing more after a failure', async () => {
    const begun: number[] = [];
    const asked = eachOf([1, 2, 3, 4], 1, async (item) => {
      begun.push(item);
      if (item === 2) throw new Error('no');
    });
    await expect(asked).rejects.toThrow('no');
    expect(begun).toEqual([1, 2]);
  });
});
